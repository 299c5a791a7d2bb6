"""The closed vocabularies of the registry: every coded answer, decision and status. Anyone may import it.

A code is stored as its upper-case name, which is also its name in the GraphQL schema; the survey file writes
the same word in lower case. The Washington Group's words are kept for disability, NADRA's for verification.
"""

from enum import StrEnum


class Code(StrEnum):
    """A closed vocabulary. The survey file's spelling of a member is its value in lower case."""

    @classmethod
    def from_file(cls, text: str) -> "Code":
        """Return the member that a survey file writes as `text`; raise `ValueError` when there is none."""
        if text != text.lower():
            raise ValueError(text)
        return cls(text.upper())


class SurveySource(Code):
    """How a submission was collected."""

    DOOR_TO_DOOR = "DOOR_TO_DOOR"
    DESK = "DESK"


class Tenure(Code):
    """On what footing the household has its dwelling."""

    OWNED = "OWNED"
    RENTED = "RENTED"
    RENT_FREE = "RENT_FREE"
    OTHER = "OTHER"


class Toilet(Code):
    """The kind of toilet the household uses."""

    FLUSH_SEWER = "FLUSH_SEWER"
    FLUSH_PIT = "FLUSH_PIT"
    FLUSH_OPEN_DRAIN = "FLUSH_OPEN_DRAIN"
    DRY_PIT = "DRY_PIT"
    NONE = "NONE"


class WaterSource(Code):
    """The main source of drinking water."""

    PIPED = "PIPED"
    MOTOR_PUMP = "MOTOR_PUMP"
    HAND_PUMP = "HAND_PUMP"
    CLOSED_WELL = "CLOSED_WELL"
    OPEN_WELL = "OPEN_WELL"
    TANKER = "TANKER"
    OTHER = "OTHER"


class CookingFuel(Code):
    """The main cooking fuel."""

    GAS = "GAS"
    LPG = "LPG"
    FIREWOOD = "FIREWOOD"
    DUNG = "DUNG"
    OTHER = "OTHER"


class Lighting(Code):
    """The main source of light."""

    ELECTRICITY = "ELECTRICITY"
    SOLAR = "SOLAR"
    OTHER = "OTHER"


class Sex(Code):
    """The sex recorded for a registrant; a transgender person's CNIC says so."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    TRANSGENDER = "TRANSGENDER"


class MaritalStatus(Code):
    """Marital status; every member but the first makes a woman *ever married*."""

    NEVER_MARRIED = "NEVER_MARRIED"
    MARRIED = "MARRIED"
    WIDOWED = "WIDOWED"
    DIVORCED = "DIVORCED"
    SEPARATED = "SEPARATED"


class RelationToHead(Code):
    """What a registrant is to the head of the household."""

    HEAD = "HEAD"
    SPOUSE = "SPOUSE"
    SON_DAUGHTER = "SON_DAUGHTER"
    CHILD_IN_LAW = "CHILD_IN_LAW"
    GRANDCHILD = "GRANDCHILD"
    PARENT = "PARENT"
    SIBLING = "SIBLING"
    SIBLING_IN_LAW = "SIBLING_IN_LAW"
    NEPHEW_NIECE = "NEPHEW_NIECE"
    GRANDPARENT = "GRANDPARENT"
    OTHER_RELATIVE = "OTHER_RELATIVE"
    NON_RELATIVE = "NON_RELATIVE"


class EducationLevel(Code):
    """The highest level completed."""

    NONE = "NONE"
    PRIMARY = "PRIMARY"
    MIDDLE = "MIDDLE"
    MATRIC = "MATRIC"
    INTERMEDIATE = "INTERMEDIATE"
    BACHELOR = "BACHELOR"
    POSTGRADUATE = "POSTGRADUATE"


class EmploymentStatus(Code):
    """What a registrant lives from."""

    GOVERNMENT = "GOVERNMENT"
    PRIVATE = "PRIVATE"
    SELF_EMPLOYED = "SELF_EMPLOYED"
    DAILY_WAGE = "DAILY_WAGE"
    UNPAID_FAMILY = "UNPAID_FAMILY"
    UNEMPLOYED = "UNEMPLOYED"
    NOT_IN_LABOUR_FORCE = "NOT_IN_LABOUR_FORCE"


class DisabilityDomain(Code):
    """The functional domain of a limitation (Washington Group short set)."""

    SEEING = "SEEING"
    HEARING = "HEARING"
    WALKING = "WALKING"
    COGNITION = "COGNITION"
    SELF_CARE = "SELF_CARE"
    COMMUNICATION = "COMMUNICATION"


class DisabilitySeverity(Code):
    """How much difficulty (Washington Group). *A lot* and *cannot do* count as a disability."""

    SOME = "SOME"
    A_LOT = "A_LOT"
    CANNOT_DO = "CANNOT_DO"


class VerificationStatus(Code):
    """What NADRA answered about a registrant's number; `PENDING` until it has been asked."""

    PENDING = "PENDING"
    MATCH = "MATCH"
    MISMATCH = "MISMATCH"
    NO_RECORD = "NO_RECORD"
    EXPIRED = "EXPIRED"
    BLOCKED = "BLOCKED"
    UNAVAILABLE = "UNAVAILABLE"


class RosterField(Code):
    """The five roster fields that are checked against NADRA."""

    NAME = "NAME"
    CNIC = "CNIC"
    MARITAL_STATUS = "MARITAL_STATUS"
    GENDER = "GENDER"
    DISABILITY = "DISABILITY"


class Decision(Code):
    """The answer of a programme's rules; `UNKNOWN` is not a no."""

    ELIGIBLE = "ELIGIBLE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    UNKNOWN = "UNKNOWN"


class EnrolmentStatus(Code):
    """A programme's own statement about a person's participation."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    GRADUATED = "GRADUATED"
    ENDED = "ENDED"
