"""Holds a batch of submissions to what the registry knows, and decides which of them go in. Only intake uses it.

Submissions are decided in the order of the households file, so of two that claim one identity number the first has it.
Somebody who moves from one surveyed household to another is out of the first before she can be in the second: the
household that she left comes earlier in the file, or in an earlier load.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, any_, func, or_, select

from domain.household import Household, Survey
from domain.intake.entry import Entry
from domain.intake.fault import Fault
from domain.intake.many import many_texts
from domain.intake.revision import Revision, match_rosters
from domain.intake.write import Accepted
from domain.person import Person


@dataclass(slots=True)
class Decision:
    """What becomes of the submissions of a batch, by form number."""

    accepted: list[Accepted] = field(default_factory=list)
    unchanged: set[str] = field(default_factory=set)
    rejected: dict[str, list[Fault]] = field(default_factory=dict)
    claims: dict[str, str | None] = field(default_factory=dict)
    """The form number of the household in which an identity number lives by this decision, `None` when it is free."""


class _Known(NamedTuple):
    """A household that is registered."""

    household_id: UUID
    surveyed_on: date
    digests: list[bytes]
    """Of every submission about it that was ever accepted."""


def decide(connection: Connection, entries: Sequence[Entry], under_way: Sequence[Decision]) -> Decision:
    """Return what becomes of each submission.

    `under_way` are the decisions of earlier batches, in their order, that the connection may not see yet because they
    are still being written.
    """
    known = _known(connection, [entry.form_no for entry in entries])
    decision = Decision(unchanged={entry.form_no for entry in entries if _is_received(entry, known)})
    waiting = [entry for entry in entries if entry.form_no not in decision.unchanged]
    ids = {entry.form_no: known[entry.form_no].household_id for entry in waiting if entry.form_no in known}
    revisions = match_rosters(connection, [entry for entry in waiting if entry.form_no in ids], ids)
    owners = _owners(connection, waiting)
    for earlier in under_way:
        owners.update(earlier.claims)
    for entry in waiting:
        revision = revisions.get(entry.form_no)
        faults = [*_faults_of_age(entry, known), *_faults_of_drop(entry, revision), *_faults_of_claims(entry, owners)]
        if faults:
            decision.rejected[entry.form_no] = faults
            continue
        claims = _claims(entry, revision)
        owners.update(claims)
        decision.claims.update(claims)
        decision.accepted.append(Accepted(entry, revision))
    return decision


def _known(connection: Connection, form_numbers: list[str]) -> dict[str, _Known]:
    rows = connection.execute(
        select(Household.form_no, Household.id, Household.surveyed_on, func.array_agg(Survey.digest))
        .join(Survey, Survey.household_id == Household.id)
        .where(Household.form_no == any_(many_texts(form_numbers)))
        .group_by(Household.id)
    )
    return {form_no: _Known._make(known) for form_no, *known in rows}


def _is_received(entry: Entry, known: dict[str, _Known]) -> bool:
    """Tell whether these very answers were accepted before; they may have been superseded since, which is no news."""
    return entry.form_no in known and entry.digest in known[entry.form_no].digests


def _owners(connection: Connection, entries: Iterable[Entry]) -> dict[str, str | None]:
    """Return the form number of the household in which each of the submissions' identity numbers lives now."""
    numbers = any_(many_texts(number for entry in entries for number in entry.numbers))
    rows = connection.execute(
        select(Person.cnic, Person.bform_no, Household.form_no)
        .join(Household, Household.id == Person.household_id)
        .where(or_(Person.cnic == numbers, Person.bform_no == numbers))
    )
    return {number: form_no for *registered, form_no in rows for number in registered if number}


def _faults_of_age(entry: Entry, known: dict[str, _Known]) -> list[Fault]:
    """An older survey that arrives late must not undo a newer one."""
    registered, line = known.get(entry.form_no), entry.submission.line
    if registered is None or registered.surveyed_on <= entry.submission.household.surveyed_on:
        return []
    reason = "Leave it out: a more recent survey of this household has been accepted. Otherwise correct surveyed_on."
    return [Fault("households", line, "surveyed_on", "date", "SURVEY_SUPERSEDED", reason)]


def _faults_of_drop(entry: Entry, revision: Revision | None) -> list[Fault]:
    if revision is None or not revision.drops_somebody_on_record:
        return []
    reason = (
        "Keep every member who has an enrolment or an exclusion on record, with the identity number unchanged, "
        "or have the programme end the enrolment under another household first."
    )
    return [Fault("households", entry.submission.line, "form_no", "form number", "MEMBER_ON_RECORD", reason)]


def _faults_of_claims(entry: Entry, owners: dict[str, str | None]) -> list[Fault]:
    if all((owners.get(number) or entry.form_no) == entry.form_no for number in entry.numbers):
        return []
    reason = (
        "Correct the number: another household has it. Of a person who moved, load the household left behind first."
    )
    return [
        Fault("persons", line, column, "13 digits", "NUMBER_ELSEWHERE", reason)
        for line, person in entry.submission.members
        for column, number in (("cnic", person.cnic), ("bform_no", person.bform_no))
        if number and (owners.get(number) or entry.form_no) != entry.form_no
    ]


def _claims(entry: Entry, revision: Revision | None) -> dict[str, str | None]:
    """Return where numbers live once the submission is written: its own there, those it no longer has nowhere."""
    claims: dict[str, str | None] = dict.fromkeys(revision.numbers_before if revision else ())
    claims.update(dict.fromkeys(entry.numbers, entry.form_no))
    return claims
