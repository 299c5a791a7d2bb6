"""The rules of Benazir Taleemi Wazaif, for school; parameters are in `domain/reference/rules_taleemi_wazaif.toml`."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, true

from domain.age import birthday
from domain.codes import EducationLevel
from domain.eligibility.fact import kafaalat_in_household
from domain.eligibility.reason import Reason
from domain.eligibility.rule import Criterion, Rules, Span, Target
from domain.eligibility.terms import Terms
from domain.person import Person

STAGES = {
    EducationLevel.NONE: "primary_ages",
    EducationLevel.PRIMARY: "secondary_ages",
    EducationLevel.MIDDLE: "secondary_ages",
    EducationLevel.MATRIC: "higher_secondary_ages",
}
"""The stage of schooling that follows a completed level, as the parameter that gives its ages."""


def rules(terms: Terms) -> Rules:
    """Serve those at school, in the ages of their stage, of households with an active Kafaalat beneficiary."""
    attending: ColumnElement[Any] = Person.attending_school.expression
    criteria = (
        kafaalat_in_household(terms.on),
        _has_number(terms),
        Criterion(attending, Reason.NOT_AT_SCHOOL, Reason.ATTENDANCE_UNKNOWN),
        Criterion(Person.education_level.in_(STAGES), Reason.STAGE_NOT_SERVED, Reason.STAGE_UNKNOWN),
        Criterion(true(), Reason.AGE_OUTSIDE_STAGE, span=_ages_of_stage(terms)),
    )
    return Rules(_target(terms), criteria)


def _target(terms: Terms) -> Target:
    """Those of the ages of any stage while at school; the others in the ages of their own stage, if there is one."""
    ages = [terms.ages(name) for name in STAGES.values()]
    first, last = birthday(min(first for first, _ in ages)), birthday(max(last for _, last in ages) + 1)
    own, at_school = _ages_of_stage(terms), func.coalesce(Person.attending_school, False)
    past = Person.education_level.not_in(STAGES)
    return Target(
        or_(at_school, case((past, False), else_=True)),
        Span(
            case((at_school, first), else_=func.coalesce(own.begins, first)),
            case((at_school, last), else_=func.coalesce(own.ends, last)),
        ),
    )


def _ages_of_stage(terms: Terms) -> Span:
    """The days on which the person is of the ages of the next stage; unbounded where there is no such stage."""
    first = {level: terms.ages(name)[0] for level, name in STAGES.items()}
    beyond = {level: terms.ages(name)[1] + 1 for level, name in STAGES.items()}
    return Span(*(birthday(case(years, value=Person.education_level)) for years in (first, beyond)))


def _has_number(terms: Terms) -> Criterion:
    """A B-Form number is on record or, from the age at which it is issued, a CNIC."""
    known = or_(Person.bform_no.is_not(None), Person.cnic.is_not(None))
    adult = case((Person.bform_no.is_(None), birthday(terms.integer("cnic_age"))))
    return Criterion(known, Reason.BFORM_MISSING, span=Span(adult))
