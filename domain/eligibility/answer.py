"""From stretches to the rows of `determination`: decisions and reasons. Only `determine` calls it.

A person's rows are the stretches that begin no later than the horizon, with the reasons in the order of the criteria.

A household has one row for a programme when a member belongs to its target group on the day of the determination. It
is `ELIGIBLE` if one of these members is, else `UNKNOWN` if that is the answer for one, else `NOT_ELIGIBLE`; unless it
is eligible its reasons are those of all these members, each once, in alphabetical order. It holds from that day until
the first day on which the answer for any member begins, changes or ends, also beyond the horizon.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    case,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from domain.age import plus_months
from domain.codes import Decision
from domain.eligibility.reason import Reason
from domain.eligibility.rule import Criterion, Rules
from domain.eligibility.stretch import answers
from domain.eligibility.terms import Terms
from domain.eligibility.timeline import Version, Window

COLUMNS = (
    "household_id",
    "province_id",
    "district_id",
    "data_as_of",
    "programme_id",
    "rules_id",
    "determined_at",
    "person_id",
    "holds_from",
    "holds_until",
    "decision",
    "reasons",
)
"""The columns of `determination` in the order of `rows`."""

_Flag = ColumnElement[bool]
_Code = ColumnElement[Any]


def rows(rules: Rules, households: Select[UUID], window: Window, terms: Terms) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the rows of persons and of households under one version of a programme's rules."""
    stretches = answers(rules, households, window.begins, window.ends)
    found = _Found(stretches, rules.conditions(), window.version, terms)
    return union_all(found.of_persons(), found.of_households())


@dataclass(frozen=True, slots=True)
class _Found:
    """The stretches of all persons served, and what is needed to put them into rows."""

    stretches: CTE
    conditions: tuple[Criterion, ...]
    version: Version
    terms: Terms

    def of_persons(self) -> Select[*tuple[Any, ...]]:
        stretch, eligible = self.stretches.c, and_(*self._met())
        horizon = plus_months(literal(self.terms.on, Date), self.terms.integer("horizon_months"))
        return select(
            *self._shared(),
            stretch.person_id,
            stretch.holds_from,
            stretch.holds_until,
            case((eligible, Decision.ELIGIBLE), (not_(eligible), Decision.NOT_ELIGIBLE), else_=Decision.UNKNOWN),
            _listed([_reason(condition, met) for condition, met in zip(self.conditions, self._met(), strict=True)]),
        ).where(stretch.holds_from <= horizon)

    def of_households(self) -> Select[*tuple[Any, ...]]:
        stretch, eligible = self.stretches.c, and_(*self._met())
        today = stretch.holds_from == self.terms.on
        one_is, one_may_be = _any(eligible, today), _any(eligible.is_(None), today)
        until = func.least(
            func.min(stretch.holds_until).filter(today), func.min(stretch.holds_from).filter(not_(today))
        )
        return (
            select(
                *self._shared(),
                null().cast(Uuid),
                literal(self.terms.on, Date),
                until,
                case((one_is, Decision.ELIGIBLE), (one_may_be, Decision.UNKNOWN), else_=Decision.NOT_ELIGIBLE),
                case((one_is, _listed([])), else_=_listed(self._reasons_of_all(today))),
            )
            .group_by(stretch.household_id, stretch.province_id, stretch.district_id, stretch.surveyed_on)
            .having(func.bool_or(today))
        )

    def _met(self) -> list[_Flag]:
        return [self.stretches.c[f"met{place}"] for place in range(len(self.conditions))]

    def _shared(self) -> list[ColumnElement[Any]]:
        """The columns before `person_id`."""
        stretch = self.stretches.c
        of_household = [stretch.household_id, stretch.province_id, stretch.district_id, stretch.surveyed_on]
        of_version = [literal(self.version.programme_id, Integer), literal(self.version.id, Integer)]
        return [*of_household, *of_version, func.now()]

    def _reasons_of_all(self, today: _Flag) -> list[_Code]:
        """The codes found for any member, each null where it was not found, in alphabetical order."""
        found: dict[Reason, list[_Flag]] = {}
        for condition, met in zip(self.conditions, self._met(), strict=True):
            found.setdefault(condition.unmet, []).append(met.is_(False))
            if condition.unknown is not None:
                found.setdefault(condition.unknown, []).append(met.is_(None))
        return [case((_any(or_(*found[code]), today), code.value)) for code in sorted(found)]


def _reason(condition: Criterion, met: _Flag) -> _Code:
    cases = [(not_(met), condition.unmet.value)]
    if condition.unknown is not None:
        cases.append((met.is_(None), condition.unknown.value))
    return case(*cases)


def _listed(codes: list[_Code]) -> ColumnElement[list[str]]:
    """The codes that are not null, as an array."""
    listed: ColumnElement[Any] = array(codes, type_=Text())
    return func.array_remove(listed, null(), type_=ARRAY(Text))


def _any(flag: _Flag, among: _Flag) -> _Flag:
    return func.bool_or(flag).filter(among)
