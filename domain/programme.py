"""Programmes, their dated rules and the conflicts between them. Reference data, open to every caller."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base


class Programme(Base):
    """A social programme that the registry knows by name; `agency` runs it and states its enrolments."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    agency: Mapped[str]
    unit: Mapped[str]
    """Whom it serves, in words."""


class ProgrammeRules(Base):
    """One dated version of a programme's rules: the thresholds with the source of each."""

    __tablename__ = "programme_rules"
    __table_args__ = (UniqueConstraint("programme_id", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    version: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ProgrammeConflict(Base):
    """Programme A excludes programme B for one person or one household between two dates."""

    __tablename__ = "programme_conflict"
    __table_args__ = (
        CheckConstraint("level in ('PERSON', 'HOUSEHOLD')", name="level"),
        UniqueConstraint("programme_id", "excludes_id", "level", "valid_from"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    excludes_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    level: Mapped[str]
    rule: Mapped[str]
    """The rule in words, with its source."""
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
