"""Scorecards and scores. A score is never stored or shown without its scorecard and date. Written by scoring only."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Identity, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Placed
from domain.catalogue import Bundle, attribute

HUNDREDTHS = 100
"""Scores are stored as integer hundredths, because comparing `numeric` is not leakproof under row level security."""


class ScoreBand(StrEnum):
    """The band of a score, poorest first. Its edges are the cut-offs that Pakistani programmes have used:
    16.17 (2010 survey), 32 and 37 (Board of BISP, 23 September 2021), 45 (Punjab Himmat Card)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    UNSCORED = "UNSCORED"


BAND_EDGES = {ScoreBand.A: 1617, ScoreBand.B: 3200, ScoreBand.C: 3700, ScoreBand.D: 4500}
"""The highest score of each band in hundredths; what lies above the last is band E."""

_EDGES_IN_SQL = " ".join(f"when value <= {edge} then '{band.value}'" for band, edge in BAND_EDGES.items())
BAND_IN_SQL = f"case when value is null then 'UNSCORED' {_EDGES_IN_SQL} else 'E' end"
"""The band as an expression over `value`, for the generated column and its index."""

UNSCORED_RANK = 10_001
"""Where a household without a score stands in an order by score: behind 100.00, the highest."""


class Scorecard(Base):
    """A dated formula. Its weights are in `parameters`, which no answer, error or log may contain."""

    __tablename__ = "scorecard"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str]
    version: Mapped[str]
    title: Mapped[str]
    source: Mapped[str]
    """Where the formula comes from, in words for readers."""
    is_demonstration: Mapped[bool]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Score(Placed, Base):
    """The score of a household under the scorecard in force. Every household has exactly one row; a household whose
    answers do not suffice has the value null and the band `UNSCORED`, never a guess."""

    __tablename__ = "score"
    __table_args__ = (
        Index(None, "rank", "household_id"),
        Index("ix_score_district_rank", "district_id", "rank", "household_id"),
        Index("expression_score_band", text(f"({BAND_IN_SQL})"), "household_id"),
    )

    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"), primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id"))
    value: Mapped[int | None] = attribute(
        Bundle.HOUSEHOLD_SCORE,
        "The score from 0 to 100; lower is poorer. Empty when answers are missing.",
        SmallInteger,
    )
    rank: Mapped[int] = attribute(
        Bundle.HOUSEHOLD_SCORE,
        "The place in an order by score.",
        SmallInteger,
        Computed(f"coalesce(value, {UNSCORED_RANK})", persisted=True),
    )
    band: Mapped[str] = attribute(
        Bundle.HOUSEHOLD_BAND,
        "The band of the score, A (poorest) to E, or UNSCORED.",
        Text,
        Computed(BAND_IN_SQL, persisted=False),
        nullable=False,
    )
    scored_at: Mapped[datetime] = attribute(Bundle.HOUSEHOLD_SCORE, "When the score was computed.")
