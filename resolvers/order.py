"""From `orderBy` to keys: a total order over columns that are never empty, ended by the row's own number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Enum, Text, and_, cast, func, or_, tuple_
from sqlalchemy.types import TypeEngine

from domain.errors import BadInput
from domain.grant import RowLimit
from resolvers.answer import Column, Group, ToOne, Value, answer_of
from resolvers.binding import Binding, Parameters, null_refused
from resolvers.inputs import Argument, Fields, Items, Leaf, Variables
from resolvers.limits import row_limit
from resolvers.source import Rows

MOST_KEYS = 5
"""How many fields one order may have."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an order."""

    column: Column
    expression: ColumnElement[Any]
    descending: bool

    def sorted(self) -> ColumnElement[Any]:
        """Return the key as ORDER BY takes it."""
        return self.expression.desc() if self.descending else self.expression.asc()

    def follows(self, other: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that a row comes after the place `other` in this key."""
        return self.expression < other if self.descending else self.expression > other


@dataclass(frozen=True, slots=True)
class Order:
    """The keys of an order, the conditions on the rows they are read from, and a name that tells it from others."""

    keys: Sequence[Key]
    conditions: Sequence[ColumnElement[bool]]
    name: str

    def place(self, values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
        """Return the place of a row, given its kept key values, as text for a cursor."""
        return cast(func.json_build_array(*values), Text)

    def after(self, places: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
        """Return the condition that a row comes after a place.

        One comparison of rows where all keys run the same way, which an index answers from the place onwards; else
        the first key bounds the scan and the rest is spelled out.
        """
        if len({key.descending for key in self.keys}) == 1:
            here = tuple_(*(key.expression for key in self.keys))
            there = tuple_(*places)
            return here < there if self.keys[0].descending else here > there
        first, bound = self.keys[0], places[0]
        reachable = first.expression <= bound if first.descending else first.expression >= bound
        return and_(reachable, or_(*(self._after_from(at, places) for at in range(len(self.keys)))))

    def _after_from(self, at: int, places: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
        equal = [key.expression == place for key, place in zip(self.keys[:at], places, strict=False)]
        return and_(*equal, self.keys[at].follows(places[at]))


def read_order(
    rows: Rows, argument: Argument | None, default: Sequence[Column], limit: RowLimit, variables: Variables
) -> Order:
    """Return the order that an argument asks for, or the default one, made total by the row's own number."""
    reader = _Reader(limit, variables)
    keys = [Key(column, rows.column(column), False) for column in default]
    if argument is not None:
        keys = reader.keys(rows, argument)
    own = rows.key()
    ends = [at for at, key in enumerate(keys) if key.column is own]
    if ends:
        keys = keys[: ends[0] + 1]
    else:
        keys.append(Key(own, rows.column(own), keys[-1].descending if keys else False))
    name = ",".join(f"{key.column}{'-' if key.descending else '+'}" for key in keys)
    return Order(keys, reader.conditions, name)


class _Reader:
    def __init__(self, limit: RowLimit, variables: Variables) -> None:
        self._limit = limit
        self._variables = variables
        self.conditions: list[ColumnElement[bool]] = []

    def keys(self, rows: Rows, argument: Argument) -> list[Key]:
        if not isinstance(argument, Items):
            raise null_refused("orderBy")
        if not 1 <= len(argument.items) <= MOST_KEYS:
            raise BadInput(f"orderBy: an order has 1 to {MOST_KEYS} fields.", coordinate="orderBy")
        return [self._key(rows, item, f"orderBy.{at}") for at, item in enumerate(argument.items)]

    def _key(self, rows: Rows, argument: Argument, where: str) -> Key:
        if not isinstance(argument, Fields) or len(argument.given) != 1:
            raise BadInput(
                f"{where}: name exactly one field an object, so that it is clear which comes first.", coordinate=where
            )
        (name, given), *_ = argument.given.items()
        match answer_of(argument.type.fields[name]):
            case Value() as value:
                return self._leaf(rows, value, given, f"{where}.{name}")
            case Group():
                return self._key(rows, given, f"{where}.{name}")
            case relation:
                assert isinstance(relation, ToOne), f"{name} is declared in an order and cannot be ordered by"
                other = rows.through(relation)
                self.conditions += row_limit(other, self._limit, reached=True)
                return self._key(other, given, f"{where}.{name}")

    def _leaf(self, rows: Rows, value: Value, given: Argument, where: str) -> Key:
        if not isinstance(given, Leaf):
            raise null_refused(where)
        column = value.order or value.column
        return Key(column, rows.column(column), given.read(self._variables).value == "DESC")


def bind_place(order: Order, leaf: Leaf, parameters: Parameters) -> list[ColumnElement[Any]]:
    """Return the parameters that hold the key values of the cursor `leaf`."""
    name = order.name
    width = len(order.keys)

    def opened(binding: Binding) -> Sequence[Any]:
        cursor = leaf.read(binding.variables)
        if (name, cursor) not in binding.cursors:
            values = binding.cursor_key.open(cursor, name, binding.client_id)
            assert len(values) == width, "a sealed cursor of this order has another number of keys"
            binding.cursors[name, cursor] = values
        return binding.cursors[name, cursor]

    def at(place: int, key: Key) -> ColumnElement[Any]:
        read = _reader(key)
        return parameters.bind(lambda binding: read(opened(binding)[place]), _type(key))

    return [at(place, key) for place, key in enumerate(order.keys)]


def _type(key: Key) -> TypeEngine[Any]:
    type_ = key.expression.type
    return Text() if isinstance(type_, Enum) else type_


def _reader(key: Key) -> Any:
    """Return what turns a key's JSON value back into the value of its column."""
    python = _type(key).python_type
    return {date: date.fromisoformat, datetime: datetime.fromisoformat, UUID: UUID}.get(python, python)
