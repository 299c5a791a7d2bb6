"""Writes accepted submissions by COPY, then has them scored and determined, in one transaction. Only intake uses it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Text, Uuid, cast, func, select

from domain.eligibility.determine import determine_households
from domain.intake.copying import copy_lines
from domain.intake.entry import (
    FINDING_LINE,
    HOUSEHOLD_LINE,
    PERSON_LINE,
    SURVEY_LINE,
    Entry,
    copy_line,
    person_values,
)
from domain.intake.many import many_ids
from domain.intake.revision import Revision, revise
from domain.scoring.score import score_households


class Accepted(NamedTuple):
    """A submission that is going in, with the revision that it makes when its household is registered already."""

    entry: Entry
    revision: Revision | None


def write(connection: Connection, accepted: Sequence[Accepted], *, today: date) -> None:
    """Write the submissions, the households' scores and the determinations of today."""
    if not accepted:
        return
    if revisions := [(one.entry, one.revision) for one in accepted if one.revision]:
        revise(connection, revisions)
    new_ids = iter(_new_ids(connection, sum(one.revision is None for one in accepted)))
    ids = [str(one.revision.household_id) if one.revision else next(new_ids) for one in accepted]
    survey_ids = _new_ids(connection, len(accepted))
    copy_lines(connection, "household", ("id", *HOUSEHOLD_LINE), _household_lines(accepted, ids))
    copy_lines(connection, "person", ("household_id", *PERSON_LINE), _person_lines(accepted, ids))
    copy_lines(connection, "survey", ("id", "household_id", *SURVEY_LINE), _survey_lines(accepted, ids, survey_ids))
    copy_lines(connection, "survey_finding", ("survey_id", *FINDING_LINE), _finding_lines(accepted, survey_ids))
    households = select(func.unnest(many_ids(ids), type_=Uuid))
    score_households(connection, households)
    determine_households(connection, households, on=today)


def _new_ids(connection: Connection, number: int) -> list[str]:
    """Return ids, as text, from the one source that all ids of the registry have."""
    ids = select(cast(func.uuidv7(), Text)).select_from(func.generate_series(1, number).alias())
    return list(connection.execute(ids).scalars())


def _household_lines(accepted: Sequence[Accepted], ids: Sequence[str]) -> Iterator[str]:
    for one, household_id in zip(accepted, ids, strict=True):
        if one.revision is None:
            yield f"{household_id}\t{one.entry.household_line}\n"


def _person_lines(accepted: Sequence[Accepted], ids: Sequence[str]) -> Iterator[str]:
    for one, household_id in zip(accepted, ids, strict=True):
        for line in _lines_of_new_persons(one):
            yield f"{household_id}\t{line}\n"


def _lines_of_new_persons(one: Accepted) -> list[str]:
    if one.revision is None:
        return one.entry.person_lines
    place = one.entry.submission.place
    return [copy_line(person_values(person, place)) for person in one.revision.joined]


def _survey_lines(accepted: Sequence[Accepted], ids: Sequence[str], survey_ids: Sequence[str]) -> Iterator[str]:
    for one, household_id, survey_id in zip(accepted, ids, survey_ids, strict=True):
        yield f"{survey_id}\t{household_id}\t{one.entry.survey_line}\n"


def _finding_lines(accepted: Sequence[Accepted], survey_ids: Sequence[str]) -> Iterator[str]:
    for one, survey_id in zip(accepted, survey_ids, strict=True):
        for finding in one.entry.submission.findings:
            yield f"{survey_id}\t{copy_line(finding)}\n"
