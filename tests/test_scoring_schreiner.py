"""The demonstration scorecard: every answer of Schreiner's ten questions gets its published points."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.scoring_world import CHILD, MAN, PROVINCES, WIFE, World

pytest_plugins = ("tests.scoring_fixtures",)

# A household in Balochistan (0) of a labourer, his wife and a daughter of 8 at school, on 10 January 2026:
# one member of 13 or younger (22), all of 5-13 at school (5), one in an elementary occupation (5), wife below class one
# (0), open well (0), no toilet (0), no refrigerator (0), television (0) or vehicle (0): 22 + 5 + 5 = 32.
START = 32
FAMILY = [MAN, WIFE, CHILD]
PUPIL = {**CHILD, "employment_status": "NOT_IN_LABOUR_FORCE"}
BABY = {**CHILD, "birth_date": date(2025, 6, 1), "attending_school": None, "education_level": None}


def points(world: World, *members: dict[str, Any], province: str = "Balochistan", **answers: Any) -> float | None:
    """The score of a household, in points."""
    household = world.household(*(members or FAMILY), province=province, **answers)
    value = world.score()[household]
    return None if value is None else value / 100


def with_wife(**answers: Any) -> list[dict[str, Any]]:
    """The family with other answers of the wife."""
    return [MAN, {**WIFE, **answers}, CHILD]


@pytest.mark.parametrize(
    ("province", "expected"),
    list(zip(PROVINCES, [0, 9, 11, 12, 12, 9, 9], strict=True)),
)
def test_province(world: World, province: str, expected: int) -> None:
    """Gilgit-Baltistan and Azad Kashmir, which were not in the sample, take the points of Khyber Pakhtunkhwa."""
    assert points(world, province=province) == START + expected


@pytest.mark.parametrize(("babies", "expected"), [(0, 31), (1, 22), (2, 15), (3, 11), (4, 6), (5, 0), (6, 0)])
def test_members_aged_13_or_younger(world: World, babies: int, expected: int) -> None:
    """The fewer young members, the more points."""
    assert points(world, MAN, WIFE, *[BABY] * babies) == START - 22 + expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2012, 1, 11), 22),  # 14 on the day after the survey
        (date(2012, 1, 10), 31),  # 14 on the day of the survey
        (date(2012, 2, 29), 22),  # 13 until 28 February 2026
    ],
)
def test_the_fourteenth_birthday(world: World, born: date, expected: int) -> None:
    """Ages are those on the day of the survey."""
    assert points(world, MAN, WIFE, {**PUPIL, "birth_date": born}) == START - 22 + expected


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([], 31 + 5),  # no such children, and none younger than 14
        ([{**CHILD, "attending_school": False}], 22 + 0),
        ([CHILD, CHILD], 15 + 5),
        ([CHILD, {**CHILD, "attending_school": False}], 15 + 0),
        ([BABY], 22 + 5),  # too young to count
        ([{**CHILD, "attending_school": False, "birth_date": date(2021, 1, 11)}], 22 + 5),  # 5 on the day after
        ([{**CHILD, "attending_school": False, "birth_date": date(2021, 1, 10)}], 22 + 0),  # 5 on the day
        ([{**PUPIL, "attending_school": False, "birth_date": date(2012, 1, 11)}], 22 + 0),  # still 13
        ([{**PUPIL, "attending_school": False, "birth_date": date(2012, 1, 10)}], 31 + 5),  # 14 on the day
        ([CHILD, {**CHILD, "attending_school": None}], None),
        ([{**CHILD, "attending_school": False}, {**CHILD, "attending_school": None}], 15 + 0),  # settled by the first
    ],
)
def test_children_at_school(world: World, children: list[dict[str, Any]], expected: int | None) -> None:
    """All of 5 to 13 must attend; where one is known not to, the missing answer of another does not matter."""
    assert points(world, MAN, WIFE, *children) == (None if expected is None else START - 27 + expected)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([{**MAN, "elementary_occupation": False}, WIFE, CHILD], 12),
        ([MAN, WIFE, CHILD], 5),
        ([MAN, {**WIFE, "elementary_occupation": True}, CHILD], 0),
        ([MAN, {**WIFE, "elementary_occupation": True}, {**CHILD, "elementary_occupation": True}], 0),
        (with_wife(employment_status="UNEMPLOYED"), 5),
        (with_wife(employment_status="PRIVATE"), None),  # works, but in which occupation was not answered
        (with_wife(employment_status=None), None),
        ([MAN, WIFE, {**CHILD, "birth_date": date(2016, 1, 11)}], 5),  # 10 on the day after: not asked
        ([MAN, WIFE, {**CHILD, "birth_date": date(2016, 1, 10)}], None),  # 10 on the day: asked, not answered
    ],
)
def test_elementary_occupations(world: World, members: list[dict[str, Any]], expected: int | None) -> None:
    """Those who do not work, and children under ten, are in no elementary occupation; a missing answer is none."""
    assert points(world, *members) == (None if expected is None else START - 5 + expected)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        *((with_wife(education_level=level), 6) for level in ("PRIMARY", "MIDDLE", "MATRIC")),
        *((with_wife(education_level=level), 6) for level in ("INTERMEDIATE", "BACHELOR", "POSTGRADUATE")),
        (with_wife(education_level="NONE"), 0),
        (with_wife(education_level=None), None),
        (with_wife(relation_to_head="SIBLING", education_level="MATRIC"), 4),  # no female head or spouse
        (with_wife(relation_to_head="SIBLING", education_level=None), 4),
        (with_wife(sex="TRANSGENDER", education_level="MATRIC"), 4),
        ([{**MAN, "relation_to_head": "SPOUSE"}, {**WIFE, "relation_to_head": "HEAD"}, CHILD], 0),
    ],
)
def test_education_of_female_head_or_spouse(world: World, members: list[dict[str, Any]], expected: int | None) -> None:
    """Having no female head or spouse is an answer of its own, not a missing one."""
    assert points(world, *members) == (None if expected is None else START + expected)


@pytest.mark.parametrize(("second", "expected"), [("MATRIC", 6), ("NONE", 0), (None, None)])
def test_two_wives(world: World, second: str | None, expected: int | None) -> None:
    """Of two wives the better schooled counts, whichever comes first in the roster."""
    wives = [WIFE, {**WIFE, "education_level": second}]
    found = {points(world, MAN, *order, CHILD) for order in (wives, wives[::-1])}
    assert found == {None if expected is None else START + expected}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        *(({"water_source": source}, 3) for source in ("HAND_PUMP", "CLOSED_WELL", "MOTOR_PUMP", "PIPED")),
        *(({"water_source": source}, 0) for source in ("OPEN_WELL", "TANKER", "OTHER")),
        ({"toilet": "FLUSH_SEWER"}, 4),
        ({"toilet": "FLUSH_PIT"}, 2),
        ({"toilet": "FLUSH_OPEN_DRAIN"}, 2),
        ({"toilet": "DRY_PIT"}, 0),
        ({"toilet": "NONE"}, 0),
        ({"refrigerator": True}, 12),
        ({"refrigerator": False}, 0),
        ({"tv": True}, 3),
        ({"tv": False}, 0),
        *(({vehicle: True}, 12) for vehicle in ("motorcycle", "car", "tractor")),
        ({"motorcycle": True, "car": None}, 12),  # one vehicle is enough
    ],
)
def test_dwelling_and_belongings(world: World, answers: dict[str, Any], expected: int) -> None:
    """Water, toilet, refrigerator, television and vehicle give their points."""
    assert points(world, **answers) == START + expected


@pytest.mark.parametrize("missing", ["water_source", "toilet", "refrigerator", "tv", "motorcycle", "car", "tractor"])
def test_missing_answers(world: World, missing: str) -> None:
    """A household that did not answer a question is not scored, rather than guessed at."""
    answers: dict[str, Any] = {missing: None}
    assert points(world, **answers) is None


def test_richest_and_poorest(world: World) -> None:
    """The sums run from 0 to 100."""
    rich = {"toilet": "FLUSH_SEWER", "water_source": "PIPED", "refrigerator": True, "tv": True, "car": True}
    couple = [{**MAN, "elementary_occupation": False}, {**WIFE, "education_level": "MATRIC"}]
    assert points(world, *couple, province="Islamabad", **rich) == 100
    worker = {**BABY, "birth_date": date(2017, 1, 1), "attending_school": False, "elementary_occupation": True}
    assert points(world, MAN, WIFE, *[worker] * 5) == 0


def test_unknown_province(world: World) -> None:
    """A province whose name no regions file is known to use gives no score, rather than somebody else's points."""
    world.connection.execute(text("update region set name = 'Elsewhere' where name = 'Sindh'"))
    assert points(world, province="Sindh") is None
    world.connection.execute(text("update region set name = 'AZAD JAMMU AND KASHMIR' where name = 'Punjab'"))
    assert points(world, province="Punjab") == START + 9


def test_without_a_roster(world: World) -> None:
    """A household without members on record is not scored."""
    household = world.household()
    assert world.score()[household] is None
