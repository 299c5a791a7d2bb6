"""From rules to the select that answers them for any number of households. Only `determine` calls it.

`subject` has one row for each person whom the programme may serve, with the state of every condition and the days on
which it changes; `answer` cuts each person's time at those days, so that the answer is constant on every stretch.
"""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Date, Label, Select, and_, case, func, literal, select
from sqlalchemy.dialects.postgresql import array

from domain.eligibility.rule import Criterion, Day, Rules
from domain.household import Household
from domain.person import Person
from domain.score import Score

_COPIED = ("person_id", "household_id", "province_id", "district_id", "surveyed_on")


def answers(rules: Rules, households: Select[UUID], begins: date, ends: date) -> CTE:
    """Return the stretches, between two days, of every person whom the rules serve: `holds_from`, `holds_until`, and
    `met0`, `met1`, … for the rules' conditions, each true, false or null."""
    subject = _subject(rules, households, begins, ends)
    changes = [column for name, column in subject.c.items() if name.startswith(("from", "until"))]
    begin, end = _cut(subject, changes)
    return (
        select(
            *(subject.c[name] for name in _COPIED),
            begin.label("holds_from"),
            end.label("holds_until"),
            *(_met(subject, place, begin).label(f"met{place}") for place in range(len(rules.conditions()))),
        )
        .select_from(subject)
        .where(begin >= subject.c.begins, begin < subject.c.ends)
        .cte("answer")
    )


def _subject(rules: Rules, households: Select[UUID], begins: date, ends: date) -> CTE:
    target = rules.target
    begin = func.greatest(literal(begins, Date), *_given(target.span.begins))
    end = func.least(literal(ends, Date), *_given(target.span.ends))
    return (
        select(
            Person.id.label("person_id"),
            Household.id.label("household_id"),
            Household.province_id,
            Household.district_id,
            Household.surveyed_on,
            begin.label("begins"),
            end.label("ends"),
            *(column for place, each in enumerate(rules.conditions()) for column in _state(each, place)),
        )
        .join_from(Household, Person, Person.household_id == Household.id)
        .outerjoin(Score, Score.household_id == Household.id)
        .where(Household.id.in_(households), target.belongs.is_not(False), begin < end)
        .cte("subject")
    )


def _given(day: Day | None) -> list[Day]:
    return [] if day is None else [day]


def _state(condition: Criterion, place: int) -> list[Label[Any]]:
    """The state of a condition and the days on which it changes it; a condition that never holds changes on none."""
    columns: list[Label[Any]] = [condition.holds.label(f"holds{place}")]
    for name, day in (("from", condition.span.begins), ("until", condition.span.ends)):
        if day is not None:
            columns.append(case((condition.holds.is_not(False), day)).label(f"{name}{place}"))
    return columns


def _cut(subject: CTE, changes: Sequence[ColumnElement[Any]]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return where a stretch begins and ends. Days on which something changes are taken once each."""
    if not changes:
        return subject.c.begins, subject.c.ends
    days = [subject.c.begins, *changes]
    once = [reduce(func.nullif, days[:place], day) for place, day in enumerate(days)]
    begin = func.unnest(array(once), type_=Date).column_valued("day")
    return begin, func.least(subject.c.ends, *(case((day > begin, day)) for day in changes))


def _met(subject: CTE, place: int, day: ColumnElement[Any]) -> ColumnElement[Any]:
    terms: list[ColumnElement[Any]] = [subject.c[f"holds{place}"]]
    if f"from{place}" in subject.c:
        terms.append(func.coalesce(day >= subject.c[f"from{place}"], True))
    if f"until{place}" in subject.c:
        terms.append(func.coalesce(day < subject.c[f"until{place}"], True))
    return and_(*terms)
