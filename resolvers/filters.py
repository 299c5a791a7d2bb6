"""From a filter to a condition: every field of a filter carries the answer of the field it was derived from."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    Enum,
    Integer,
    SmallInteger,
    Text,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.types import TypeEngine

from domain.base import Placed
from domain.determination import Determination
from domain.errors import BadInput, LimitExceeded
from domain.grant import RowLimit
from domain.person import Person
from domain.region import Region
from resolvers.answer import Group, Special, ToMany, ToOne, Value, answer_of
from resolvers.binding import Parameters, Stored, null_refused, required_leaf
from resolvers.inputs import Argument, Fields, Items, Variables
from resolvers.known import Known
from resolvers.limits import eligible_today, row_limit
from resolvers.source import Rows

MOST_CONDITIONS, DEEPEST_FILTER = 200, 12
"""How many fields the filters of one operation may name, and how deeply one filter may be nested."""

_COMPARE: dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "in": lambda column, values: column == func.any(values),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
}


class Filter:
    """Turns the filters of one statement into conditions."""

    def __init__(self, parameters: Parameters, limit: RowLimit, variables: Variables) -> None:
        self._parameters = parameters
        self._limit = limit
        self._variables = variables
        self._conditions = 0
        self._depth = 0

    def condition(self, rows: Rows, argument: Argument, where: str = "where") -> ColumnElement[bool]:
        """Return the condition that a filter puts on rows; joins to them what it follows."""
        fields = self._given(argument, where)
        with self._counted(fields, where):
            return and_(*(self._field(rows, fields, name, f"{where}.{name}") for name in fields.given))

    @contextlib.contextmanager
    def _counted(self, fields: Fields, where: str) -> Iterator[None]:
        self._conditions += len(fields.given)
        self._depth += 1
        for what, size, most in (
            ("conditions", self._conditions, MOST_CONDITIONS),
            ("levels", self._depth, DEEPEST_FILTER),
        ):
            if size > most:
                raise LimitExceeded(f"{where}: at most {most} {what} of filters are taken.", limit=most)
        yield
        self._depth -= 1

    def _given(self, argument: Argument, where: str) -> Fields:
        if not isinstance(argument, Fields):
            raise null_refused(where)
        if not argument.given:
            raise BadInput(
                f"{where}: an empty filter would select everything. Leave it out if that is meant.", coordinate=where
            )
        return argument

    def _field(self, rows: Rows, fields: Fields, name: str, where: str) -> ColumnElement[bool]:
        given, declared = fields.given[name], fields.type.fields[name]
        match answer_of(declared):
            case Value() as value:
                return self._value(rows, value, given, where)
            case Group():
                return self.condition(rows, given, where)
            case ToOne() as relation:
                return self._to_one(rows, relation, given, where)
            case ToMany() as relation:
                return self._to_many(rows, relation, given, where)
            case Special() as special:
                return self._special(rows, special, given, where)
            case _:
                return self._combined(rows, name, given, where)

    def _combined(self, rows: Rows, name: str, given: Argument, where: str) -> ColumnElement[bool]:
        if name == "not":
            return not_(func.coalesce(self.condition(rows, given, where), False, type_=Boolean))
        if not isinstance(given, Items):
            raise null_refused(where)
        if not given.items:
            raise BadInput(f"{where}: the list is empty. An empty list is never read as all.", coordinate=where)
        combine = {"and": and_, "or": or_}[name]
        return combine(*(self.condition(rows, item, f"{where}.{at}") for at, item in enumerate(given.items)))

    def _value(self, rows: Rows, value: Value, given: Argument, where: str) -> ColumnElement[bool]:
        operators = self._given(given, where)
        column = rows.column(value.column)
        return and_(*(self._operator(column, value, operators, name, f"{where}.{name}") for name in operators.given))

    def _operator(
        self, column: ColumnElement[Any], value: Value, operators: Fields, name: str, where: str
    ) -> ColumnElement[bool]:
        leaf = required_leaf(where, operators.given[name])
        if name == "isNull":
            unanswered = column.is_(None)
            return unanswered if leaf.read(self._variables) else not_(unanswered)
        self._parameters.by_value = True
        stored = _storing(value, name, column.type)
        type_ = _comparable(column.type)
        if name == "in":
            return _COMPARE[name](column, self._parameters.values(where, leaf, stored, ARRAY(type_)))
        return _COMPARE[name](column, self._parameters.value(where, leaf, stored, type_))

    def _to_one(self, rows: Rows, relation: ToOne, given: Argument, where: str) -> ColumnElement[bool]:
        other = rows.through(relation)
        conditions = row_limit(other, self._limit, reached=True)
        if relation.here.property.columns[0].nullable:
            # Where there is no other row, its columns are empty, which is not to be read as "not answered".
            conditions.append(other.column(relation.there).is_not(None))
        return and_(*conditions, self.condition(other, given, where))

    def _to_many(self, rows: Rows, relation: ToMany, given: Argument, where: str) -> ColumnElement[bool]:
        fields = self._given(given, where)
        return and_(
            *(
                self._any(rows, relation, inner, f"{where}.{name}", none=name == "none")
                for name, inner in fields.given.items()
            )
        )

    def _any(self, rows: Rows, relation: ToMany, given: Argument, where: str, *, none: bool) -> ColumnElement[bool]:
        many = Rows(relation.entity)
        conditions = [many.column(relation.there) == rows.column(relation.here)]
        conditions += row_limit(many, self._limit, reached=relation.own)
        if relation.only is not None:
            conditions.append(relation.only(many.column))
        conditions.append(self.condition(many, given, where))
        found = exists(select(1).select_from(many.from_clause()).where(*conditions).correlate_except(*many.tables()))
        return not_(found) if none else found

    def _special(self, rows: Rows, special: Special, given: Argument, where: str) -> ColumnElement[bool]:
        leaf = required_leaf(where, given)
        if special is Special.WITHIN:
            codes = self._parameters.values(where, leaf, None, ARRAY(Text))
            return and_(*_within(rows, self._parameters.known, codes))
        codes = self._parameters.value(where, leaf, lambda code: [code], ARRAY(Text))
        subject = Determination.person_id if rows.entity is Person else Determination.household_id
        return eligible_today(subject, rows.column(rows.key()), self._parameters.known.programmes(codes), self._limit)


def _within(rows: Rows, known: Known, codes: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Return the condition that regions lie within places, and what follows from it for the rows that everything was
    reached from: these carry their district themselves, so that an index finds them."""
    if rows.origin is None:
        return [rows.column(Region.id) == known.regions(codes)]
    first = rows.origin
    conditions = [rows.reached_by() == known.regions(codes)]
    while first.origin is not None:
        first = first.origin
    if issubclass(first.entity, Placed):
        conditions.append(first.alias.district_id == known.districts(codes))
    return conditions


def _storing(value: Value, operator: str, type_: TypeEngine[Any]) -> Stored:
    """Return what turns a value of a filter into the stored one; nothing where they are the same."""
    if value.stored is not None:
        return partial(_with_operator, value.stored, operator)
    return _with_offset if isinstance(type_, DateTime) else None


def _with_operator(stored: Callable[[Any, str], Any], operator: str, given: Any) -> Any:
    return stored(given, operator)


def _with_offset(given: datetime) -> datetime:
    if given.tzinfo is None:
        raise ValueError("a time is written with its distance from UTC, such as 2026-03-01T14:30:00+05:00")
    return given


def _comparable(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type in which a column is compared: a closed vocabulary is text to the database, and a small number
    may be compared with any that GraphQL calls an Int."""
    if isinstance(type_, Enum):
        return Text()
    return Integer() if isinstance(type_, SmallInteger) else type_
