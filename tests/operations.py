"""Hypothesis strategies for operations: valid in a given visible schema, and drawn so that they meet what is stored.

An operation is written from the schema alone: fields, arguments and input types are looked up, none is listed here, so
a coordinate that is added to the schema is asked for from then on. Any value, at any depth, may be a variable.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from hypothesis import strategies as st

from tests.stored_values import StoredValues

T = TypeVar("T")
Path = tuple[str, ...]
Scope = dict[str, tuple[str, str]]
"""The response keys of one object of the answer, with the field and the arguments that each stands for."""

ODD_KEYS = ("o", "k", "i", "position", "c0", "c1", "r0", "page_0", "hit", "select", "_", "Ab", "k" * 63)
"""Response keys that a planner could take for names of its own; none is the name of a field."""
ROOTS = {"persons": 12, "households": 12, "pregnantWomen": 5, "childrenUnderTwo": 5, "trainingCandidates": 5}
ROOTS |= {"crossCheck": 6, "person": 4, "household": 2}
"""Root fields that are asked more often than others, and how often."""
DEPTH, FIELDS = 6, 25
"""How deep objects are nested at most, and after how many fields nothing but leaves is added."""


@dataclass(frozen=True)
class Operation:
    """The text of an operation and two sets of values for its variables. `after` names those that take a cursor."""

    text: str
    variables: Mapping[str, Any]
    again: Mapping[str, Any]
    after: tuple[str, ...]


@st.composite
def operations(draw: st.DrawFn, schema: GraphQLSchema, values: StoredValues) -> Operation:
    """Draw an operation that is valid in `schema`."""
    return _Writer(draw, values).operation(schema)


@st.composite
def conditions(draw: st.DrawFn, filter_: GraphQLInputObjectType, values: StoredValues) -> dict[str, Any]:
    """Draw the value of a `where`."""
    return _Writer(draw, values).filter(filter_, 0)


@st.composite
def orders(draw: st.DrawFn, order: GraphQLInputObjectType) -> list[dict[str, Any]]:
    """Draw the value of an `orderBy`."""
    return _Writer(draw, None).orders(order)


class _Writer:
    """Writes one operation, or the value of one argument."""

    def __init__(self, draw: st.DrawFn, values: StoredValues | None) -> None:
        self._draw = draw
        self._values = values
        self._definitions: list[str] = []
        self._variables: dict[str, Any] = {}
        self._again: dict[str, Any] = {}
        self._after: list[str] = []
        self._fragments: list[tuple[str, str, str]] = []
        self._scopes: dict[Path, Scope] = {}
        self._names = 0
        self._fields = 0

    def operation(self, schema: GraphQLSchema) -> Operation:
        """Write an operation that is valid in `schema`."""
        root = schema.query_type
        assert root is not None
        fields = [name for name in root.fields for _ in range(ROOTS.get(name, 1))]
        chosen = [self._pick(fields) for _ in range(self._pick((1, 1, 1, 2, 3)))]
        parts = [self._field(root, name, (), 0) for name in chosen] + ["__typename"] * self._chance(10)
        head = f"query Q({', '.join(self._definitions)})" if self._definitions else "query"
        body = "\n".join([f"{head} {{ {' '.join(parts)} }}", *(text for _, _, text in self._fragments)])
        return Operation(body, self._variables, self._again, tuple(self._after))

    # Choices

    def _chance(self, percent: int) -> bool:
        return self._draw(st.integers(0, 99)) >= 100 - percent

    def _pick(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))

    def _name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    # Selections

    def _selection(self, type_: GraphQLObjectType, path: Path | None, depth: int) -> str:
        """Write what is selected of an object at `path`; without a path, in a fragment that may be spread anywhere."""
        names = self._names_of(type_, depth)
        parts = [self._field(type_, self._pick(names), path, depth) for _ in range(self._pick((1, 2, 2, 3, 4)))]
        if self._chance(10):
            parts.append("__typename")
        if self._chance(12):
            on = f" on {type_.name}" if self._chance(60) else ""
            parts.append(f"...{on}{self._directive()} {{ {self._field(type_, self._pick(names), path, depth)} }}")
        if self._chance(10):
            parts.append(f"...{self._fragment(type_, depth)}{self._directive()}")
        return " ".join(parts)

    def _names_of(self, type_: GraphQLObjectType, depth: int) -> list[str]:
        """Return the fields to choose from: leaves only, where it is deep enough or enough was written."""
        names = [name for name in type_.fields for _ in range(_WEIGHTS.get(name, 1))]
        if depth < DEPTH and self._fields < FIELDS:
            return names
        leaves = [name for name in names if is_leaf_type(get_named_type(type_.fields[name].type))]
        return leaves or ["__typename"]

    def _fragment(self, type_: GraphQLObjectType, depth: int) -> str:
        known = [name for name, on, _ in self._fragments if on == type_.name]
        if known and self._chance(50):
            return self._pick(known)
        name = self._name("F")
        inner = self._selection(type_, None, max(depth + 1, DEPTH - 1))
        self._fragments.append((name, type_.name, f"fragment {name} on {type_.name} {{ {inner} }}"))
        return name

    def _field(self, parent: GraphQLObjectType, name: str, path: Path | None, depth: int) -> str:
        self._fields += 1
        if name == "__typename":
            return name
        field = parent.fields[name]
        arguments = self._arguments(parent, name, field)
        key = self._key(name, field, arguments, path)
        type_ = get_named_type(field.type)
        inner = ""
        if isinstance(type_, GraphQLObjectType):
            inner = f" {{ {self._selection(type_, None if path is None else (*path, key), depth + 1)} }}"
        alias = "" if key == name else f"{key}: "
        return f"{alias}{name}{arguments}{self._directive()}{inner}"

    def _key(self, name: str, field: GraphQLField, arguments: str, path: Path | None) -> str:
        """Return a response key under which nothing else stands at this place of the answer."""
        if path is None:
            return self._name("f") if field.args else name
        scope = self._scopes.setdefault(path, {})
        plain = name if self._chance(75) else self._pick(ODD_KEYS)
        meant = (name, arguments)
        key = plain if scope.get(plain, meant) == meant else self._name("a")
        scope[key] = meant
        return key

    def _directive(self) -> str:
        if not self._chance(8):
            return ""
        condition = self._pick((True, False))
        written = json.dumps(condition)
        if self._chance(50):
            written = self._variable("Boolean!", condition, not condition, default=self._pick((None, "true", "false")))
        return f" @{self._pick(('skip', 'include'))}(if: {written})"

    # Arguments

    def _arguments(self, parent: GraphQLObjectType, name: str, field: GraphQLField) -> str:
        written = [
            f"{argument}: {self._argument(parent, name, argument, definition)}"
            for argument, definition in field.args.items()
            if is_required_argument(definition) or self._chance(_LIKELY.get(argument, 40))
        ]
        return f"({', '.join(written)})" if written else ""

    def _argument(self, parent: GraphQLObjectType, name: str, argument: str, definition: GraphQLArgument) -> str:
        if argument == "after":
            return self._cursor()
        nullable = not is_required_argument(definition)
        if nullable and self._chance(6):
            return self._variable(str(definition.type).rstrip("!"), _LEFT_OUT, _LEFT_OUT)
        coordinate = f"{parent.name}.{name}({argument}:)"

        def make() -> Any:
            return self._value(coordinate, argument, definition)

        if self._chance(20):
            return self._handed_in(definition.type, make(), make())
        return self._written(definition.type, make())

    def _value(self, coordinate: str, argument: str, definition: GraphQLArgument) -> Any:
        match argument:
            case "first":
                return self._pick((1, 2, 3, 5, 10, 17, 50, 50, 200, 1000) * 6 + (0, 1001, -1))
            case "orderBy":
                return self.orders(get_named_type(definition.type))
            case "where":
                return self.filter(_input_type(definition), 0)
            case _:
                return self._operand(coordinate, definition.type)

    def _cursor(self) -> str:
        """Take a cursor in a variable; it is null until a cursor is known."""
        name = self._variable("String", None, None)
        self._after.append(name[1:])
        return name

    def orders(self, type_: Any) -> list[dict[str, Any]]:
        """Draw an order of one to three keys."""
        return [self._order(type_) for _ in range(self._pick((1, 1, 2, 3)))]

    def _order(self, type_: Any) -> dict[str, Any]:
        name = self._pick(list(type_.fields))
        inner = get_named_type(type_.fields[name].type)
        if isinstance(inner, GraphQLEnumType):
            return {name: self._pick(list(inner.values))}
        return {name: self._order(inner)}

    def _operand(self, coordinate: str, type_: Any) -> Any:
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if isinstance(type_, GraphQLList):
            return [self._operand(coordinate, type_.of_type) for _ in range(self._pick((1, 1, 2, 4)))]
        assert self._values is not None
        return self._pick(self._values.of(coordinate, type_))

    # Filters

    def filter(self, type_: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        """Draw a filter that selects something more often than not."""
        flat = [name for name in type_.fields if name not in _NESTED]
        onward = [name for name in type_.fields if name not in ("and", "or", "not")]
        allowed = list(type_.fields) if depth < 4 else flat or onward
        names = [name for name in allowed for _ in range(4 if name in _TELLING else 1)]
        return {
            name: self._filter_value(type_, name, depth)
            for name in dict.fromkeys(self._pick(names) for _ in range(self._pick((1, 1, 2))))
        }

    def _filter_value(self, type_: GraphQLInputObjectType, name: str, depth: int) -> Any:
        field = type_.fields[name]
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLInputObjectType):
            return self._operand(f"{type_.name}.{name}", field.type)
        if isinstance(field.type, GraphQLList):
            return [self.filter(inner, depth + 1) for _ in range(self._pick((1, 2, 2)))]
        if "eq" in inner.fields:
            return self._operators(f"{type_.name}.{name}", inner)
        return self.filter(inner, depth + 1)

    def _operators(self, coordinate: str, type_: GraphQLInputObjectType) -> dict[str, Any]:
        names = [name for name in type_.fields if name != "isNull"] * 3 + ["isNull"]
        return {name: self._operand_of(coordinate, type_.fields[name], name) for name in self._chosen(names)}

    def _chosen(self, names: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(self._pick(names) for _ in range(self._pick((1, 1, 1, 2)))))

    def _operand_of(self, coordinate: str, field: GraphQLInputField, operator: str) -> Any:
        return self._operand("isNull" if operator == "isNull" else coordinate, field.type)

    # Values, written or handed in

    def _written(self, type_: Any, value: Any) -> str:
        """Write a value as a literal in which any part may be a variable, or as a variable as a whole."""
        if self._chance(12):
            return self._handed_in(type_, value, self._another(type_, value))
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if isinstance(type_, GraphQLList):
            if len(value) == 1 and self._chance(20):
                return self._literal(type_.of_type, value[0])
            return f"[{', '.join(self._written(type_.of_type, item) for item in value)}]"
        if isinstance(type_, GraphQLInputObjectType):
            return self._written_object(type_, value)
        return self._literal(type_, value)

    def _written_object(self, type_: GraphQLInputObjectType, value: Mapping[str, Any]) -> str:
        fields = [f"{name}: {self._written(type_.fields[name].type, inner)}" for name, inner in value.items()]
        if self._chance(4) and "Order" not in type_.name:
            name = self._pick([name for name in type_.fields if name not in value] or [""])
            fields += [f"{name}: {self._variable(str(type_.fields[name].type), _LEFT_OUT, _LEFT_OUT)}"] if name else []
        return f"{{{', '.join(fields)}}}"

    def _another(self, type_: Any, value: Any) -> Any:
        """Return another value of the types whose values a plan depends on."""
        if isinstance(value, bool):
            return not value
        named = get_named_type(type_)
        return self._pick(list(named.values)) if isinstance(named, GraphQLEnumType) else value

    def _handed_in(self, type_: Any, value: Any, again: Any) -> str:
        needed = isinstance(type_, GraphQLNonNull)
        if needed and self._chance(25):
            return self._variable(str(type_)[:-1], _LEFT_OUT, again, default=self._literal(type_, value))
        if not needed and self._chance(30):
            return self._variable(f"{type_}!", value, again)
        alone = isinstance(value, list) and len(value) == 1 and self._chance(20)
        missing = not needed and self._chance(15)
        return self._variable(
            str(type_), value[0] if alone else value, self._pick((_LEFT_OUT, None)) if missing else again
        )

    def _variable(self, type_: str, value: Any, again: Any, *, default: str | None = None) -> str:
        name = self._name("v")
        self._definitions.append(f"${name}: {type_}" + (f" = {default}" if default is not None else ""))
        for values, given in ((self._variables, value), (self._again, again)):
            if given is not _LEFT_OUT:
                values[name] = given
        return f"${name}"

    def _literal(self, type_: Any, value: Any) -> str:
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if isinstance(value, list):
            item = type_.of_type if isinstance(type_, GraphQLList) else type_
            return f"[{', '.join(self._literal(item, inner) for inner in value)}]"
        if isinstance(value, dict):
            named = get_named_type(type_)
            return f"{{{', '.join(f'{k}: {self._literal(named.fields[k].type, v)}' for k, v in value.items())}}}"
        return str(value) if isinstance(get_named_type(type_), GraphQLEnumType) else json.dumps(value)


def _input_type(definition: GraphQLArgument) -> GraphQLInputObjectType:
    type_ = get_named_type(definition.type)
    assert isinstance(type_, GraphQLInputObjectType)
    return type_


_WEIGHTS = {"edges": 5, "node": 8, "cursor": 2, "endCursor": 2, "household": 5, "members": 12, "determinations": 3}
_WEIGHTS |= {"enrolments": 3, "personEnrolments": 3, "householdEnrolments": 3, "conflicts": 4, "coordinates": 0}
"""How often a field is chosen against others of its object: what leads to rows more often than what does not."""
_LIKELY = {"where": 50, "orderBy": 40, "first": 60, "after": 30}
"""How likely an argument is given, in percent."""
_NESTED = ("and", "or", "not", "members", "household", "determinations", "enrolments", "parent")
"""Fields of a filter by which it nests."""
_TELLING = ("members", "household", "determinations", "enrolments", "isEligibleFor", "region", "within", "score", "not")
"""Fields of a filter that are chosen more often than others."""
_LEFT_OUT = object()
"""The value of a variable that is declared and not given."""
