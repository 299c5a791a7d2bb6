"""Criteria and facts that several programmes share. Only the rule modules use it."""

from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, not_, or_, select
from sqlalchemy.orm import aliased

from domain.codes import DisabilitySeverity, EnrolmentStatus, VerificationStatus
from domain.eligibility.reason import Reason
from domain.eligibility.rule import Criterion
from domain.eligibility.terms import Terms
from domain.enrolment import Enrolment
from domain.exclusion import ExclusionHit
from domain.household import Household
from domain.person import Person
from domain.programme import Programme
from domain.score import HUNDREDTHS, Score

KAFAALAT = "KAFAALAT"


def score_at_or_under_cutoff(terms: Terms) -> Criterion:
    """The household's score is at or under the cut-off, which is higher when a member has a disability.

    The form has no answer for *no limitation*, so an empty one means that none was stated.
    """
    member = aliased(Person)
    grave = member.disability_severity.in_([DisabilitySeverity.A_LOT, DisabilitySeverity.CANNOT_DO])
    disabled = exists(select(1).where(member.household_id == Household.id, grave).correlate(Household))
    usual, raised = (round(terms.number(name) * HUNDREDTHS) for name in ("cutoff", "cutoff_with_disability"))
    within = or_(Score.value <= usual, and_(Score.value <= raised, disabled))
    return Criterion(within, Reason.SCORE_ABOVE_CUTOFF, Reason.SCORE_UNKNOWN)


def has_cnic() -> Criterion:
    """A CNIC is on record; intake admits only well-formed ones."""
    return Criterion(Person.cnic.is_not(None), Reason.CNIC_MISSING)


def verified() -> Criterion:
    """NADRA confirmed the person's number; while it has not answered, that is not known."""
    open_ = Person.verification_status.in_([VerificationStatus.PENDING, VerificationStatus.UNAVAILABLE])
    matches = case((open_, None), else_=Person.verification_status == VerificationStatus.MATCH)
    return Criterion(matches, Reason.NOT_VERIFIED, Reason.VERIFICATION_PENDING)


def not_excluded() -> Criterion:
    """No exclusion filter applies to the person; one that was overturned on appeal does not count."""
    hit = exists(
        select(1).where(ExclusionHit.person_id == Person.id, ExclusionHit.status == "APPLIED").correlate(Person)
    )
    return Criterion(not_(hit), Reason.EXCLUSION_FILTER_APPLIED)


def kafaalat_in_household(on: date) -> Criterion:
    """A member of the household is an active beneficiary of Kafaalat.

    Kafaalat serves women and transgender persons, so this is the woman whom the dependent programmes ask for; the
    roster does not say whose child somebody is.
    """
    enrolled = exists(
        select(1)
        .where(
            Enrolment.household_id == Household.id,
            Enrolment.programme_id == programme_id(KAFAALAT),
            Enrolment.status == EnrolmentStatus.ACTIVE,
            Enrolment.since <= on,
        )
        .correlate(Household)
    )
    return Criterion(enrolled, Reason.NO_KAFAALAT_IN_HOUSEHOLD)


def programme_id(code: str) -> ColumnElement[int]:
    """The number of a programme, looked up inside the statement."""
    return select(Programme.id).where(Programme.code == code).scalar_subquery()
