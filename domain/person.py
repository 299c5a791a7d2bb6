"""The registrant: a person in the registry. Read by resolvers/, written by intake and verification only."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Placed, coded
from domain.catalogue import Attribute, Bundle, attribute
from domain.codes import (
    DisabilityDomain,
    DisabilitySeverity,
    EducationLevel,
    EmploymentStatus,
    MaritalStatus,
    RelationToHead,
    Sex,
    VerificationStatus,
)

_MATERNAL, _EMPLOYMENT = Bundle.PERSON_MATERNAL, Bundle.PERSON_EMPLOYMENT


class Person(Placed, Base):
    """A registrant, as the latest accepted survey of the household describes her or him."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("line_no >= 1", name="line_no"),
        Index(None, "household_id", "line_no", unique=True),
        Index(None, "district_id", "id"),
        Index(None, "birth_date", "id"),
        Index("ix_person_pregnant", "district_id", "id", postgresql_where=text("is_pregnant")),
    )

    id: Mapped[UUID] = attribute(
        Bundle.PERSON_READ,
        "The registrant's number in this registry; it says nothing about the person.",
        primary_key=True,
        server_default=text("uuidv7()"),
    )
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    line_no: Mapped[int] = mapped_column(SmallInteger)
    """The line of the roster, from 1."""

    name: Mapped[str] = attribute(Bundle.PERSON_IDENTITY, "The name as the enumerator wrote it.")
    cnic: Mapped[str | None] = attribute(
        Bundle.PERSON_IDENTITY, "The CNIC, written #####-#######-#.", unique=True, lookup=True
    )
    bform_no: Mapped[str | None] = attribute(
        Bundle.PERSON_IDENTITY, "The B-Form (CRC) number of a minor, written #####-#######-#.", unique=True, lookup=True
    )
    sex: Mapped[Sex] = attribute(Bundle.PERSON_READ, "The recorded sex.", coded(Sex))
    birth_date: Mapped[date] = attribute(Bundle.PERSON_BIRTH, "The date of birth.")
    relation_to_head: Mapped[RelationToHead] = attribute(
        Bundle.PERSON_READ, "What the person is to the head of the household.", coded(RelationToHead)
    )
    marital_status: Mapped[MaritalStatus | None] = attribute(
        Bundle.PERSON_FAMILY, "The marital status.", coded(MaritalStatus)
    )
    is_pregnant: Mapped[bool | None] = attribute(_MATERNAL, "Whether she was pregnant at the survey.")
    expected_delivery: Mapped[date | None] = attribute(_MATERNAL, "The expected date of delivery.")
    is_lactating: Mapped[bool | None] = attribute(_MATERNAL, "Whether she was breastfeeding at the survey.")
    education_level: Mapped[EducationLevel | None] = attribute(
        Bundle.PERSON_EDUCATION, "The highest level completed.", coded(EducationLevel)
    )
    attending_school: Mapped[bool | None] = attribute(Bundle.PERSON_EDUCATION, "Whether at school or college now.")
    employment_status: Mapped[EmploymentStatus | None] = attribute(
        _EMPLOYMENT, "What the person lives from.", coded(EmploymentStatus)
    )
    elementary_occupation: Mapped[bool | None] = mapped_column()
    """Whether the work is an elementary occupation (ISCO major group 9); read by scorecards, never shared."""
    occupation: Mapped[str | None] = attribute(_EMPLOYMENT, "The occupation in the enumerator's words.")
    disability_domain: Mapped[DisabilityDomain | None] = attribute(
        Bundle.PERSON_DISABILITY, "The domain of the gravest limitation (Washington Group).", coded(DisabilityDomain)
    )
    disability_severity: Mapped[DisabilitySeverity | None] = attribute(
        Bundle.PERSON_DISABILITY, "How much difficulty (Washington Group).", coded(DisabilitySeverity)
    )
    verification_status: Mapped[VerificationStatus] = attribute(
        Bundle.PERSON_VERIFICATION,
        "What NADRA answered about the person's number.",
        coded(VerificationStatus),
        server_default=VerificationStatus.PENDING.value,
    )
    verification_checked_on: Mapped[date | None] = attribute(
        Bundle.PERSON_VERIFICATION, "The date of NADRA's answer; empty while it is pending."
    )
    verification_mismatches: Mapped[list[str]] = attribute(
        Bundle.PERSON_VERIFICATION,
        "The roster fields that differ from NADRA's record.",
        ARRAY(Text),
        server_default=text("'{}'"),
    )


class PersonAge(Base):
    """Age in completed years, today in Pakistan: a view, so that it can be given without the date of birth.

    A grant with `person:read` and without `person:birth` reads this view and never the column behind it. PostgreSQL
    drops the self-join on the key, so the view costs a page nothing.
    """

    __table__ = Table(
        "person_age",
        Base.metadata,
        Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
        Column(
            "age_years",
            Integer,
            nullable=False,
            info={"attribute": Attribute(Bundle.PERSON_READ, "Age in completed years today.")},
        ),
        info={"view": True},
    )

    person_id: Mapped[UUID]
    age_years: Mapped[int]
