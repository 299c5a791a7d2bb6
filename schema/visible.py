"""The visible schema of a grant: the full schema minus every coordinate outside the grant. The first lock.

It is a schema of its own, so parsing, validation, introspection and suggestions know nothing of what was cut: a
withheld coordinate can be neither selected, nor filtered by, nor sorted by, nor guessed. Whether it exists in the full
schema is asked only afterwards, to tell the caller which scopes an operation would need (`schema/scopes.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_required_argument,
)

from domain.catalogue import Bundle
from schema.declare import RequiresScopes

Coordinate = GraphQLField | GraphQLInputField | GraphQLArgument


def required_bundles(coordinate: Coordinate) -> frozenset[Bundle]:
    """Return the bundles that a coordinate's own `@requiresScopes` names."""
    definition = (coordinate.extensions or {}).get("strawberry-definition")
    directives: Iterable[object] = getattr(definition, "directives", None) or ()
    return frozenset(
        Bundle(scope) for directive in directives if isinstance(directive, RequiresScopes) for scope in directive.scopes
    )


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Every coordinate of a schema with the bundles it requires, in the order of the SDL."""

    required: Mapping[str, frozenset[Bundle]]

    @classmethod
    def of(cls, schema: GraphQLSchema) -> "Coordinates":
        """Read the coordinates of `schema`, introspection and operators left out."""
        return cls({name: required_bundles(coordinate) for name, coordinate in _walk(schema)})


def _walk(schema: GraphQLSchema) -> Iterator[tuple[str, Coordinate]]:
    for name, type_ in sorted(schema.type_map.items()):
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            continue
        for field_name, field in type_.fields.items():
            yield f"{name}.{field_name}", field
            if isinstance(field, GraphQLField):
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument


def visible_schema(full: GraphQLSchema, bundles: frozenset[Bundle]) -> GraphQLSchema:
    """Return what `bundles` give of the full schema.

    A type is visible when one of its fields is, a field when the grant holds what it requires and its type is visible.
    A field whose required argument is withheld goes too.
    """
    return _Cut(full, bundles).schema()


class _Cut:
    """One cut of one schema; it lives as long as the cut takes."""

    def __init__(self, full: GraphQLSchema, bundles: frozenset[Bundle]) -> None:
        self._full = full
        self._bundles = bundles
        self._visible = self._visible_types()
        self._made: dict[str, GraphQLNamedType] = {}

    def schema(self) -> GraphQLSchema:
        query = self._full.query_type
        assert query is not None
        return GraphQLSchema(
            query=self._named(query), directives=self._full.directives, description=self._full.description
        )

    def _visible_types(self) -> frozenset[str]:
        """Grow the set of visible types from their leaves until nothing is added."""
        visible = {name for name, type_ in self._full.type_map.items() if isinstance(type_, _LEAVES)}
        composite = [
            t for t in self._full.type_map.values() if isinstance(t, GraphQLObjectType | GraphQLInputObjectType)
        ]
        grown = True
        while grown:
            found = {t.name for t in composite if t.name not in visible and self._any_field(t, visible)}
            visible |= found
            grown = bool(found)
        return frozenset(visible)

    def _any_field(self, type_: GraphQLObjectType | GraphQLInputObjectType, visible: set[str]) -> bool:
        return any(self._holds(field, visible) for field in type_.fields.values())

    def _holds(self, coordinate: Coordinate, visible: Iterable[str]) -> bool:
        if not required_bundles(coordinate) <= self._bundles or get_named_type(coordinate.type).name not in visible:
            return False
        arguments = coordinate.args.values() if isinstance(coordinate, GraphQLField) else ()
        return all(self._holds(argument, visible) for argument in arguments if is_required_argument(argument))

    def _named(self, type_: GraphQLNamedType) -> Any:
        """Return the cut type of this name, made once; its fields are cut when they are first asked for."""
        if isinstance(type_, _LEAVES) or type_.name.startswith("__"):
            return type_
        if type_.name not in self._made:
            self._made[type_.name] = self._make(type_)
        return self._made[type_.name]

    def _make(self, type_: Any) -> GraphQLNamedType:
        config = type_.to_kwargs()
        if isinstance(type_, GraphQLObjectType):
            config["fields"] = lambda: self._fields(type_)
            return GraphQLObjectType(**config)
        config["fields"] = lambda: self._input_fields(type_)
        return GraphQLInputObjectType(**config)

    def _fields(self, type_: GraphQLObjectType) -> dict[str, GraphQLField]:
        return {
            name: GraphQLField(**field.to_kwargs() | {"type_": self._cut(field.type), "args": self._arguments(field)})
            for name, field in type_.fields.items()
            if self._holds(field, self._visible)
        }

    def _arguments(self, field: GraphQLField) -> dict[str, GraphQLArgument]:
        return {
            name: GraphQLArgument(**argument.to_kwargs() | {"type_": self._cut(argument.type)})
            for name, argument in field.args.items()
            if self._holds(argument, self._visible)
        }

    def _input_fields(self, type_: GraphQLInputObjectType) -> dict[str, GraphQLInputField]:
        return {
            name: GraphQLInputField(**field.to_kwargs() | {"type_": self._cut(field.type)})
            for name, field in type_.fields.items()
            if self._holds(field, self._visible)
        }

    def _cut(self, type_: Any) -> Any:
        """Return a type with its wrappers, the named type in them cut."""
        if isinstance(type_, GraphQLNonNull):
            return GraphQLNonNull(self._cut(type_.of_type))
        if isinstance(type_, GraphQLList):
            return GraphQLList(self._cut(type_.of_type))
        return self._named(type_)


_LEAVES = (GraphQLScalarType, GraphQLEnumType)
