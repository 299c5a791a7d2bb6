"""The household as it stands, and every submission about it. Read by resolvers/, written by intake only."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Placed, coded
from domain.catalogue import Bundle, attribute
from domain.codes import CookingFuel, Lighting, SurveySource, Tenure, Toilet, WaterSource

_LOCATION, _HOUSING, _ASSETS = Bundle.HOUSEHOLD_LOCATION, Bundle.HOUSEHOLD_HOUSING, Bundle.HOUSEHOLD_ASSETS


class Household(Placed, Base):
    """People who eat from one kitchen under one head, with the answers of their latest survey.

    An empty answer means *not answered*; it is never read as no or as zero.
    """

    __tablename__ = "household"
    __table_args__ = (
        # Every household has its score row, if only to say that it has no score: an order by score loses nobody.
        ForeignKeyConstraint(
            ["id"],
            ["score.household_id"],
            name="fk_household_id_score",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        ForeignKeyConstraint(["province_id"], ["region.id"]),
        ForeignKeyConstraint(["district_id"], ["region.id"]),
        CheckConstraint("size >= 1", name="size"),
        CheckConstraint("monthly_income >= 0", name="monthly_income"),
        CheckConstraint("rooms >= 0", name="rooms"),
        Index(None, "region_id", "id"),
        Index(None, "district_id", "id"),
        Index(None, "registered_on", "id"),
        Index(None, "surveyed_on", "id"),
    )

    id: Mapped[UUID] = attribute(
        Bundle.HOUSEHOLD_READ,
        "The household's number in this registry; it says nothing about the household.",
        primary_key=True,
        server_default=text("uuidv7()"),
    )
    form_no: Mapped[str] = mapped_column(unique=True)
    """The number of the survey form that first registered the household; a re-survey repeats it."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    size: Mapped[int] = attribute(Bundle.HOUSEHOLD_READ, "How many members the roster names.", SmallInteger)
    source: Mapped[SurveySource] = attribute(
        Bundle.HOUSEHOLD_READ, "How the latest survey was collected.", coded(SurveySource)
    )
    registered_on: Mapped[date] = attribute(Bundle.HOUSEHOLD_READ, "The date of the first accepted survey.")
    surveyed_on: Mapped[date] = attribute(Bundle.HOUSEHOLD_READ, "The date of the latest accepted survey.")

    address: Mapped[str | None] = attribute(_LOCATION, "The address as the enumerator wrote it.")
    latitude: Mapped[float | None] = attribute(_LOCATION, "Degrees north (WGS 84).", Double)
    longitude: Mapped[float | None] = attribute(_LOCATION, "Degrees east (WGS 84).", Double)
    mobile: Mapped[str | None] = attribute(Bundle.HOUSEHOLD_CONTACT, "A mobile number in E.164 form, +923XXXXXXXXX.")
    monthly_income: Mapped[int | None] = attribute(
        Bundle.HOUSEHOLD_INCOME, "Stated income of the household in Pakistani rupees a month."
    )

    rooms: Mapped[int | None] = attribute(_HOUSING, "Rooms to live in, without kitchen and stores.", SmallInteger)
    tenure: Mapped[Tenure | None] = attribute(_HOUSING, "On what footing the dwelling is held.", coded(Tenure))
    toilet: Mapped[Toilet | None] = attribute(_HOUSING, "The kind of toilet in use.", coded(Toilet))
    water_source: Mapped[WaterSource | None] = attribute(
        _HOUSING, "The main source of drinking water.", coded(WaterSource)
    )
    cooking_fuel: Mapped[CookingFuel | None] = attribute(_HOUSING, "The main cooking fuel.", coded(CookingFuel))
    lighting: Mapped[Lighting | None] = attribute(_HOUSING, "The main source of light.", coded(Lighting))

    refrigerator: Mapped[bool | None] = attribute(_ASSETS, "Owns a refrigerator.")
    washing_machine: Mapped[bool | None] = attribute(_ASSETS, "Owns a washing machine.")
    air_conditioner: Mapped[bool | None] = attribute(_ASSETS, "Owns an air conditioner.")
    tv: Mapped[bool | None] = attribute(_ASSETS, "Owns a television.")
    cooking_range: Mapped[bool | None] = attribute(_ASSETS, "Owns a cooking range.")
    motorcycle: Mapped[bool | None] = attribute(_ASSETS, "Owns a motorcycle.")
    car: Mapped[bool | None] = attribute(_ASSETS, "Owns a car or another motor vehicle.")
    tractor: Mapped[bool | None] = attribute(_ASSETS, "Owns a tractor.")
    large_livestock: Mapped[int | None] = attribute(_ASSETS, "Head of cattle, buffalo, camels, horses.")
    small_livestock: Mapped[int | None] = attribute(_ASSETS, "Head of goats, sheep, poultry.")
    agricultural_land_acres: Mapped[float | None] = attribute(_ASSETS, "Agricultural land owned, in acres.", Double)


class Survey(Base):
    """One accepted submission about a household, kept for ever as it was received."""

    __tablename__ = "survey"
    __table_args__ = (Index(None, "household_id", "received_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    surveyed_on: Mapped[date]
    source: Mapped[SurveySource] = mapped_column(coded(SurveySource))
    enumerator: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 over the submission's normalised answers: the same answers again change nothing."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The household's answers and, under `persons`, the roster's, as accepted."""


class SurveyFinding(Base):
    """A warning or an information about an accepted submission; it names a place and a code, never a value."""

    __tablename__ = "survey_finding"
    __table_args__ = (
        CheckConstraint("severity in ('WARNING', 'INFORMATION')", name="severity"),
        Index(None, "survey_id"),
        Index(None, "code"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id"))
    line_no: Mapped[int | None]
    """The roster line, empty when the finding is about the household."""
    column: Mapped[str]
    code: Mapped[str]
    severity: Mapped[str]
