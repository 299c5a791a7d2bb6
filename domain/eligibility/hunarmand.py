"""The rules of Benazir Hunarmand, for skills; their parameters are in `domain/reference/rules_hunarmand.toml`."""

from sqlalchemy import exists, not_, select, true

from domain.age import birthday
from domain.codes import EducationLevel
from domain.eligibility.fact import has_cnic, programme_id, score_at_or_under_cutoff
from domain.eligibility.reason import Reason
from domain.eligibility.rule import Criterion, Rules, Span, Target
from domain.eligibility.terms import RulesFault, Terms
from domain.enrolment import Enrolment
from domain.household import Household
from domain.person import Person


def rules(terms: Terms) -> Rules:
    """Serve one schooled adult of working age of each poor household, with a CNIC and a mobile number."""
    first, last = terms.ages("ages")
    criteria = (
        score_at_or_under_cutoff(terms),
        _schooled(terms),
        has_cnic(),
        Criterion(Household.mobile.is_not(None), Reason.MOBILE_MISSING),
        _nobody_else_takes_part(terms),
    )
    return Rules(Target(true(), Span(birthday(first), birthday(last + 1))), criteria)


def _schooled(terms: Terms) -> Criterion:
    levels = list(EducationLevel)
    try:
        least = levels.index(EducationLevel(terms.text("least_education").upper()))
    except ValueError:
        words = ", ".join(level.value.lower() for level in levels)
        raise RulesFault(f"{terms.programme}: the parameter `least_education` must be one of {words}.") from None
    reached = Person.education_level.in_(levels[least:])
    return Criterion(reached, Reason.EDUCATION_BELOW_MINIMUM, Reason.EDUCATION_UNKNOWN)


def _nobody_else_takes_part(terms: Terms) -> Criterion:
    """No other member has a running enrolment; the person's own does not stand in the way."""
    other = exists(
        select(1)
        .where(
            Enrolment.household_id == Household.id,
            Enrolment.programme_id == programme_id(terms.programme),
            Enrolment.person_id != Person.id,
            Enrolment.until.is_(None),
        )
        .correlate(Household, Person)
    )
    return Criterion(not_(other), Reason.HOUSEHOLD_ALREADY_SERVED)
