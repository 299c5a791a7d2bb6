"""Identity numbers to ask with: a few within an agreement's rows, or all. For the sandbox and the demo only."""

from sqlalchemy import ColumnElement, Connection, exists, func, not_, select
from sqlalchemy.orm import Session

from domain.agreement import DataSharingAgreement, TerritoryKind
from domain.codes import Decision
from domain.determination import Determination
from domain.enrolment import Enrolment
from domain.person import Person
from domain.region import Region

_PLACES = {TerritoryKind.PROVINCES: Person.province_id, TerritoryKind.DISTRICTS: Person.district_id}


def numbers_within(session: Session, agreement: DataSharingAgreement, count: int) -> list[str]:
    """Return up to `count` CNICs from the agreement's rows: up to half of enrolled persons, the rest of others."""
    if TerritoryKind(agreement.territory_kind) is TerritoryKind.NONE:
        return []
    enrolled = exists().where(Enrolment.person_id == Person.id, Enrolment.until.is_(None))
    numbers = select(Person.cnic).where(Person.cnic.is_not(None), *_reached(agreement)).order_by(Person.cnic)
    first = session.scalars(numbers.where(enrolled).limit(count - count // 2)).all()
    then = session.scalars(numbers.where(not_(enrolled)).limit(count - len(first))).all()
    return [number for number in (*first, *then) if number]


def every_number(connection: Connection) -> list[str]:
    """Return the number of every person who has one, household by household: the CNIC, or else the B-Form's."""
    number = func.coalesce(Person.cnic, Person.bform_no)
    numbered = select(number).where(number.is_not(None)).order_by(Person.household_id, Person.line_no)
    return list(connection.scalars(numbered))


def _reached(agreement: DataSharingAgreement) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if place := _PLACES.get(TerritoryKind(agreement.territory_kind)):
        conditions.append(place.in_(select(Region.id).where(Region.code.in_(agreement.territory))))
    if agreement.cohort_id is not None:
        eligible = exists().where(
            Determination.person_id == Person.id,
            Determination.programme_id == agreement.cohort_id,
            Determination.decision == Decision.ELIGIBLE,
            Determination.holds_from <= func.current_date(),
            Determination.holds_until > func.current_date(),
        )
        conditions.append(eligible)
    return conditions
