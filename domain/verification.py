"""Records what NADRA answered about registrants' numbers. The adapter that asks NADRA calls it; intake never does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    JSON,
    Connection,
    Date,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from domain.codes import RosterField, VerificationStatus
from domain.eligibility.determine import determine_households
from domain.errors import BadInput
from domain.grant import today
from domain.identity import normalise_cnic
from domain.intake.copying import unprepared
from domain.intake.many import many_ids, many_texts
from domain.person import Person

AT_ONCE = 10_000
"""Results of one statement."""


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What NADRA answered about one CNIC or B-Form number."""

    number: str
    status: VerificationStatus
    checked_on: date
    mismatches: frozenset[RosterField] = frozenset()
    """The roster fields that differ from NADRA's record; only a mismatch has any."""


def record_verifications(connection: Connection, results: Iterable[VerificationResult]) -> int:
    """Record NADRA's answers in the connection's transaction, and return for how many persons.

    An answer older than the one on record is passed over, and so is a number that nobody has. The programmes' rules
    read these answers, so the households are determined anew. Raises `BadInput` for an answer that is none.
    """
    recorded = 0
    waiting = iter(results)
    with unprepared(connection):
        while batch := [_row(result) for result in islice(waiting, AT_ONCE)]:
            recorded += _record(connection, batch)
    return recorded


def _row(result: VerificationResult) -> dict[str, Any]:
    number = normalise_cnic(result.number)
    if number is None:
        raise BadInput("A result of NADRA names a number that is not thirteen digits. Check the adapter's answer.")
    if result.status is VerificationStatus.PENDING:
        raise BadInput("PENDING is no answer of NADRA. Leave out the numbers that were not answered.")
    if result.mismatches and result.status is not VerificationStatus.MISMATCH:
        raise BadInput("Only the answer MISMATCH names fields that differ. Check the adapter's answer.")
    mismatches = [field.value for field in RosterField if field in result.mismatches]
    return {
        "number": number,
        "status": result.status.value,
        "checked_on": result.checked_on,
        "mismatches": mismatches,
    }


def _record(connection: Connection, batch: list[dict[str, Any]]) -> int:
    """Record one batch. Of two answers about one number the later counts, of two of one day the one that came last."""
    latest = {row["number"]: row for row in sorted(batch, key=lambda row: row["checked_on"])}
    persons = _persons(connection, list(latest))
    rows = [{"id": person, **latest[number]} for person, number in persons.items()]
    touched = connection.execute(_RECORD, {"rows": orjson.dumps(rows).decode()}).scalars().all()
    households = select(func.unnest(many_ids(touched), type_=Uuid))
    determine_households(connection, households, on=today())
    return len(touched)


def _persons(connection: Connection, numbers: list[str]) -> dict[UUID, str]:
    """Return the persons who have the numbers; of two numbers of one person the CNIC is the one that counts."""
    listed = any_(many_texts(numbers))
    having = select(Person.id, Person.cnic, Person.bform_no).where(
        or_(Person.cnic == listed, Person.bform_no == listed)
    )
    asked = set(numbers)
    return {
        person: number
        for person, *both in connection.execute(having)
        for number in reversed(both)
        if number is not None and number in asked
    }


def _recording() -> ReturningUpdate[UUID]:
    """The statement that records a JSON array of answers and returns the household of each person."""
    answered = (
        func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
        .table_valued(
            column("id", Uuid),
            column("status", Text),
            column("checked_on", Date),
            column("mismatches", JSON),
        )
        .render_derived(name="answered", with_types=True)
    )
    fields = func.json_array_elements_text(answered.c.mismatches).column_valued("field")
    return (
        update(Person)
        .where(
            Person.id == answered.c.id,
            func.coalesce(Person.verification_checked_on, answered.c.checked_on) <= answered.c.checked_on,
        )
        .values(
            verification_status=answered.c.status,
            verification_checked_on=answered.c.checked_on,
            verification_mismatches=func.array(select(fields).scalar_subquery()),
        )
        .returning(Person.household_id)
    )


_RECORD = _recording()
