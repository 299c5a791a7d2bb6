"""Corners of the planner that the oracle found once, each told apart so that it can be read and not only drawn."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from domain.agreement import TerritoryKind
from domain.errors import BadInput, LimitExceeded
from domain.grant import today
from schema.registry import full_schema
from tests.oracle import Oracle
from tests.planning import NATIONAL, World, answering_world, grant_of, limit_to
from tests.registry import small_registry

REGISTRY = small_registry()
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str]) -> Iterator[World]:
    """A small registry that answers."""
    with answering_world(new_database(), REGISTRY) as world:
        yield world


def answer(world: World, query: str, cohort: str | None = None) -> Any:
    """Return the planned answer, which must be the oracle's."""
    rows = limit_to(REGISTRY, TerritoryKind.NATIONAL, [], cohort) if cohort else NATIONAL
    found = world.ask(grant_of(rows=rows), query)
    assert found == Oracle(full_schema(), REGISTRY, grant_of(rows=rows), today()).answer(query, {}, {})
    return found


@pytest.mark.parametrize("key", ["o", "k", "i", "hit", "position", "page_0", "c0", "r0", "known_0", "_", "select"])
def test_any_name_may_be_a_response_key(world: World, key: str) -> None:
    """A response key is nothing but a key of the answer, whatever the statement calls its own rows and columns."""
    number = next(person["cnic"] for person in REGISTRY.rows["person"] if person["cnic"])
    answer(
        world,
        f"{{ {key}: persons(first: 2) {{ {key}: edges {{ {key}: node {{ {key}: name }} cursor }} }} }}".replace(
            " cursor", ""
        ),
    )
    answer(world, f'{{ crossCheck(cnics: ["{number}"]) {{ {key}: cnic personEnrolments {{ {key}: status }} }} }}')
    answer(
        world, f"{{ persons(first: 2) {{ edges {{ node {{ household {{ {key}: members {{ {key}: id }} }} }} }} }} }}"
    )


def test_a_response_key_is_never_cut(world: World) -> None:
    """A key of 63 characters comes back whole; a longer one, which PostgreSQL would cut, is refused."""
    assert answer(world, "{ programmes { %s: code } }" % ("k" * 63))
    with pytest.raises(LimitExceeded):
        world.ask(grant_of(), "{ programmes { %s: code } }" % ("k" * 64))


@pytest.mark.parametrize(
    "query",
    [
        "{ persons(first: 2) { edges { node { id @skip(if: true) } } } }",
        "{ persons(first: 2) { edges { cursor @skip(if: true) } } }",
        "{ persons(first: 2) { totalCount @skip(if: true) } }",
        "{ persons(first: 2) { edges { node { enrolments { status @skip(if: true) } } } } }",
        "{ persons(first: 2) { edges { node { household { id @skip(if: true) } } } } }",
        '{ crossCheck(cnics: ["1"]) { status @skip(if: true) } }',
        "{ programmes { code @skip(if: true) } }",
        "{ programmes @skip(if: true) { code } }",
    ],
)
def test_an_object_may_be_empty(world: World, query: str) -> None:
    """An object of which everything is skipped is an empty object, not an error."""
    answer(world, query)


def test_what_is_not_there_has_no_empty_values(world: World) -> None:
    """A province has no parent, so nothing said of a parent holds for it, not even that something is unanswered."""
    provinces = answer(world, "{ regions(where: { level: { eq: 1 } }) { totalCount } }")
    assert provinces == {"regions": {"totalCount": 2}}
    for said in ("validUntil: { isNull: true }", 'not: { code: { eq: "P0" } }'):
        query = f"{{ regions(where: {{ level: {{ eq: 1 }}, parent: {{ {said} }} }}) {{ totalCount }} }}"
        assert answer(world, query) == {"regions": {"totalCount": 0}}


def test_a_household_is_eligible_through_members_the_caller_reaches(world: World) -> None:
    """Under a cohort nobody learns that a member outside it is eligible for something; without one it counts."""
    query = (
        '{ households(where: { isEligibleFor: "TALEEMI_WAZAIF" }, first: 1000) { totalCount edges { node { id } } } }'
    )
    everywhere = answer(world, query)["households"]["totalCount"]
    assert 0 < answer(world, query, "NASHONUMA")["households"]["totalCount"] < everywhere


def test_a_time_says_from_where(world: World) -> None:
    """A time without its distance from UTC is refused rather than read in some zone; with it, it is compared."""
    query = '{ households(where: { score: { scoredAt: { gt: "2026-03-01T09:30:00.02%s" } } }) { totalCount } }'
    assert answer(world, query % "Z") != answer(world, query % "+05:00")
    with pytest.raises(BadInput, match="UTC"):
        world.ask(grant_of(), query % "")


@pytest.mark.parametrize("operator", ["eq", "gt", "gte", "lt", "lte"])
def test_a_score_is_compared_as_it_is_shown(world: World, operator: str) -> None:
    """Scores are kept in hundredths; what lies between two of them, or beyond them all, is compared all the same."""
    for value in (16.17, 16.175, 16.18, 16.1799, 0, -0.01, -5, 100, 100.01, 1e9):
        answer(world, f"{{ households(where: {{ score: {{ value: {{ {operator}: {value} }} }} }}) {{ totalCount }} }}")


@pytest.mark.parametrize(
    "query",
    [
        '{ persons(where: { id: { eq: "%s" }, isEligibleFor: "%s" }) { totalCount } }',
        '{ persons(where: { id: { eq: "%s" } }) { edges { node { enrolments(programme: "%s") { status } } } } }',
        '{ household(id: "%s") { determinations(programme: "%s") { decision } } }',
        '{ household(id: "%s") { id } crossCheck(cnics: ["1"], programmes: ["%s"]) { status } }',
    ],
)
def test_a_code_must_exist_whoever_is_found(world: World, query: str) -> None:
    """A code that no programme bears is refused even where there is nobody to ask it of; one that exists is not."""
    assert answer(world, query % (NOBODY, "ZAKAT"))
    with pytest.raises(BadInput, match="NO_SUCH"):
        world.ask(grant_of(), query % (NOBODY, "NO_SUCH"))


def test_a_number_borne_by_two_is_not_resolved_to_the_first(world: World) -> None:
    """A look-up by a number that two visible persons bear fails; where the caller reaches one of them, she is found."""
    people = REGISTRY.rows["person"]
    child = next(p for p in people if p["bform_no"] in {other["cnic"] for other in people if other["cnic"]})
    query = f'{{ person(cnic: "{child["bform_no"]}") {{ id }} }}'
    with pytest.raises(Exception, match="two registrants"):
        world.ask(grant_of(), query)
    district = next(row["code"] for row in REGISTRY.rows["region"] if row["id"] == child["district_id"])
    near = grant_of(rows=limit_to(REGISTRY, TerritoryKind.DISTRICTS, [district]))
    assert world.ask(near, query) == {"person": {"id": str(child["id"])}}
