"""The cross-check: is this person, or the household, already enrolled elsewhere?"""

from enum import StrEnum

import strawberry

from domain.catalogue import Bundle
from schema.declare import requires
from schema.enrolment import Enrolment
from schema.programme import Programme


@strawberry.enum(description="Whether a number could be looked up.")
class CrossCheckStatus(StrEnum):
    """`NO_VISIBLE_RECORD` says the same of a person who is not registered and of one outside the caller's rows."""

    VISIBLE = "VISIBLE"
    NO_VISIBLE_RECORD = "NO_VISIBLE_RECORD"
    INVALID = "INVALID"


@strawberry.enum(description="Whether a rule looks at the person or at the whole household.")
class ConflictLevel(StrEnum):
    """Whether a rule looks at the person or at the whole household."""

    PERSON = "PERSON"
    HOUSEHOLD = "HOUSEHOLD"


@strawberry.type(description="A dated rule by which a running enrolment excludes a programme.")
class Conflict:
    """Why a programme is closed to the person today."""

    programme: Programme = strawberry.field(
        description="The programme that is closed.", directives=requires(Bundle.ENROLMENT_READ)
    )
    because_of: Programme = strawberry.field(
        description="The programme of the running enrolment that closes it.", directives=requires(Bundle.ENROLMENT_READ)
    )
    level: ConflictLevel = strawberry.field(
        description="Whose enrolment it is: the person's or another member's.",
        directives=requires(Bundle.ENROLMENT_READ),
    )
    rule: str = strawberry.field(description="The rule with its source.", directives=requires(Bundle.ENROLMENT_READ))


@strawberry.type(description="What is known of one number.")
class CrossCheckResult:
    """The answer for one of the numbers, in the order asked."""

    cnic: str = strawberry.field(description="The number as it was asked.", directives=requires(Bundle.LOOKUP_CNIC))
    status: CrossCheckStatus = strawberry.field(
        description="Whether it could be looked up.", directives=requires(Bundle.LOOKUP_CNIC)
    )
    person_enrolments: list[Enrolment] = strawberry.field(
        description="The person's enrolments, ended ones included.", directives=requires(Bundle.ENROLMENT_READ)
    )
    household_enrolments: list[Enrolment] = strawberry.field(
        description="The enrolments of the other members of the household, ended ones included.",
        directives=requires(Bundle.ENROLMENT_READ),
    )
    conflicts: list[Conflict] = strawberry.field(
        description="The programmes closed by running enrolments; of those asked about, where `programmes` was given.",
        directives=requires(Bundle.ENROLMENT_READ),
    )
