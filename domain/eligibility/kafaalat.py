"""The rules of Benazir Kafaalat, for cash; their parameters are in `domain/reference/rules_kafaalat.toml`."""

from sqlalchemy import and_, case

from domain.age import birthday
from domain.codes import MaritalStatus, Sex
from domain.eligibility.fact import has_cnic, not_excluded, score_at_or_under_cutoff, verified
from domain.eligibility.reason import Reason
from domain.eligibility.rule import Rules, Span, Target
from domain.eligibility.terms import Terms
from domain.person import Person


def rules(terms: Terms) -> Rules:
    """Serve ever-married women and transgender persons of poor households, with a CNIC that NADRA confirms."""
    criteria = score_at_or_under_cutoff(terms), has_cnic(), verified(), not_excluded()
    return Rules(_target(terms), criteria)


def _target(terms: Terms) -> Target:
    """A woman whose marital status was not answered may belong from the age at which she can have a CNIC."""
    unanswered = and_(Person.sex == Sex.FEMALE, Person.marital_status.is_(None))
    belongs = case(
        (Person.sex == Sex.TRANSGENDER, True),
        (Person.sex == Sex.MALE, False),
        else_=Person.marital_status != MaritalStatus.NEVER_MARRIED,
    )
    begins = case((unanswered, birthday(terms.integer("cnic_age"))))
    return Target(belongs, Span(begins), Reason.MARITAL_STATUS_UNKNOWN)
