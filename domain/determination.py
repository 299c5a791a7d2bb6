"""Determinations: the dated answers of programme rules. Written by `domain.eligibility` only; others look them up."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Placed, coded
from domain.catalogue import Bundle, attribute
from domain.codes import Decision

_READ = Bundle.ELIGIBILITY_READ


class Determination(Placed, Base):
    """What one version of a programme's rules says of a person, or of a household when `person_id` is empty.

    It holds from one date up to, and without, another: a second birthday is known in advance, so the registry need not
    be asked again on that day. The stretches of one subject and programme never overlap. A person outside the group
    that a programme serves (a man, for a programme for mothers) has no determination of it.

    Determinations are written by one statement from the rows that they name, and replaced as a whole with their
    household, to which alone they hold a foreign key: six of them took most of the time of a re-determination.
    """

    __tablename__ = "determination"
    __table_args__ = (
        CheckConstraint("holds_from < holds_until", name="holds"),
        Index(None, "person_id", "programme_id", "holds_from", unique=True),
        Index(None, "household_id", "programme_id"),
        Index(
            "ix_determination_cohort",
            "programme_id",
            "person_id",
            postgresql_where=text("decision = 'ELIGIBLE' and person_id is not null"),
            postgresql_include=["holds_from", "holds_until"],
        ),
        Index(
            "ix_determination_cohort_household",
            "programme_id",
            "household_id",
            postgresql_where=text("decision = 'ELIGIBLE' and person_id is not null"),
            postgresql_include=["person_id", "holds_from", "holds_until"],
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    province_id: Mapped[int] = mapped_column()
    district_id: Mapped[int] = mapped_column()
    person_id: Mapped[UUID | None] = mapped_column()
    programme_id: Mapped[int] = mapped_column()
    rules_id: Mapped[int] = mapped_column()
    decision: Mapped[Decision] = attribute(_READ, "The answer of the rules.", coded(Decision))
    reasons: Mapped[list[str]] = attribute(
        _READ, "The code of each criterion that is not met or not known; empty when all are met.", ARRAY(Text)
    )
    determined_at: Mapped[datetime] = attribute(_READ, "When the rules were evaluated.")
    data_as_of: Mapped[date] = attribute(_READ, "The date of the survey that the rules read.")
    holds_from: Mapped[date] = mapped_column()
    holds_until: Mapped[date] = mapped_column()
