"""The registrant as partners see her or him."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import determination as determinations
from domain import enrolment as enrolments
from domain import household as households
from domain import person as model
from domain.age import completed_months
from domain.catalogue import Bundle
from domain.codes import (
    DisabilityDomain,
    DisabilitySeverity,
    EducationLevel,
    EmploymentStatus,
    MaritalStatus,
    RelationToHead,
    RosterField,
    Sex,
    VerificationStatus,
)
from resolvers.answer import Special, ToMany
from resolvers.stored import stored_id, stored_number
from schema.declare import derived, group, planned, shared, to_one, unplanned
from schema.determination import Determination
from schema.enrolment import Enrolment

if TYPE_CHECKING:
    from schema.household import Household


@strawberry.type(description="Education and school attendance.")
class Education:
    """The answers about education; empty means not answered."""

    level: EducationLevel | None = shared(model.Person.education_level)
    attending_school: bool | None = shared(model.Person.attending_school)


@strawberry.type(description="Employment and occupation.")
class Employment:
    """The answers about work; empty means not answered."""

    status: EmploymentStatus | None = shared(model.Person.employment_status)
    occupation: str | None = shared(model.Person.occupation)


@strawberry.type(description="The gravest functional limitation (Washington Group).")
class Disability:
    """The answers about functional limitations; empty means none was stated."""

    domain: DisabilityDomain | None = shared(model.Person.disability_domain)
    severity: DisabilitySeverity | None = shared(model.Person.disability_severity)


@strawberry.type(description="What NADRA said of the person's number.")
class Verification:
    """The result of the check of the five roster fields against NADRA."""

    status: VerificationStatus = shared(model.Person.verification_status)
    checked_on: date | None = shared(model.Person.verification_checked_on)
    mismatches: list[RosterField] = shared(model.Person.verification_mismatches)


def _determinations(programme: str | None = strawberry.UNSET) -> list[Determination]:
    unplanned()


def _enrolments(programme: str | None = strawberry.UNSET) -> list[Enrolment]:
    unplanned()


@strawberry.type(description="A registrant: a person in the registry.")
class Person:
    """A registrant as the latest survey of the household describes her or him."""

    id: strawberry.ID = shared(model.Person.id, stored=stored_id)
    name: str = shared(model.Person.name)
    cnic: str | None = shared(model.Person.cnic, stored=stored_number)
    bform_no: str | None = shared(model.Person.bform_no, stored=stored_number)
    sex: Sex = shared(model.Person.sex)
    birth_date: date = shared(model.Person.birth_date)
    age_years: int = shared(model.PersonAge.age_years)
    age_months: int = derived(
        lambda read: completed_months(read(model.Person.birth_date)),
        "Age in completed months today.",
        Bundle.PERSON_BIRTH,
    )
    marital_status: MaritalStatus | None = shared(model.Person.marital_status)
    relation_to_head: RelationToHead = shared(model.Person.relation_to_head)
    is_pregnant: bool | None = shared(model.Person.is_pregnant)
    expected_delivery: date | None = shared(model.Person.expected_delivery)
    is_lactating: bool | None = shared(model.Person.is_lactating)
    education: Education = group("Education and school attendance.")
    employment: Employment = group("Employment and occupation.")
    disability: Disability = group("The gravest functional limitation.")
    verification: Verification = group("The check against NADRA.")
    household: Annotated["Household", strawberry.lazy("schema.household")] = to_one(
        households.Household, model.Person.household_id, households.Household.id, "The household the person lives in."
    )
    determinations: list[Determination] = planned(
        _determinations,
        ToMany(
            determinations.Determination,
            model.Person.id,
            determinations.Determination.person_id,
            (determinations.Determination.programme_id,),
            own=True,
        ),
        "What programme rules say of the person today.",
        [Bundle.ELIGIBILITY_READ],
    )
    enrolments: list[Enrolment] = planned(
        _enrolments,
        ToMany(
            enrolments.Enrolment,
            model.Person.id,
            enrolments.Enrolment.person_id,
            (enrolments.Enrolment.since, enrolments.Enrolment.id),
            own=True,
        ),
        "The person's enrolments, ended ones included.",
        [Bundle.ENROLMENT_READ],
    )

    special_filters = {
        Special.ELIGIBLE: (
            str,
            "The person is eligible today for the programme of this code.",
            Bundle.ELIGIBILITY_READ,
        ),
    }
