"""From a filter to a condition: every field of a filter carries the answer of the field it was derived from."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
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

from domain.determination import Determination
from domain.errors import BadInput
from domain.grant import RowLimit
from domain.person import Person
from domain.region import Region
from resolvers.answer import Group, Special, ToMany, ToOne, Value, answer_of
from resolvers.binding import Parameters, null_refused, required_leaf
from resolvers.inputs import Argument, Fields, Items, Variables
from resolvers.limits import eligible_today, row_limit
from resolvers.source import Rows

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

    def condition(self, rows: Rows, argument: Argument, where: str = "where") -> ColumnElement[bool]:
        """Return the condition that a filter puts on rows; joins to them what it follows."""
        fields = self._given(argument, where)
        return and_(*(self._field(rows, fields, name, f"{where}.{name}") for name in fields.given))

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
        stored = partial(_as_stored, value, name)
        type_ = _comparable(column.type)
        if name == "in":
            return _COMPARE[name](column, self._parameters.values(where, leaf, stored, ARRAY(type_)))
        return _COMPARE[name](column, self._parameters.value(where, leaf, stored, type_))

    def _to_one(self, rows: Rows, relation: ToOne, given: Argument, where: str) -> ColumnElement[bool]:
        other = rows.through(relation)
        return and_(*row_limit(other, self._limit, reached=True), self.condition(other, given, where))

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
            codes = self._parameters.values(where, leaf, str, ARRAY(Text))
            return rows.column(Region.id) == func.any(func.region_ids(codes))
        codes = self._parameters.value(where, leaf, lambda code: [code], ARRAY(Text))
        subject = Determination.person_id if rows.entity is Person else Determination.household_id
        return eligible_today(subject, rows.column(rows.key()), codes)


def _as_stored(value: Value, operator: str, given: Any) -> Any:
    return value.stored(given, operator) if value.stored is not None else given


def _comparable(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type in which a column is compared: a closed vocabulary is text to the database, and a small number
    may be compared with any that GraphQL calls an Int."""
    if isinstance(type_, Enum):
        return Text()
    return Integer() if isinstance(type_, SmallInteger) else type_
