"""Benazir Nashonuma: expecting and breastfeeding women, and children under two, of Kafaalat households."""

from datetime import date
from typing import Any

import pytest

from tests.scoring_world import CHILD, MAN, ON, SURVEYED, WIFE, YES, World, no, number, unknown

pytest_plugins = ("tests.scoring_fixtures",)

MOTHER = {**WIFE, "cnic": number(1), "is_pregnant": True, "expected_delivery": date(2026, 8, 15)}
INFANT = {**CHILD, "bform_no": number(2), "birth_date": date(2025, 9, 1), "attending_school": None}


def beneficiaries(world: World, *members: dict[str, Any]) -> list[Any]:
    """The day's answers in a household whose first member takes part in Kafaalat."""
    household = world.household(*members)
    world.enrol(world.members(household)[0], "KAFAALAT")
    return world.today("NASHONUMA", household)


def stretch(world: World, *members: dict[str, Any]) -> Any:
    """The stretches of the last member."""
    last = world.members(world.household(*members))[-1]
    return [row[2:] for row in world.determine("NASHONUMA").get(last, [])]


def test_kafaalat_in_household(world: World) -> None:
    """It serves households with an active Kafaalat beneficiary, whoever of them that is."""
    assert beneficiaries(world, MAN, MOTHER, INFANT) == [None, YES, YES]
    reasons = no("NO_KAFAALAT_IN_HOUSEHOLD")
    assert world.answers("NASHONUMA", {**MOTHER, "cnic": number(3)}) == [reasons]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (ON, None, YES),  # begins on the day
        (date(2026, 7, 2), None, no("NO_KAFAALAT_IN_HOUSEHOLD")),  # begins on the day after
        (SURVEYED, date(2026, 6, 30), no("NO_KAFAALAT_IN_HOUSEHOLD")),  # has ended
    ],
)
def test_enrolment_dates(world: World, since: date, until: date | None, expected: object) -> None:
    """An enrolment in Kafaalat counts from its first day and no longer once it has ended."""
    household = world.household(MOTHER)
    world.enrol(world.members(household)[0], "KAFAALAT", since, until)
    assert world.today("NASHONUMA", household) == [expected]


def test_other_programmes_do_not_count(world: World) -> None:
    """Taking part in another programme is not taking part in Kafaalat."""
    household = world.household(MOTHER)
    world.enrol(world.members(household)[0], "ZAKAT")
    assert world.today("NASHONUMA", household) == [no("NO_KAFAALAT_IN_HOUSEHOLD")]


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ({**MOTHER, "cnic": None}, no("CNIC_MISSING")),
        ({**INFANT, "bform_no": None}, no("BFORM_MISSING")),
        ({**MOTHER, "bform_no": None}, YES),
        ({**INFANT, "cnic": None}, YES),
        ({**MOTHER, "is_pregnant": None, "expected_delivery": None}, unknown("MATERNITY_UNKNOWN")),
        ({**MOTHER, "is_pregnant": False, "is_lactating": None}, unknown("MATERNITY_UNKNOWN")),
        ({**MOTHER, "is_lactating": None}, YES),
        ({**MOTHER, "is_pregnant": False}, None),
        ({**MOTHER, "sex": "MALE"}, None),
        # Asked from 15 to 49 on the day of the survey, 10 January 2026: 15 that day, 15 the day after, 49, 50 that day.
        ({**MOTHER, "is_pregnant": None, "birth_date": date(2011, 1, 10)}, unknown("MATERNITY_UNKNOWN")),
        ({**MOTHER, "is_pregnant": None, "birth_date": date(2011, 1, 11)}, None),
        ({**MOTHER, "is_pregnant": None, "birth_date": date(1976, 1, 11)}, unknown("MATERNITY_UNKNOWN")),
        ({**MOTHER, "is_pregnant": None, "birth_date": date(1976, 1, 10)}, None),
        ({**MOTHER, "is_pregnant": True, "birth_date": date(1976, 1, 10)}, YES),
    ],
)
def test_women_and_children(world: World, member: dict[str, Any], expected: object) -> None:
    """A woman needs a CNIC, a child a B-Form; a woman of childbearing age who did not answer is not known to belong."""
    assert beneficiaries(world, member) == [expected]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2024, 7, 2), [(ON, date(2026, 7, 2))]),  # 23 months, two years old tomorrow
        (date(2024, 7, 1), []),  # two years old today
        (date(2025, 9, 1), [(ON, date(2027, 9, 1))]),
        (date(2026, 7, 1), [(ON, date(2028, 7, 1))]),  # born today
    ],
)
def test_childhood_ends_at_two(world: World, born: date, expected: object) -> None:
    """A child belongs from birth up to the day of the second birthday, which is known in advance."""
    assert stretch(world, {**INFANT, "birth_date": born}) == expected


def test_born_on_29_february(world: World) -> None:
    """A child born on 29 February is two years old on 28 February of a common year."""
    child = world.household({**INFANT, "birth_date": date(2024, 2, 29)})
    found = world.determine("NASHONUMA", on=date(2026, 2, 27))
    assert found[world.members(child)[0]][0][2:] == (date(2026, 2, 27), date(2026, 2, 28))
    assert world.determine("NASHONUMA", on=date(2026, 2, 28)) == {}


@pytest.mark.parametrize(
    ("answers", "until"),
    [
        # expected delivery 15 August 2026 + 6 months
        ({}, date(2027, 2, 15)),
        # expected delivery 31 August 2026 + 6 months: February has 28 days
        ({"expected_delivery": date(2026, 8, 31)}, date(2027, 2, 28)),
        # no date: survey 10 January 2026 + 9 months + 6 months
        ({"expected_delivery": None}, date(2027, 4, 10)),
        # breastfeeding: survey 10 January 2026 + 6 months
        ({"is_pregnant": False, "is_lactating": True}, date(2026, 7, 10)),
        # both: the later of 10 July 2026 and 15 February 2027
        ({"is_lactating": True}, date(2027, 2, 15)),
        # not answered: as if pregnant without a date
        ({"is_pregnant": None}, date(2027, 4, 10)),
        # an expected delivery that lies back: 20 December 2025 + 6 months is over
        ({"expected_delivery": date(2025, 12, 20)}, None),
        # 2 January 2026 + 6 months is tomorrow
        ({"expected_delivery": date(2026, 1, 2)}, date(2026, 7, 2)),
        # 1 January 2026 + 6 months is today
        ({"expected_delivery": date(2026, 1, 1)}, None),
    ],
)
def test_motherhood_ends(world: World, answers: dict[str, Any], until: date | None) -> None:
    """A woman belongs until some months after the delivery she expected or the survey that found her breastfeeding."""
    assert stretch(world, {**MOTHER, **answers}) == ([(ON, until)] if until else [])
