"""What a document would need: asked only once the visible schema has refused it, to tell the caller which scopes."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
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

Used: TypeAlias = dict[str, Coordinate]
"""The coordinates of a document, by their names."""


class Asked(Protocol):
    """An operation as it was sent."""

    @property
    def query(self) -> str: ...
    @property
    def operation_name(self) -> str | None: ...
    @property
    def variables(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Needs:
    """What a document needs."""

    scopes: list[str]
    """Every scope that it needs, in the catalogue's order."""
    missing: Mapping[str, list[str]]
    """The coordinates that it uses and that are withheld, with the scopes of each."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a grant sees: its bundles and the coordinates of its visible schema."""

    held: frozenset[Bundle]
    visible: Container[str]


def needs_of(full: GraphQLSchema, sight: Sight, asked: Asked, limits: DocumentLimits) -> Needs | None:
    """Return what a document needs beyond what is in sight, or none when more scopes would not help.

    All of its operations count, because one that uses what is withheld makes the whole document invalid.
    """
    used = _used(full, asked, limits)
    needed = {name: _required(used, name, sight) for name in used}
    missing = {name: scopes_in_order(bundles) for name, bundles in needed.items() if not bundles <= sight.held}
    return Needs(scopes_in_order(frozenset().union(*needed.values())), missing) if missing else None


def _used(full: GraphQLSchema, asked: Asked, limits: DocumentLimits) -> Used:
    """Return the coordinates that a document uses, none when the full schema does not admit it either."""
    try:
        document = read_document(full, asked.query, limits)
        operation = document.operation(asked.operation_name)
    except InvalidOperation:
        return {}
    node = operation.node
    variables = get_variable_values(full, node.variable_definitions or (), dict(asked.variables))
    if isinstance(variables, list):
        return {}
    collector = _Collector(full)
    nodes = (*(each.node for each in document.operations), *operation.fragments.values())
    visit(DocumentNode(definitions=nodes), TypeInfoVisitor(collector.type_info, collector))
    for definition in node.variable_definitions or ():
        value = variables.coerced.get(definition.variable.name.value)
        collector.collect_value(type_from_ast(full, definition.type), value)
    return collector.found


def _required(used: Used, name: str, sight: Sight) -> frozenset[Bundle]:
    """Return what a coordinate requires: its own bundles, and what opens one that is withheld although they are held.

    That is so when all of its type is withheld. What opens it is what the document uses of the type, or else the
    first field of it that requires anything.
    """
    own = required_bundles(used[name])
    type_ = get_named_type(used[name].type)
    if name in sight.visible or not own <= sight.held or not isinstance(type_, _COMPOSITE):
        return own
    asked = _asked(used, type_, frozenset())
    return own | (asked or next(filter(None, map(required_bundles, type_.fields.values())), frozenset()))


def _asked(used: Used, type_: GraphQLNamedType, seen: frozenset[str]) -> frozenset[Bundle]:
    """Return what the used fields of a type require, through those that require nothing themselves."""
    if not isinstance(type_, _COMPOSITE) or type_.name in seen:
        return frozenset()
    inner = [field for name, field in type_.fields.items() if f"{type_.name}.{name}" in used]
    seen |= {type_.name}
    return frozenset().union(
        *(required_bundles(field) or _asked(used, get_named_type(field.type), seen) for field in inner)
    )


_COMPOSITE = (GraphQLObjectType, GraphQLInputObjectType)


class _Collector(Visitor):
    """Collects the coordinates of fields, arguments and input fields."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.type_info = TypeInfo(schema)
        self.found: Used = {}

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, field = self.type_info.get_parent_type(), self.type_info.get_field_def()
        if isinstance(parent, GraphQLObjectType) and field is not None and not _is_introspection(node.name.value):
            self.found[f"{parent.name}.{node.name.value}"] = field
            self._arguments(parent, field, node)

    def _arguments(self, parent: GraphQLObjectType, field: GraphQLField, node: FieldNode) -> None:
        for argument in node.arguments or ():
            name = argument.name.value
            self.found[f"{parent.name}.{node.name.value}({name}:)"] = field.args[name]

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        parent = get_named_type(self.type_info.get_parent_input_type())
        assert isinstance(parent, GraphQLInputObjectType)
        self.found[f"{parent.name}.{node.name.value}"] = parent.fields[node.name.value]

    def collect_value(self, type_: Any, value: Any) -> None:
        """Collect the input fields that the value of a variable names."""
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if isinstance(type_, GraphQLList) and isinstance(value, list):
            for item in value:
                self.collect_value(type_.of_type, item)
        if isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
            for name, field, inner in _given(type_, value):
                self.found[f"{type_.name}.{name}"] = field
                self.collect_value(field.type, inner)


def _is_introspection(name: str) -> bool:
    return name.startswith("__")


def _given(type_: GraphQLInputObjectType, value: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name, field in type_.fields.items():
        key = field.out_name or name
        if key in value:
            yield name, field, value[key]
