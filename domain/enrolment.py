"""Enrolments: a programme's own statement that a person takes part."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Placed, coded
from domain.catalogue import Bundle, attribute
from domain.codes import EnrolmentStatus

_READ = Bundle.ENROLMENT_READ


class Enrolment(Placed, Base):
    """One person's participation in one programme. It counts as running while its status is active or suspended."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("until is null or since <= until", name="period"),
        CheckConstraint("(status in ('ACTIVE', 'SUSPENDED')) = (until is null)", name="ended"),
        Index(None, "person_id", "programme_id"),
        Index(None, "household_id", "programme_id"),
        Index(
            "uq_enrolment_running",
            "person_id",
            "programme_id",
            unique=True,
            postgresql_where=text("until is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    status: Mapped[EnrolmentStatus] = attribute(_READ, "Where the enrolment stands.", coded(EnrolmentStatus))
    since: Mapped[date] = attribute(_READ, "The first day of the enrolment.")
    until: Mapped[date | None] = attribute(_READ, "The last day, once it has ended or graduated.")
    source: Mapped[str] = attribute(_READ, "Who stated it.")
