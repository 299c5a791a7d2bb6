"""Row limits: which rows of which table a grant reaches, on every path. Every table the planner reads passes here.

Under a cohort a person is visible when the cohort's rule holds for her today, a household when one of its members is
visible, an enrolment or a determination when its person is (one about a household, when the household is).
"""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, bindparam, exists, false, func, literal_column, select
from sqlalchemy.orm import aliased

from domain.agreement import TerritoryKind
from domain.base import Base, Placed
from domain.codes import Decision
from domain.determination import Determination
from domain.enrolment import Enrolment
from domain.grant import RowLimit
from domain.household import Household
from domain.person import Person
from domain.programme import Programme, ProgrammeConflict
from domain.region import Region
from domain.score import Scorecard
from resolvers.answer import Column
from resolvers.source import Rows

REFERENCE: tuple[type[Base], ...] = (Programme, ProgrammeConflict, Region, Scorecard)
"""Tables that say nothing about anybody; every caller may read their rows."""


def row_limit(rows: Rows, limit: RowLimit, *, reached: bool = False) -> list[ColumnElement[bool]]:
    """Return the conditions under which rows are visible.

    `reached` says that they hang on a row which is visible already and by that are in the cohort; the territory is
    checked all the same. A table that is neither placed nor reference data has no limit, so it has no rows.
    """
    if rows.entity in REFERENCE:
        return []
    if not issubclass(rows.entity, Placed):
        return [false()]
    conditions = [_in_territory(rows, limit)] if limit.territory is not TerritoryKind.NATIONAL else []
    if issubclass(rows.entity, Determination):
        conditions += holds_today(rows)
    if limit.cohort is not None and not reached:
        conditions.append(_in_cohort(rows))
    return conditions


def _in_territory(rows: Rows, limit: RowLimit) -> ColumnElement[bool]:
    regions = bindparam("grant_regions", type_=ARRAY(Integer))
    placed: Any = rows.alias
    match limit.territory:
        case TerritoryKind.PROVINCES:
            return placed.province_id == func.any(regions)  # type: ignore[no-any-return]
        case TerritoryKind.DISTRICTS:
            return placed.district_id == func.any(regions)  # type: ignore[no-any-return]
        case _:
            return false()


def holds_today(rows: Rows) -> list[ColumnElement[bool]]:
    """Return the condition that a determination holds today; one that does not is nobody's business any more."""
    return [
        rows.column(Determination.holds_from) <= func.current_date(),
        rows.column(Determination.holds_until) > func.current_date(),
    ]


def _in_cohort(rows: Rows) -> ColumnElement[bool]:
    subject, key = _SUBJECTS[rows.entity]
    return _eligible(subject, rows.column(key), _cohort())


def _cohort() -> ColumnElement[int]:
    return bindparam("grant_cohort", type_=Integer)


_SUBJECTS: dict[type[Base], tuple[Column, Column]] = {
    Person: (Determination.person_id, Person.id),
    Household: (Determination.household_id, Household.id),
    Enrolment: (Determination.person_id, Enrolment.person_id),
}
"""For each table under a cohort the column of a determination and its own column that say whom it is about. A table
that is only ever reached from such a row, as determinations are, is not here."""


def eligible_today(
    subject: Column, key: ColumnElement[Any], programmes: ColumnElement[Any], limit: RowLimit
) -> ColumnElement[bool]:
    """Return the condition that the rules of `programmes` hold the subject, or a visible member, eligible today.

    The subject itself is visible already; of the members of a visible household some may lie outside the cohort.
    """
    some_members = subject is Determination.household_id and limit.cohort is not None
    return _eligible(subject, key, programmes, in_cohort=some_members)


def _eligible(
    subject: Column, key: ColumnElement[Any], programme: ColumnElement[Any], *, in_cohort: bool = False
) -> ColumnElement[bool]:
    held = aliased(Determination)
    cohort = [_eligible(Determination.person_id, held.person_id, _cohort())] if in_cohort else []  # type: ignore[arg-type]
    return exists(
        select(1)
        .select_from(held)
        .where(
            getattr(held, subject.key) == key,
            held.programme_id == programme,
            # A literal, not a parameter: the cohort's partial index must match whatever plan PostgreSQL keeps.
            held.decision == literal_column(f"'{Decision.ELIGIBLE.value}'"),
            held.person_id.is_not(None),
            held.holds_from <= func.current_date(),
            held.holds_until > func.current_date(),
            *cohort,
        )
        .correlate_except(held)
    )
