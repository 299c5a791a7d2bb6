"""Enrolling a share of the eligible: the same people every time, and never against the table of conflicts."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from domain.enrolling import enrol_eligible
from domain.errors import BadInput
from domain.grant import today
from domain.tables import Determination, Enrolment, Household, Person, Programme, ProgrammeConflict
from tests.scoring_world import CHILD, MAN, WIFE, World, number

pytest_plugins = ("tests.scoring_fixtures",)

SINCE = date(2026, 2, 1)


def enrol(world: World, programme: str, share: float = 1.0, seed: int = 7) -> int:
    """Determine everybody today and enrol a share."""
    world.determine(programme, today())
    return enrol_eligible(world.connection, programme, share=share, since=SINCE, source="a test", seed=seed)


def enrolled(world: World, programme: str) -> set[str | None]:
    """The identity numbers of those who were enrolled in a programme by this source."""
    rows = select(Person.cnic).join(Enrolment, Enrolment.person_id == Person.id)
    rows = rows.join(Programme, Programme.id == Enrolment.programme_id)
    return set(world.connection.scalars(rows.where(Programme.code == programme, Enrolment.source == "a test")))


def women(world: World, count: int, first: int = 1) -> list[UUID]:
    """Write households of one eligible woman each."""
    return [world.household({**WIFE, "cnic": number(of)}) for of in range(first, first + count)]


def test_everybody(world: World) -> None:
    """A share of 1 enrols every eligible person and nobody else, in the household's place; a second run nobody."""
    women(world, 3)
    world.household({**WIFE, "cnic": number(9)}, score=9000)
    assert enrol(world, "KAFAALAT") == 3
    assert enrolled(world, "KAFAALAT") == {number(1), number(2), number(3)}
    row = world.connection.execute(select(Enrolment.status, Enrolment.since, Enrolment.province_id).limit(1)).one()
    assert (row[0].value, row[1], row[2]) == ("ACTIVE", SINCE, world.provinces["Punjab"])
    assert enrol(world, "KAFAALAT") == 0


def test_a_share_is_stable(world: World) -> None:
    """Who is drawn depends on the number and the seed alone, and a larger share adds to a smaller."""
    women(world, 60)
    half = draw(world, 0.5)
    assert 15 < len(half) < 45  # 30 expected, standard deviation 3.9
    assert draw(world, 0.5) == half
    assert half < draw(world, 0.8)
    assert draw(world, 0.5, seed=8) != half
    assert draw(world, 0) == set()


def draw(world: World, share: float, seed: int = 7) -> set[str | None]:
    """Enrol a share, take it back, and return who it was."""
    savepoint = world.connection.begin_nested()
    assert enrol(world, "KAFAALAT", share, seed) == len(enrolled(world, "KAFAALAT"))
    drawn = enrolled(world, "KAFAALAT")
    savepoint.rollback()
    return drawn


def test_the_same_people_in_another_registry(world: World) -> None:
    """The same survey written in another order gives the same enrolments."""
    savepoint = world.connection.begin_nested()
    women(world, 30)
    forwards = draw(world, 0.5)
    savepoint.rollback()
    for of in range(30, 0, -1):
        women(world, 1, of)
    assert draw(world, 0.5) == forwards


def test_households_are_determined_anew(world: World) -> None:
    """Once a mother is enrolled in Kafaalat, her child is eligible for Nashonuma without another run."""
    infant = {**CHILD, "bform_no": number(2), "birth_date": today().replace(day=1), "attending_school": None}
    household = world.household({**WIFE, "cnic": number(1)}, infant)
    world.determine("NASHONUMA", today())
    assert enrol(world, "KAFAALAT") == 1
    decision = (
        select(Determination.decision)
        .join(Programme, Programme.id == Determination.programme_id)
        .where(Programme.code == "NASHONUMA", Determination.person_id == world.members(household)[1])
    )
    assert world.connection.scalar(decision) == "ELIGIBLE"


@pytest.mark.parametrize(("programme", "expected"), [("HIMMAT_CARD", 0), ("PSPA", 1), ("HUNARMAND", 1)])
def test_a_conflict_of_the_person(world: World, programme: str, expected: int) -> None:
    """Who holds a Himmat Card is not enrolled in Kafaalat, although it is the card's rule; without conflict she is."""
    household = women(world, 1)[0]
    world.enrol(world.members(household)[0], programme)
    assert enrol(world, "KAFAALAT") == expected


def test_a_conflict_of_persons_leaves_the_household_alone(world: World) -> None:
    """A conflict of persons does not stand between members, and an ended enrolment or conflict in nobody's way."""
    one, other = {**WIFE, "cnic": number(1)}, {**WIFE, "cnic": number(2)}
    members = world.members(world.household(one, other))
    world.enrol(members[0], "HIMMAT_CARD")
    world.enrol(members[1], "HIMMAT_CARD", until=date(2026, 1, 31))
    assert enrol(world, "KAFAALAT") == 1
    assert enrolled(world, "KAFAALAT") == {number(2)}
    world.connection.execute(update(ProgrammeConflict).values(valid_until=date(2025, 12, 31)))
    assert enrol(world, "KAFAALAT") == 1


def test_one_of_a_household(world: World) -> None:
    """Hunarmand takes one of several members who are drawn, and nobody where a member is trained already."""
    trainee: dict[str, Any] = {**MAN, "birth_date": date(2000, 1, 1), "education_level": "MATRIC"}
    several = world.household(*({**trainee, "cnic": number(of)} for of in (1, 2, 3)))
    trained = world.household(*({**trainee, "cnic": number(of)} for of in (4, 5)))
    world.enrol(world.members(trained)[0], "HUNARMAND")
    assert enrol(world, "HUNARMAND") == 1
    households = select(Enrolment.household_id).where(Enrolment.source == "a test")
    assert set(world.connection.scalars(households)) == {several}
    assert enrol(world, "HUNARMAND") == 0


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_shares(world: World, share: float) -> None:
    """A share outside of 0 to 1 is refused."""
    with pytest.raises(BadInput, match="between 0 and 1"):
        enrol(world, "KAFAALAT", share)


def test_unknown_programme(world: World) -> None:
    """An unknown programme is refused; one without rules enrols nobody."""
    assert world.connection.scalar(select(Household.id)) is None
    with pytest.raises(BadInput, match="There is no programme LANGAR"):
        enrol(world, "LANGAR")
    assert enrol(world, "ZAKAT") == 0
