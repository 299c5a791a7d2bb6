"""Scores households. Intake, the re-score command and the desk call `score_households`; nothing else writes `score`.

One household and forty million run through the same statement. Points stay in the database: the statement reads them
from the scorecard's row, so they are in no parameter, no log and no error of it.
"""

from datetime import date
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Integer,
    Select,
    Subquery,
    Text,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH, Insert, insert
from sqlalchemy.sql.selectable import CTE

from domain.errors import Refusal
from domain.grant import today
from domain.household import Household
from domain.person import Person
from domain.score import Score, Scorecard
from domain.scoring.features import FEATURES

_EACH_FEATURE = "$.questions[*].feature"
_REPLACED = ("scorecard_id", "value", "province_id", "district_id", "scored_at")


class NoScorecard(Refusal):
    """No scorecard is in force, so nothing can be scored."""

    code = "NO_SCORECARD"


def score_households(connection: Connection, households: Select[UUID], *, on: date | None = None) -> int:
    """Score the given households under the scorecard in force and return how many were scored.

    `households` selects household ids. A household that lacks an answer gets the value null. In force is, of the
    scorecards valid on `on` (today in Pakistan), the one that became valid last; a demonstration only when there is
    no other. Raises `NoScorecard` when none is valid.
    """
    scorecard_id, features = _in_force(connection, on or today())
    statement = _statement(features, households).execution_options(preserve_rowcount=True)
    return connection.execute(statement, {"scorecard_id": scorecard_id}).rowcount


def _in_force(connection: Connection, day: date) -> tuple[int, list[str]]:
    """Return the scorecard's id and the features it asks for, in its order, leaving the points where they are."""
    features = func.jsonb_path_query_array(Scorecard.parameters, cast(_EACH_FEATURE, JSONPATH), type_=JSONB)
    row = connection.execute(
        select(Scorecard.id, features)
        .where(Scorecard.valid_from <= day, or_(Scorecard.valid_until.is_(None), Scorecard.valid_until >= day))
        .order_by(Scorecard.is_demonstration, Scorecard.valid_from.desc(), Scorecard.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NoScorecard(
            f"No scorecard is valid on {day}. Install the demonstration with `nser migrate`, "
            "or load one with `nser scorecard load FILE`."
        )
    return row[0], row[1]


def _statement(features: list[str], households: Select[UUID]) -> Insert:
    answers, card = _answers(features, households), _card(len(features))
    points = reduce(add, [_points(name, answers, card, place) for place, name in enumerate(features)], card.c.constant)
    scored = select(
        answers.c.id,
        answers.c.province_id,
        answers.c.district_id,
        bindparam("scorecard_id", type_=Integer),
        case((answers.c.roster > 0, points)),
        func.now(),
    ).join_from(answers, card, true())
    columns = ["household_id", "province_id", "district_id", "scorecard_id", "value", "scored_at"]
    statement = insert(Score).from_select(columns, scored)
    return statement.on_conflict_do_update(
        index_elements=[Score.household_id], set_={name: statement.excluded[name] for name in _REPLACED}
    )


def _answers(features: list[str], households: Select[UUID]) -> Subquery:
    """One row for each household with the value of each feature, `a0`, `a1`, …"""
    return (
        select(
            Household.id,
            Household.province_id,
            Household.district_id,
            func.count(Person.id).label("roster"),
            *(FEATURES[name].expression.label(f"a{place}") for place, name in enumerate(features)),
        )
        .outerjoin(Person, Person.household_id == Household.id)
        .where(Household.id.in_(households))
        .group_by(Household.id)
        .subquery("answers")
    )


def _card(questions: int) -> CTE:
    """The scorecard in one row: the constant, and for each question its points and the lower bounds of its ranges."""
    question = [Scorecard.parameters["questions"][place] for place in range(questions)]
    return (
        select(
            cast(Scorecard.parameters["constant"], Integer).label("constant"),
            *(each["points"].label(f"p{place}") for place, each in enumerate(question)),
            *(_bounds(each["bounds"]).label(f"b{place}") for place, each in enumerate(question)),
        )
        .where(Scorecard.id == bindparam("scorecard_id", type_=Integer))
        .cte("card")
        .prefix_with("MATERIALIZED")
    )


def _bounds(stored: ColumnElement[Any]) -> ColumnElement[Any]:
    numbers = select(cast(func.jsonb_array_elements_text(stored), Double)).correlate(Scorecard).scalar_subquery()
    return func.array(numbers, type_=ARRAY(Double))


def _points(name: str, answers: Subquery, card: CTE, place: int) -> ColumnElement[Any]:
    answer: ColumnElement[Any] = answers.c[f"a{place}"]
    if FEATURES[name].answers is None:
        answer = func.width_bucket(answer, card.c[f"b{place}"])
    return cast(card.c[f"p{place}"][func.lower(cast(answer, Text))], Integer)
