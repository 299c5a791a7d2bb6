"""Benazir Hunarmand: one schooled person of 18 to 40 years of each poor household."""

from datetime import date
from typing import Any

import pytest

from tests.scoring_world import CHILD, MAN, WIFE, YES, World, no, number, unknown

pytest_plugins = ("tests.scoring_fixtures",)

TRAINEE = {**MAN, "cnic": number(1), "birth_date": date(2000, 5, 5), "education_level": "MATRIC"}


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"birth_date": date(2008, 7, 1)}, YES),  # 18 today
        ({"birth_date": date(2008, 7, 2)}, None),  # 18 tomorrow
        ({"birth_date": date(1985, 7, 2)}, YES),  # still 40
        ({"birth_date": date(1985, 7, 1)}, None),  # 41 today
        ({"education_level": "NONE"}, no("EDUCATION_BELOW_MINIMUM")),
        ({"education_level": "MIDDLE"}, no("EDUCATION_BELOW_MINIMUM")),
        ({"education_level": "INTERMEDIATE"}, YES),
        ({"education_level": "POSTGRADUATE"}, YES),
        ({"education_level": None}, unknown("EDUCATION_UNKNOWN")),
        ({"cnic": None}, no("CNIC_MISSING")),
        ({"cnic": None, "education_level": None}, no("EDUCATION_UNKNOWN", "CNIC_MISSING")),
    ],
)
def test_person(world: World, person: dict[str, Any], expected: object) -> None:
    """It serves those of 18 to 40 years who have completed Matric or more and have a CNIC."""
    assert world.answers("HUNARMAND", {**TRAINEE, **person}) == [expected]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (3200, YES),  # 32.00, the cut-off of Kafaalat
        (3201, no("SCORE_ABOVE_CUTOFF")),
        (None, unknown("SCORE_UNKNOWN")),
    ],
)
def test_deserving(world: World, score: int | None, expected: object) -> None:
    """Deserving is a score at or under the cut-off of Kafaalat."""
    assert world.answers("HUNARMAND", TRAINEE, score=score) == [expected]


def test_disability_raises_the_cutoff(world: World) -> None:
    """The higher cut-off of Kafaalat for households with a disabled member holds here too."""
    child = {**CHILD, "disability_severity": "CANNOT_DO"}
    assert world.answers("HUNARMAND", TRAINEE, child, score=3700) == [YES, None]


def test_mobile(world: World) -> None:
    """A mobile number of the household must be on record."""
    assert world.answers("HUNARMAND", TRAINEE, mobile=None) == [no("MOBILE_MISSING")]


def test_one_person_a_household(world: World) -> None:
    """While one member takes part the others are refused; the member stays eligible."""
    other = {**WIFE, "cnic": number(2), "birth_date": date(2001, 1, 1), "education_level": "MATRIC"}
    household = world.household(TRAINEE, other)
    one, _ = world.members(household)
    assert world.today("HUNARMAND", household) == [YES, YES]
    world.enrol(one, "HUNARMAND")
    assert world.today("HUNARMAND", household) == [YES, no("HOUSEHOLD_ALREADY_SERVED")]


def test_an_ended_training_does_not_count(world: World) -> None:
    """An enrolment that has ended leaves the place to another member."""
    household = world.household(TRAINEE, {**TRAINEE, "cnic": number(2)})
    world.enrol(world.members(household)[0], "HUNARMAND", until=date(2026, 5, 1))
    assert world.today("HUNARMAND", household) == [YES, YES]


def test_born_on_29_february(world: World) -> None:
    """Somebody born on 29 February is 18 on 28 February of a common year."""
    trainee = world.members(world.household({**TRAINEE, "birth_date": date(2008, 2, 29)}))[0]
    found = world.determine("HUNARMAND", on=date(2026, 2, 1))[trainee]
    assert found == [(*YES, date(2026, 2, 28), date(2049, 2, 28))]
