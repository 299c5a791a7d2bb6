"""Places: province, district and tehsil, keyed by code because names repeat. Reference data, open to every caller."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base

PROVINCE, DISTRICT, TEHSIL = 1, 2, 3
"""The levels of a regions file."""


class Region(Base):
    """A province or region (level 1), district (2) or tehsil (3), with the dates between which it is valid."""

    __tablename__ = "region"
    __table_args__ = (
        CheckConstraint("level between 1 and 3", name="level"),
        CheckConstraint("(level = 1) = (parent_id is null)", name="parent"),
        Index(None, "province_id"),
        Index(None, "district_id"),
        Index(None, "parent_id"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    level: Mapped[int] = mapped_column(SmallInteger)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    """The province it lies in; a province names itself. Empty only while a regions file is being loaded."""
    district_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    """The district it lies in; a district names itself, a province has none."""
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
