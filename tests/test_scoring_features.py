"""The catalogue of features: each is what its words say, on a household that shows it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from domain.household import Household
from domain.person import Person
from domain.scoring.features import FEATURES
from tests.scoring_world import CHILD, HOUSEHOLD, MAN, WIFE, World

pytest_plugins = ("tests.scoring_fixtures",)

GRANDMOTHER = {**WIFE, "relation_to_head": "PARENT", "birth_date": date(1961, 1, 10)}  # 65 on the day of the survey
TODDLER = {
    **CHILD,
    "birth_date": date(2021, 1, 11),
    "attending_school": None,
    "education_level": None,
}  # 5 the day after
FAMILY = [{**MAN, "education_level": "MIDDLE"}, {**WIFE, "education_level": "MATRIC"}, CHILD, GRANDMOTHER, TODDLER]


def value(world: World, feature: str, *members: dict[str, Any], **answers: Any) -> Any:
    """The value of a feature of one household."""
    household = world.household(*(members or FAMILY), **answers)
    return world.connection.scalar(
        select(FEATURES[feature].expression)
        .select_from(Household)
        .join(Person, Person.household_id == Household.id)
        .where(Household.id == household)
        .group_by(Household.id)
    )


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ("province", "punjab"),
        ("motor_vehicle", "false"),
        ("monthly_income", 20_000),
        ("rooms", 2),
        ("tenure", "OWNED"),
        ("cooking_fuel", "FIREWOOD"),
        ("air_conditioner", "false"),
        ("agricultural_land_acres", 0),
        ("members", 5),
        ("members_aged_13_or_younger", 2),
        ("members_aged_under_5", 1),
        ("members_aged_5_to_16", 1),
        ("members_aged_15_to_64", 2),
        ("members_aged_65_or_older", 1),
        ("share_of_dependents", 0.6),
        ("rooms_per_member", 0.4),
        ("children_aged_5_to_13_at_school", "all"),
        ("children_aged_5_to_16_out_of_school", 0),
        ("members_in_elementary_occupations", 1),
        ("members_working", 1),
        ("members_with_disability", 0),
        ("education_of_female_head_or_spouse", "MATRIC"),
        ("education_of_head", "MIDDLE"),
        ("highest_education", "MATRIC"),
        ("sex_of_head", "MALE"),
        ("age_of_head", 45),  # born 20 May 1980, surveyed 10 January 2026
        ("marital_status_of_head", "MARRIED"),
        ("employment_of_head", "DAILY_WAGE"),
        ("member_in_government_service", "false"),
    ],
)
def test_value(world: World, feature: str, expected: object) -> None:
    """A feature of a known family has its known value."""
    assert value(world, feature) == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("feature", "change", "expected"),
    [
        ("members_with_disability", {"disability_severity": "A_LOT"}, 1),
        ("members_with_disability", {"disability_severity": "SOME"}, 0),
        ("members_working", {"employment_status": "GOVERNMENT"}, 2),
        ("members_working", {"employment_status": None}, None),
        ("member_in_government_service", {"employment_status": "GOVERNMENT"}, "true"),
        ("member_in_government_service", {"employment_status": None}, None),
        ("members_in_elementary_occupations", {"employment_status": None}, None),
        ("highest_education", {"education_level": None}, None),
        ("highest_education", {"education_level": "BACHELOR"}, "BACHELOR"),
        ("education_of_female_head_or_spouse", {"education_level": None}, None),
    ],
)
def test_change(world: World, feature: str, change: dict[str, Any], expected: object) -> None:
    """Another answer of the wife changes a feature; a missing one takes its value away."""
    assert value(world, feature, FAMILY[0], {**WIFE, **change}, CHILD) == expected


def test_out_of_school(world: World) -> None:
    """Children out of school are counted from 5 to 16, and not when one did not answer."""
    absent = {**CHILD, "attending_school": False}
    assert (
        value(world, "children_aged_5_to_16_out_of_school", MAN, absent, {**absent, "birth_date": date(2009, 1, 10)})
        == 1
    )
    assert value(world, "children_aged_5_to_16_out_of_school", MAN, {**absent, "attending_school": None}) is None


def test_no_adult(world: World) -> None:
    """A household without adults has no education, as an answer and not for want of one."""
    assert value(world, "highest_education", {**CHILD, "relation_to_head": "HEAD"}) == "NONE"


@pytest.mark.parametrize(
    ("born", "expected"), [(date(1985, 1, 10), 41), (date(1985, 1, 11), 40), (date(1984, 2, 29), 41)]
)
def test_age_of_head(world: World, born: date, expected: int) -> None:
    """The head's age is in completed years on the day of the survey."""
    assert value(world, "age_of_head", {**MAN, "birth_date": born}) == expected


@pytest.mark.parametrize("missing", sorted(set(HOUSEHOLD) & set(FEATURES)))
def test_missing_answers_of_the_household(world: World, missing: str) -> None:
    """A feature that is a column of the household has no value when it was not answered."""
    assert value(world, missing, **{missing: None}) is None


def test_every_answer_of_the_household_is_a_feature() -> None:
    """A private formula may use every answer about dwelling and belongings, and every feature has words."""
    answers = set(HOUSEHOLD) - {"source", "registered_on", "surveyed_on", "mobile"}
    assert answers <= set(FEATURES)
    assert all(feature.meaning.endswith(".") and feature.name == name for name, feature in FEATURES.items())
