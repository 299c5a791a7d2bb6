"""Benazir Taleemi Wazaif: those at school, in the ages of their stage, of Kafaalat households."""

from datetime import date
from typing import Any

import pytest

from tests.scoring_world import CHILD, ON, WIFE, YES, World, no, number, unknown

pytest_plugins = ("tests.scoring_fixtures",)

MOTHER = {**WIFE, "cnic": number(1)}
PUPIL = {**CHILD, "bform_no": number(2)}
OUTSIDE = no("AGE_OUTSIDE_STAGE")


def household(world: World, **answers: Any) -> Any:
    """Write a pupil whose mother takes part in Kafaalat, and return the household."""
    written = world.household(MOTHER, {**PUPIL, **answers})
    world.enrol(world.members(written)[0], "KAFAALAT")
    return written


def pupil(world: World, **answers: Any) -> Any:
    """The day's answer for a pupil whose mother takes part in Kafaalat."""
    return world.today("TALEEMI_WAZAIF", household(world, **answers))[1]


def turning(years: int, day: int) -> date:
    """The date of birth of somebody who completes `years` on that day of July 2026; the determination is of the 1st."""
    return date(2026 - years, 7, day)


@pytest.mark.parametrize(
    ("level", "born", "expected"),
    [
        ("NONE", turning(4, 1), YES),  # primary: 4 to 12 years
        ("NONE", turning(4, 2), None),  # nobody under 4 belongs to the target group
        ("NONE", turning(13, 2), YES),  # still 12
        ("NONE", turning(13, 1), OUTSIDE),
        ("PRIMARY", turning(8, 1), YES),  # secondary: 8 to 18 years
        ("PRIMARY", turning(8, 2), OUTSIDE),
        ("PRIMARY", turning(19, 2), YES),
        ("PRIMARY", turning(19, 1), OUTSIDE),
        ("MIDDLE", turning(8, 1), YES),
        ("MIDDLE", turning(8, 2), OUTSIDE),
        ("MIDDLE", turning(19, 2), YES),
        ("MIDDLE", turning(19, 1), OUTSIDE),
        ("MATRIC", turning(13, 1), YES),  # higher secondary: 13 to 22 years
        ("MATRIC", turning(13, 2), OUTSIDE),
        ("MATRIC", turning(23, 2), YES),
        ("MATRIC", turning(23, 1), None),  # nobody of 23 belongs to the target group
        ("INTERMEDIATE", turning(18, 1), no("STAGE_NOT_SERVED")),
        (None, turning(9, 1), unknown("STAGE_UNKNOWN")),
    ],
)
def test_ages_of_a_stage(world: World, level: str | None, born: date, expected: object) -> None:
    """Each stage serves its ages, from the day of the first birthday up to the day of the birthday after the last."""
    assert pupil(world, education_level=level, birth_date=born) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"attending_school": False}, no("NOT_AT_SCHOOL")),
        ({"attending_school": None}, unknown("ATTENDANCE_UNKNOWN")),
        ({"attending_school": None, "education_level": None}, unknown("ATTENDANCE_UNKNOWN", "STAGE_UNKNOWN")),
        ({"attending_school": False, "education_level": None}, no("NOT_AT_SCHOOL", "STAGE_UNKNOWN")),
        ({"attending_school": False, "education_level": "BACHELOR"}, None),
        ({"attending_school": None, "education_level": "BACHELOR"}, None),
        # Out of school, nobody is waited for beyond the ages of her stage: 13 today, with primary not completed.
        ({"attending_school": False, "birth_date": turning(13, 1)}, None),
        ({"attending_school": False, "birth_date": turning(13, 2)}, no("NOT_AT_SCHOOL")),
    ],
)
def test_attendance(world: World, answers: dict[str, Any], expected: object) -> None:
    """Who is not at school is refused, and in the target group only for the ages of the stage that would follow."""
    assert pupil(world, **answers) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"bform_no": None}, no("BFORM_MISSING")),
        ({"bform_no": None, "cnic": number(3), "birth_date": turning(18, 1)}, YES),
        ({"bform_no": None, "cnic": number(3), "birth_date": turning(18, 2)}, no("BFORM_MISSING")),
        ({"bform_no": number(3), "cnic": None, "birth_date": turning(18, 1)}, YES),
        ({"bform_no": None, "cnic": None, "birth_date": turning(18, 1)}, no("BFORM_MISSING")),
    ],
)
def test_identity(world: World, answers: dict[str, Any], expected: object) -> None:
    """A B-Form must be on record; from 18 years a CNIC serves instead."""
    assert pupil(world, education_level="MIDDLE", **answers) == expected


def test_without_kafaalat(world: World) -> None:
    """Without an active Kafaalat beneficiary in the household nobody is served, whatever else holds."""
    reasons = no("NO_KAFAALAT_IN_HOUSEHOLD", "NOT_AT_SCHOOL")
    assert world.answers("TALEEMI_WAZAIF", MOTHER, {**PUPIL, "attending_school": False}) == [None, reasons]


def test_birthdays_are_known_in_advance(world: World) -> None:
    """One person's answers follow each other without a gap, up to the end of the target group."""
    child = world.members(household(world, education_level="PRIMARY", birth_date=turning(8, 2)))[1]
    assert world.determine("TALEEMI_WAZAIF")[child] == [
        (*OUTSIDE, ON, date(2026, 7, 2)),
        (*YES, date(2026, 7, 2), date(2037, 7, 2)),  # the 19th birthday; what follows lies beyond the horizon
    ]


def test_several_changes_on_one_day(world: World) -> None:
    """A day on which two criteria change is one change: at 18 the CNIC serves, and the target group ends at 23."""
    answers = {"bform_no": None, "cnic": number(3), "education_level": "MATRIC", "birth_date": turning(18, 20)}
    young = world.members(household(world, **answers))[1]
    assert world.determine("TALEEMI_WAZAIF")[young] == [
        (*no("BFORM_MISSING"), ON, date(2026, 7, 20)),
        (*YES, date(2026, 7, 20), date(2031, 7, 20)),
    ]


@pytest.mark.parametrize(
    ("born", "begins"),
    [
        (date(2024, 7, 1), [date(2028, 7, 1)]),  # 4 years on the last day of the horizon of 24 months
        (date(2024, 7, 2), []),  # a day later
    ],
)
def test_horizon(world: World, born: date, begins: list[date]) -> None:
    """A stretch is written when it begins within the horizon, its first day included, and not when it begins later."""
    child = world.members(household(world, birth_date=born))[1]
    assert [row[2] for row in world.determine("TALEEMI_WAZAIF").get(child, [])] == begins
