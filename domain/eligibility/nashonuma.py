"""The rules of Benazir Nashonuma, for nutrition; their parameters are in `domain/reference/rules_nashonuma.toml`."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_

from domain.age import birthday, plus_months
from domain.codes import Sex
from domain.eligibility.fact import kafaalat_in_household
from domain.eligibility.reason import Reason
from domain.eligibility.rule import Criterion, Day, Rules, Span, Target
from domain.eligibility.terms import Terms
from domain.household import Household
from domain.person import Person

_PREGNANT: ColumnElement[Any] = Person.is_pregnant.expression
_LACTATING: ColumnElement[Any] = Person.is_lactating.expression


def rules(terms: Terms) -> Rules:
    """Serve pregnant and breastfeeding women with a CNIC, and children in their first months with a B-Form."""
    child = _is_child(terms)
    criteria = (
        kafaalat_in_household(terms.on),
        Criterion(or_(child, Person.cnic.is_not(None)), Reason.CNIC_MISSING),
        Criterion(or_(not_(child), Person.bform_no.is_not(None)), Reason.BFORM_MISSING),
    )
    return Rules(_target(terms), criteria)


def _is_child(terms: Terms) -> ColumnElement[bool]:
    """Whether the person can only belong as a child: maternity is neither stated nor, of her, unanswered."""
    return func.coalesce(not_(_maternity(terms)), False)


def _maternity(terms: Terms) -> ColumnElement[bool]:
    """Whether she was pregnant or breastfeeding at the survey; null for a woman of the ages that are asked who did not
    answer, false for everybody else."""
    first, last = terms.ages("maternity_ages")
    asked = and_(Household.surveyed_on >= birthday(first), Household.surveyed_on < birthday(last + 1))
    answered = or_(_PREGNANT, _LACTATING)
    return and_(Person.sex == Sex.FEMALE, case((asked, answered), else_=func.coalesce(answered, false())))


def _target(terms: Terms) -> Target:
    maternity = _maternity(terms)
    childhood = plus_months(Person.birth_date.expression, terms.integer("child_months"))
    begins = case((_is_child(terms), Person.birth_date))
    ends = case((_is_child(terms), childhood), else_=_maternity_ends(terms))
    belongs = case((maternity.is_(None), None), else_=True)
    return Target(belongs, Span(begins, ends), Reason.MATERNITY_UNKNOWN)


def _maternity_ends(terms: Terms) -> Day:
    """The later end of pregnancy and breastfeeding. Where one of them was not answered and the other is not stated
    either, it is the latest day on which a pregnancy at the survey could still count."""
    after = terms.integer("lactation_months")
    full_term = plus_months(Household.surveyed_on.expression, terms.integer("pregnancy_months"))
    pregnant = plus_months(func.coalesce(Person.expected_delivery, full_term), after)
    lactating = plus_months(Household.surveyed_on.expression, after)
    unanswered = case((_maternity(terms).is_(None), plus_months(full_term, after)))
    return func.greatest(case((_PREGNANT, pregnant)), case((_LACTATING, lactating)), unanswered)
