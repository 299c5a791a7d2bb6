"""Arguments as the planner reads them: their structure is part of the plan, their values are not. For the planner only.

A plan is found by the document and the *shape* of the variables: which fields an input object has, which directions an
order names, what a directive's condition is. Strings, numbers and dates are no part of a shape; they are read from the
variables when the plan is bound (`Leaf.read`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_variable_values,
    is_leaf_type,
    type_from_ast,
)
from graphql import value_from_ast as literal_value

from resolvers.document import InvalidOperation

Variables: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar, an enum value, or a list of them: read from the variables when the plan is bound."""

    read: Callable[[Variables], Any]


@dataclass(frozen=True, slots=True)
class Fields:
    """An input object: its given fields by their name in the schema."""

    type: GraphQLInputObjectType
    given: Mapping[str, "Argument"]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of input objects."""

    items: Sequence["Argument"]


@dataclass(frozen=True, slots=True)
class Null:
    """An explicit null."""


Argument: TypeAlias = Leaf | Fields | Items | Null


def read_arguments(field: GraphQLField, node: FieldNode, variables: Variables) -> dict[str, Argument]:
    """Return the arguments that a field was given, defaults included; one that was left out is not there."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    read: dict[str, Argument] = {}
    for name, argument in field.args.items():
        value = given.get(name)
        if value is not None and not _left_out(value, variables):
            read[name] = _from_ast(argument.type, value, variables)
        elif argument.default_value is not Undefined:
            read[name] = _from_value(argument.type, argument.default_value, _constant(argument.default_value))
    return read


def _constant(value: Any) -> Callable[[Variables], Any]:
    return lambda _: value


def _variable(name: str) -> Callable[[Variables], Any]:
    return lambda given: given.get(name)


def _inside(read: Callable[[Variables], Any], key: Any) -> Callable[[Variables], Any]:
    return lambda given: read(given)[key]


def _left_out(value: ValueNode, variables: Variables) -> bool:
    return isinstance(value, VariableNode) and value.name.value not in variables


def _from_ast(type_: GraphQLInputType, node: ValueNode, variables: Variables) -> Argument:
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if isinstance(node, VariableNode):
        return _from_value(type_, variables[node.name.value], _variable(node.name.value))
    if isinstance(node, NullValueNode):
        return Null()
    if is_leaf_type(get_named_type(type_)):
        return _leaf(type_, node)
    if isinstance(type_, GraphQLList):
        nodes = node.values if isinstance(node, ListValueNode) else [node]
        return Items([_from_ast(type_.of_type, item, variables) for item in nodes])
    assert isinstance(type_, GraphQLInputObjectType)
    assert isinstance(node, ObjectValueNode)
    return Fields(
        type_,
        {
            field.name.value: _from_ast(type_.fields[field.name.value].type, field.value, variables)
            for field in node.fields
            if not _left_out(field.value, variables)
        },
    )


def _leaf(type_: Any, node: ValueNode) -> Leaf:
    """Return a leaf literal, or a list of leaves in which variables may stand."""
    if isinstance(node, ListValueNode):
        item_type = get_nullable_type(type_.of_type)
        readers = [
            _variable(item.name.value) if isinstance(item, VariableNode) else _leaf(item_type, item).read
            for item in node.values
        ]
        return Leaf(lambda given: [read(given) for read in readers])
    return Leaf(_constant(literal_value(node, type_)))


def _from_value(type_: GraphQLInputType, value: Any, read: Callable[[Variables], Any]) -> Argument:
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if value is None:
        return Null()
    if is_leaf_type(get_named_type(type_)):
        return Leaf(read)
    if isinstance(type_, GraphQLList):
        return Items([_from_value(type_.of_type, item, _inside(read, at)) for at, item in enumerate(value)])
    assert isinstance(type_, GraphQLInputObjectType)
    return Fields(
        type_,
        {
            name: _from_value(field.type, value[key], _inside(read, key))
            for name, field in type_.fields.items()
            if (key := field.out_name or name) in value
        },
    )


class VariableReader:
    """Reads the variables of one operation: coerced values, and the shapes on which its plan depends."""

    def __init__(self, schema: GraphQLSchema, node: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = node.variable_definitions or ()
        types = ((d.variable.name.value, type_from_ast(schema, d.type)) for d in self._definitions)
        self._types: dict[str, Any] = dict(types)
        self._plain = {name: _plain_check(type_) for name, type_ in self._types.items()}

    def read(self, given: Mapping[str, Any]) -> tuple[Variables, "Shape"]:
        """Return values and shapes; raise `InvalidOperation` for values that the types do not admit."""
        for name, is_plain in self._plain.items():
            if is_plain is None or name not in given or not is_plain(given[name]):
                return self._coerced(given)
        return given, tuple((name, Ellipsis) for name in self._plain)

    def _coerced(self, given: Mapping[str, Any]) -> tuple[Variables, "Shape"]:
        coerced = get_variable_values(self._schema, self._definitions, dict(given), max_errors=20)
        if isinstance(coerced, list):
            raise InvalidOperation(coerced)
        values = coerced.coerced
        return values, tuple((name, shape_of(self._types[name], value)) for name, value in values.items())


def _plain_check(type_: Any) -> Callable[[Any], bool] | None:
    """Return the test that a value needs no coercion: a string, a number, a list of strings, the bulk of what is asked.

    Everything else, and everything that fails the test, goes through graphql-core, whose errors are the ones to show.
    """
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if type_ is GraphQLString:
        return lambda value: type(value) is str
    if type_ is GraphQLInt:
        return lambda value: type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT
    if isinstance(type_, GraphQLList) and getattr(type_.of_type, "of_type", None) is GraphQLString:
        return lambda value: type(value) is list and set(map(type, value)) <= {str}
    return None


Shape: TypeAlias = Any
"""Hashable; two operations with the same document and the same shapes have the same plan."""


def shape_of(type_: GraphQLInputType, value: Any) -> Shape:
    """Return the part of a variable's value on which a plan depends."""
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if value is None:
        return None
    if isinstance(value, bool | Enum):
        return value
    if isinstance(type_, GraphQLInputObjectType):
        return tuple(_shapes_of_fields(type_, value))
    if isinstance(type_, GraphQLList) and not is_leaf_type(get_named_type(type_)):
        return tuple(shape_of(type_.of_type, item) for item in value)
    return Ellipsis


def _shapes_of_fields(type_: GraphQLInputObjectType, value: Mapping[str, Any]) -> Iterator[tuple[str, Shape]]:
    for name, field in type_.fields.items():
        key = field.out_name or name
        if key in value:
            yield name, shape_of(field.type, value[key])
