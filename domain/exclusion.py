"""Hits of exclusion filters: reasons, found in other agencies' files, why a person is set aside from a programme."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base


class ExclusionHit(Base):
    """One match of one versioned filter, on the person or the spouse; it counts until it is overturned."""

    __tablename__ = "exclusion_hit"
    __table_args__ = (
        CheckConstraint("via in ('SELF', 'SPOUSE')", name="via"),
        CheckConstraint("status in ('APPLIED', 'OVERTURNED')", name="status"),
        UniqueConstraint("person_id", "filter", "filter_version", "via"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    filter: Mapped[str]
    filter_version: Mapped[str]
    via: Mapped[str]
    source: Mapped[str]
    evidence_on: Mapped[date]
    status: Mapped[str]
