"""Enrols a share of those whom a programme's rules hold eligible, to make a registry for evaluation. The demo calls it.

In a registry of citizens nobody is enrolled by a draw: there the programmes state their own enrolments.
"""

from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Subquery,
    Text,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import BIT

from domain.codes import Decision, EnrolmentStatus
from domain.determination import Determination
from domain.eligibility.determine import determine_households
from domain.enrolment import Enrolment
from domain.errors import BadInput
from domain.grant import today
from domain.person import Person
from domain.programme import Programme, ProgrammeConflict

_DRAWS = 2**32
"""How many different draws there are."""


def enrol_eligible(
    connection: Connection, programme_code: str, *, share: float, since: date, source: str, seed: int
) -> int:
    """Enrol a share (0 to 1) of those eligible today who do not take part yet, and return how many were enrolled.

    Who is drawn depends on the person's identity number, the programme and the seed alone, so the same survey gives the
    same enrolments in any registry; somebody without a number is never drawn. Nobody is enrolled against the table of
    conflicts, whichever programme came first; where a programme serves one person of a household, the first drawn is
    taken. The households concerned are determined anew. Raises `BadInput` for an unknown programme or another share.
    """
    if not 0 <= share <= 1:
        raise BadInput("The share of persons to enrol lies between 0 and 1.")
    programme = connection.scalar(select(Programme.id).where(Programme.code == programme_code))
    if programme is None:
        raise BadInput(f"There is no programme {programme_code}. The query `programmes` lists them.")
    drawn = _drawn(programme, _draw(programme_code, seed), share)
    row = (drawn.c.id, drawn.c.household_id, drawn.c.province_id, drawn.c.district_id)
    enrolment = (
        literal(programme, Integer),
        literal(EnrolmentStatus.ACTIVE.value),
        literal(since, Date),
        literal(source),
    )
    chosen = select(*row, *enrolment).where(or_(drawn.c.place == 1, not_(_serves_one_of_a_household(programme))))
    columns = ["person_id", "household_id", "province_id", "district_id", "programme_id", "status", "since", "source"]
    statement = insert(Enrolment).from_select(columns, chosen).execution_options(preserve_rowcount=True)
    enrolled = connection.execute(statement).rowcount
    touched = select(Enrolment.household_id).where(
        Enrolment.programme_id == programme, Enrolment.since == since, Enrolment.source == source
    )
    determine_households(connection, touched, on=today())
    return enrolled


def _draw(programme_code: str, seed: int) -> ColumnElement[int]:
    """A number below `_DRAWS` that follows from the identity number; a digest, because it is the same everywhere."""
    number = func.coalesce(Person.cnic, Person.bform_no)
    digest = func.md5(literal(f"{seed}:{programme_code}:", Text) + number)
    return cast(cast(literal("x", Text) + func.left(digest, 8), BIT(32)), BigInteger)


def _drawn(programme: int, draw: ColumnElement[int], share: float) -> Subquery:
    """Those who are eligible, free to take part and drawn, with their place among those drawn of the household."""
    place = func.row_number().over(partition_by=Person.household_id, order_by=(draw, Person.id))
    return (
        select(Person.id, Person.household_id, Person.province_id, Person.district_id, place.label("place"))
        .join(Determination, Determination.person_id == Person.id)
        .where(
            Determination.programme_id == programme,
            Determination.decision == Decision.ELIGIBLE,
            Determination.holds_from <= today(),
            Determination.holds_until > today(),
            draw < literal(int(share * _DRAWS), BigInteger),
            not_(_takes_part(programme)),
            not_(_stands_in_conflict(programme)),
        )
        .subquery("drawn")
    )


def _takes_part(programme: int) -> ColumnElement[bool]:
    running = select(1).where(
        Enrolment.person_id == Person.id, Enrolment.programme_id == programme, Enrolment.until.is_(None)
    )
    return exists(running.correlate(Person))


def _stands_in_conflict(programme: int) -> ColumnElement[bool]:
    """Whether the person, or for a conflict of households a member, takes part in an excluding programme."""
    one, other = ProgrammeConflict.programme_id, ProgrammeConflict.excludes_id
    excluding = union(
        select(other.label("programme_id"), ProgrammeConflict.level).where(one == programme, _in_force()),
        select(one.label("programme_id"), ProgrammeConflict.level).where(other == programme, _in_force()),
    ).subquery("excluding")
    running = (
        select(1)
        .join_from(Enrolment, excluding, excluding.c.programme_id == Enrolment.programme_id)
        .where(
            Enrolment.household_id == Person.household_id,
            Enrolment.until.is_(None),
            or_(excluding.c.level == "HOUSEHOLD", Enrolment.person_id == Person.id),
        )
    )
    return exists(running.correlate(Person))


def _serves_one_of_a_household(programme: int) -> ColumnElement[bool]:
    conflict = ProgrammeConflict
    alone = and_(
        conflict.programme_id == programme,
        conflict.excludes_id == programme,
        conflict.level == "HOUSEHOLD",
        _in_force(),
    )
    return exists(select(1).where(alone))


def _in_force() -> ColumnElement[bool]:
    until = func.coalesce(ProgrammeConflict.valid_until, literal(date.max, Date))
    return literal(today(), Date).between(ProgrammeConflict.valid_from, until)
