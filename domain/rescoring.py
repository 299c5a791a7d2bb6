"""Scoring and determining every household anew, after a new scorecard or new rules. For the command `nser rescore`."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from domain.eligibility.determine import determine_households
from domain.grant import today
from domain.household import Household
from domain.scoring.score import score_households


@dataclass(frozen=True, slots=True)
class Rescored:
    """How many households were scored and determinations written."""

    households: int
    determinations: int


def rescore(connection: Connection) -> Rescored:
    """Score every household under the scorecard in force and apply every programme's rules of today.

    Raises `NoScorecard` when none is valid.
    """
    everybody = select(Household.id)
    return Rescored(score_households(connection, everybody), determine_households(connection, everybody, on=today()))
