"""What an operation would need: asked only once the visible schema has refused it, to tell the caller which scopes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    get_variable_values,
    visit,
)

from domain.catalogue import Bundle, scopes_in_order
from resolvers.document import DocumentLimits, InvalidOperation, read_document
from schema.visible import required_bundles


@dataclass(frozen=True, slots=True)
class Needs:
    """The coordinates that an operation uses, with the bundles that each requires."""

    coordinates: Mapping[str, frozenset[Bundle]]

    def scopes(self) -> list[str]:
        """Return every scope that the operation needs."""
        return scopes_in_order(frozenset().union(*self.coordinates.values()))

    def missing(self, held: frozenset[Bundle]) -> dict[str, list[str]]:
        """Return the coordinates that `held` does not give, with the scopes of each."""
        return {name: scopes_in_order(needed) for name, needed in self.coordinates.items() if not needed <= held}


def needs_of(
    full: GraphQLSchema, text: str, operation_name: str | None, given: Mapping[str, Any], limits: DocumentLimits
) -> Needs | None:
    """Return what an operation needs, or none when the full schema does not admit it either."""
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
    whole = DocumentNode(definitions=(node, *operation.fragments.values()))
    visit(whole, TypeInfoVisitor(collector.type_info, collector))
    for name, type_ in collector.variable_types(node).items():
        collector.collect_value(type_, variables.coerced.get(name))
    return Needs(collector.found)


class _Collector(Visitor):
    """Collects the coordinates of fields, arguments and input fields."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self._schema = schema
        self.type_info = TypeInfo(schema)
        self.found: dict[str, frozenset[Bundle]] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, field = self.type_info.get_parent_type(), self.type_info.get_field_def()
        if isinstance(parent, GraphQLObjectType) and field is not None and not node.name.value.startswith("__"):
            self._add(f"{parent.name}.{node.name.value}", field)

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        parent, field, argument = (
            self.type_info.get_parent_type(),
            self.type_info.get_field_def(),
            self.type_info.get_argument(),
        )
        if isinstance(parent, GraphQLObjectType) and field is not None and argument is not None:
            name = next(name for name, known in parent.fields.items() if known is field)
            self._add(f"{parent.name}.{name}({node.name.value}:)", argument)

    def enter_object_field(
        self, node: ObjectFieldNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Node]
    ) -> None:
        parent = get_named_type(self.type_info.get_parent_input_type())
        if isinstance(parent, GraphQLInputObjectType):
            self._add(f"{parent.name}.{node.name.value}", parent.fields[node.name.value])

    def variable_types(self, node: Any) -> dict[str, GraphQLInputType]:
        """Return the types of an operation's variables."""
        from graphql import type_from_ast

        return {d.variable.name.value: type_from_ast(self._schema, d.type) for d in node.variable_definitions or ()}

    def collect_value(self, type_: GraphQLInputType, value: Any) -> None:
        """Collect the input fields that the value of a variable names."""
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if isinstance(type_, GraphQLList) and isinstance(value, list):
            for item in value:
                self.collect_value(type_.of_type, item)
        if isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
            for name, field, inner in _given(type_, value):
                self._add(f"{type_.name}.{name}", field)
                self.collect_value(field.type, inner)

    def _add(self, coordinate: str, definition: Any) -> None:
        self.found[coordinate] = required_bundles(definition) or self._opening(definition)

    def _opening(self, definition: Any) -> frozenset[Bundle]:
        """Return what opens a coordinate that requires nothing itself: what the first field of its type requires.

        A group of attributes is withheld when all of its fields are; they share a bundle, or the first is the widest.
        """
        type_ = get_named_type(definition.type)
        if not isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            return frozenset()
        required = [required_bundles(field) for field in type_.fields.values()]
        return frozenset() if not all(required) else required[0]


def _given(type_: GraphQLInputObjectType, value: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name, field in type_.fields.items():
        key = field.out_name or name
        if key in value:
            yield name, field, value[key]
