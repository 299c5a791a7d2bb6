"""Where a selection reads its columns: rows of one entity at one place in the statement. For the planner only.

A `Rows` joins what it is asked for and nothing else, so a column that nobody selects, filters or sorts by is in no
statement. A `Kept` reads the same columns from the page that was cut out of them.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, TableClause, column, inspect, table
from sqlalchemy.orm import aliased

from domain.base import Base, Placed
from domain.determination import Determination
from domain.household import Household
from domain.person import Person, PersonAge
from domain.programme import ProgrammeRules
from domain.score import Score
from resolvers.answer import Column, ToOne

_BESIDE: dict[tuple[type[Base], type[Base]], tuple[Column, Column]] = {
    (Household, Score): (Household.id, Score.household_id),
    (Person, PersonAge): (Person.id, PersonAge.person_id),
    (Determination, ProgrammeRules): (Determination.rules_id, ProgrammeRules.id),
}
"""The rows that stand one to one beside another: exactly one, so joining them neither adds nor loses a row."""


class Source(ABC):
    """Something whose columns can be read: the rows themselves, or the page that was cut out of them."""

    entity: type[Base]

    @abstractmethod
    def column(self, wanted: Column) -> ColumnElement[Any]:
        """Return the column of the row at hand, or of the row beside it."""

    @abstractmethod
    def joined(self, answer: ToOne) -> "Source | None":
        """Return the other end of a relation where it is already joined."""


@dataclass(eq=False)
class Rows(Source):
    """The rows of an entity, as a table in a FROM clause of their own."""

    entity: type[Base]
    alias: Any = field(init=False)
    """The entity under the name that it has in the statement."""
    origin: "Rows | None" = None
    """The rows to which these were joined."""
    _key: ColumnElement[Any] | None = None
    _joins: dict[Any, tuple["Rows", ColumnElement[bool], bool]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.alias = aliased(self.entity)

    @classmethod
    def over(cls, entity: type[Base], alias: Any) -> "Rows":
        """Return rows that a surrounding statement has already named."""
        rows = cls(entity)
        rows.alias = alias
        return rows

    def column(self, wanted: Column) -> ColumnElement[Any]:
        mapped: Any = wanted.class_
        holder = self if mapped is self.entity else self._beside(mapped)
        found: ColumnElement[Any] = getattr(holder.alias, wanted.key)
        return found

    def reached_by(self) -> ColumnElement[Any]:
        """Return the column of the rows before by which these were joined; it equals the key of these."""
        assert self._key is not None
        return self._key

    def key(self) -> Column:
        """Return the primary key of the entity."""
        key: Column = getattr(self.entity, str(inspect(self.entity).primary_key[0].key))
        return key

    def joined(self, answer: ToOne) -> "Rows | None":
        join = self._joins.get(answer)
        return join[0] if join and not answer.here.property.columns[0].nullable else None

    def through(self, answer: ToOne) -> "Rows":
        """Return the other end of a relation, joined."""
        if answer not in self._joins:
            # Reference data join outwards: a join that nobody reads from is then dropped by PostgreSQL.
            outer = answer.here.property.columns[0].nullable or not issubclass(answer.entity, Placed)
            self._join(answer, answer.entity, answer.here, answer.there, outer=outer)
        return self._joins[answer][0]

    def _beside(self, entity: type[Base]) -> "Rows":
        if entity not in self._joins:
            self._join(entity, entity, *_BESIDE[self.entity, entity])
        return self._joins[entity][0]

    def _join(self, key: Any, entity: type[Base], here: Column, there: Column, *, outer: bool = False) -> None:
        other = Rows(entity, origin=self, _key=self.column(here))
        self._joins[key] = (other, self.column(here) == other.column(there), outer)

    def from_clause(self) -> FromClause:
        """Return the rows with everything that was joined to them."""
        clause: Any = inspect(self.alias).selectable
        for other, condition, optional in self._all_joins():
            clause = clause.join(inspect(other.alias).selectable, condition, isouter=optional)
        found: FromClause = clause
        return found

    def _all_joins(self) -> list[tuple["Rows", ColumnElement[bool], bool]]:
        return [join for direct in self._joins.values() for join in (direct, *direct[0]._all_joins())]

    def tables(self) -> list[FromClause]:
        """Return the tables of the FROM clause, which no surrounding query provides."""
        return [inspect(rows.alias).selectable for rows in (self, *(join[0] for join in self._all_joins()))]


@dataclass(eq=False)
class Page(Source):
    """A page cut out of rows: it keeps just the columns that are read from it."""

    rows: Rows
    name: str
    table: TableClause = field(init=False)
    kept: dict[str, ColumnElement[Any]] = field(init=False, default_factory=dict)
    _names: dict[Any, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.table = table(self.name)
        self.entity = self.rows.entity

    def column(self, wanted: Column) -> ColumnElement[Any]:
        return self.keep(self.rows.column(wanted), (id(self.rows), wanted))

    def keep(self, expression: ColumnElement[Any], identity: Any) -> ColumnElement[Any]:
        """Keep an expression of the rows in the page and return it as a column of the page."""
        if identity not in self._names:
            name = f"c{len(self._names)}"
            self._names[identity] = name
            self.kept[name] = expression
            self.table.append_column(column(name, expression.type))
        return self.table.c[self._names[identity]]

    def joined(self, answer: ToOne) -> "Source | None":
        other = self.rows.joined(answer)
        return _Beside(self, other) if other is not None else None


@dataclass(eq=False)
class _Beside(Source):
    """The other end of a relation that a page was cut out of together with its rows."""

    page: Page
    rows: Rows

    def __post_init__(self) -> None:
        self.entity = self.rows.entity

    def column(self, wanted: Column) -> ColumnElement[Any]:
        return self.page.keep(self.rows.column(wanted), (id(self.rows), wanted))

    def joined(self, answer: ToOne) -> "Source | None":
        other = self.rows.joined(answer)
        return _Beside(self.page, other) if other is not None else None
