"""What a document would need: asked only once the visible schema has refused it, to tell the caller which scopes."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    get_variable_values,
    type_from_ast,
    visit,
)

from domain.catalogue import Bundle, scopes_in_order
from resolvers.document import DocumentLimits, InvalidOperation, read_document
from schema.visible import Coordinate, required_bundles


@dataclass(frozen=True, slots=True)
class Needs:
    """The coordinates that a document uses, with the bundles that each requires."""

    coordinates: Mapping[str, frozenset[Bundle]]

    def scopes(self) -> list[str]:
        """Return every scope that the document needs."""
        return scopes_in_order(frozenset().union(*self.coordinates.values()))

    def missing(self, visible: Container[str]) -> dict[str, list[str]]:
        """Return the coordinates that are not among the visible ones, with the scopes of each."""
        return {name: scopes_in_order(needed) for name, needed in self.coordinates.items() if name not in visible}


def needs_of(
    full: GraphQLSchema, text: str, operation_name: str | None, given: Mapping[str, Any], limits: DocumentLimits
) -> Needs | None:
    """Return what a document needs, or none when the full schema does not admit it either.

    All of its operations count, because one that uses what is withheld makes the whole document invalid.
    """
    try:
        document = read_document(full, text, limits)
        operation = document.operation(operation_name)
    except InvalidOperation:
        return None
    node = operation.node
    variables = get_variable_values(full, node.variable_definitions or (), dict(given))
    if isinstance(variables, list):
        return None
    collector = _Collector(full)
    nodes = (*(each.node for each in document.operations), *operation.fragments.values())
    visit(DocumentNode(definitions=nodes), TypeInfoVisitor(collector.type_info, collector))
    for definition in node.variable_definitions or ():
        collector.collect_value(type_from_ast(full, definition.type), variables.coerced.get(definition.variable.name.value))
    return Needs(collector.needed())


class _Collector(Visitor):
    """Collects the coordinates of fields, arguments and input fields."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.type_info = TypeInfo(schema)
        self._found: dict[str, Coordinate] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, field = self.type_info.get_parent_type(), self.type_info.get_field_def()
        if isinstance(parent, GraphQLObjectType) and field is not None and not _is_introspection(node.name.value):
            self._found[f"{parent.name}.{node.name.value}"] = field
            self._arguments(parent, field, node)

    def _arguments(self, parent: GraphQLObjectType, field: GraphQLField, node: FieldNode) -> None:
        for argument in node.arguments or ():
            name = argument.name.value
            self._found[f"{parent.name}.{node.name.value}({name}:)"] = field.args[name]

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        parent = get_named_type(self.type_info.get_parent_input_type())
        if isinstance(parent, GraphQLInputObjectType):
            self._found[f"{parent.name}.{node.name.value}"] = parent.fields[node.name.value]

    def collect_value(self, type_: Any, value: Any) -> None:
        """Collect the input fields that the value of a variable names."""
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if isinstance(type_, GraphQLList) and isinstance(value, list):
            for item in value:
                self.collect_value(type_.of_type, item)
        if isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
            for name, field, inner in _given(type_, value):
                self._found[f"{type_.name}.{name}"] = field
                self.collect_value(field.type, inner)

    def needed(self) -> dict[str, frozenset[Bundle]]:
        """Return what each coordinate requires."""
        return {name: required_bundles(used) or self._opening(used) for name, used in self._found.items()}

    def _opening(self, used: Coordinate) -> frozenset[Bundle]:
        """Return what opens a coordinate that requires nothing itself, which is withheld when all of its type is.

        It is what the document uses of that type, or else what the first field of the type requires.
        """
        type_ = get_named_type(used.type)
        if not isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            return frozenset()
        required = {name: required_bundles(field) for name, field in type_.fields.items()}
        asked = [bundles for name, bundles in required.items() if f"{type_.name}.{name}" in self._found]
        return frozenset().union(*asked) or next(iter(required.values()))


def _is_introspection(name: str) -> bool:
    return name.startswith("__")


def _given(type_: GraphQLInputObjectType, value: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name, field in type_.fields.items():
        key = field.out_name or name
        if key in value:
            yield name, field, value[key]
