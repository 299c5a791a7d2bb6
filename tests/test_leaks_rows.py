"""The rows of a grant bind on every path: who is outside them is as if not registered, in answers and in counts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update

from domain import tables
from domain.agreement import TerritoryKind
from domain.catalogue import Bundle
from domain.grant import today
from tests.registry import Registry, Rows, small_registry
from tests.service import Service, service_on

UNREGISTERED = "90000-0000000-7"
PERSON = "query($c: String!) { person(cnic: $c) { id name household { id size } enrolments { since } } }"
CHECK = "query($c: [String!]!) { crossCheck(cnics: $c) { status personEnrolments { since } conflicts { rule } } }"


@dataclass
class World:
    """The application and the rows that it holds."""

    service: Service
    registry: Registry

    def rows(self, table: str, **wanted: Any) -> list[Rows]:
        """Return the rows of a table with these values."""
        return [row for row in self.registry.rows[table] if all(row[name] == value for name, value in wanted.items())]

    def cohort(self, code: str) -> set[Any]:
        """Return the numbers of the persons whom a programme's rules hold eligible today."""
        (programme,) = self.rows("programme", code=code)
        held = self.rows("determination", programme_id=programme["id"], decision="ELIGIBLE")
        return {row["person_id"] for row in held if row["holds_from"] <= today() < row["holds_until"]} - {None}

    def numbered(self, persons: Any) -> list[Rows]:
        """Return those of the persons who alone bear their number."""
        numbers = [row["cnic"] or row["bform_no"] for row in self.rows("person")]
        return [row for row in persons if (own := row["cnic"] or row["bform_no"]) and numbers.count(own) == 1]


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str]) -> Iterator[World]:
    """A small registry with clients of a province, a district and a cohort, and one that sees everybody."""
    registry = small_registry(seed=3)
    with service_on(new_database(), registry) as service:
        everything = frozenset(Bundle)
        service.admit("all", everything)
        service.admit("province", everything, kind=TerritoryKind.PROVINCES, territory=["P0"])
        service.admit("district", everything, kind=TerritoryKind.DISTRICTS, territory=["P0D0"])
        service.admit("cohort", everything, cohort="NASHONUMA")
        service.admit("nowhere", everything, kind=TerritoryKind.NONE)
        yield World(service, registry)


PLACES = {"province": ("province_id", "P0"), "district": ("district_id", "P0D0")}
LIMITED = ("province", "district", "cohort")
"""The clients whose rows are limited."""


def _inside(world: World, client: str) -> set[Any]:
    """Return the numbers of the persons in the rows of a client."""
    if client == "cohort":
        return world.cohort("NASHONUMA")
    column, code = PLACES[client]
    (region,) = world.rows("region", code=code)
    return {row["id"] for row in world.rows("person", **{column: region["id"]})}


def _outside(world: World, client: str) -> list[Rows]:
    """Return registered persons outside the rows of a client, each with a number of her own."""
    inside = _inside(world, client)
    return world.numbered(row for row in world.rows("person") if row["id"] not in inside)


def _households(world: World, client: str) -> set[Any]:
    """Return the numbers of the households in the rows of a client: every household has a member."""
    inside = _inside(world, client)
    return {row["household_id"] for row in world.rows("person") if row["id"] in inside}


@pytest.mark.parametrize("client", LIMITED)
def test_who_is_outside_the_rows_is_as_if_not_registered(world: World, client: str) -> None:
    """Asked by number, the answers are alike to the byte, headers and all; whoever sees everybody finds her."""
    nobody = world.service.ask(client, PERSON, {"c": UNREGISTERED})
    assert nobody.json() == {"data": {"person": None}}
    adult = next(row for row in _outside(world, client) if row["cnic"])
    child = next(row for row in _outside(world, client) if row["bform_no"])
    for row in (adult, child):
        number = row["cnic"] or row["bform_no"]
        found = world.service.ask(client, PERSON, {"c": number})
        assert (found.status_code, found.content, found.headers) == (nobody.status_code, nobody.content, nobody.headers)
        assert world.service.data("all", PERSON, {"c": number})["person"]["id"] == str(row["id"])


@pytest.mark.parametrize("client", LIMITED)
def test_a_cross_check_does_not_tell_who_is_outside_from_nobody(world: World, client: str) -> None:
    """`NO_VISIBLE_RECORD` with nothing behind it, to the byte, whatever she is enrolled in."""
    enrolled = {row["person_id"] for row in world.rows("enrolment")}
    outside = [row for row in _outside(world, client) if row["id"] in enrolled][:5]
    numbers = [row["cnic"] or row["bform_no"] for row in outside]
    found = world.service.ask(client, CHECK, {"c": numbers})
    nobody = world.service.ask(client, CHECK, {"c": [UNREGISTERED] * len(numbers)})
    assert found.content == nobody.content
    assert nobody.json()["data"]["crossCheck"][0] == {
        "status": "NO_VISIBLE_RECORD",
        "personEnrolments": [],
        "conflicts": [],
    }
    for result in world.service.data("all", CHECK, {"c": numbers})["crossCheck"]:
        assert result["status"] == "VISIBLE"
        assert result["personEnrolments"]


@pytest.mark.parametrize("client", LIMITED)
def test_an_id_from_elsewhere_finds_nothing(world: World, client: str) -> None:
    """A household or a person outside the rows is found neither by the root field nor by a filter on the id."""
    inside = _households(world, client)
    other = next(row for row in world.rows("household") if row["id"] not in inside)
    person = _outside(world, client)[0]
    query = """query($h: ID!, $p: ID!) {
      household(id: $h) { id }
      households(where: {id: {eq: $h}}) { totalCount }
      persons(where: {id: {in: [$p]}}) { totalCount edges { node { id } } }
    }"""
    ids = {"h": str(other["id"]), "p": str(person["id"])}
    nothing = {"household": None, "households": {"totalCount": 0}, "persons": {"totalCount": 0, "edges": []}}
    assert world.service.data(client, query, ids) == nothing
    everything = world.service.data("all", query, ids)
    assert (everything["household"]["id"], everything["persons"]["totalCount"]) == (ids["h"], 1)


ALL = "{ households(first: 1000) { totalCount edges { node { id size members { id } enrolments { since } } } } }"


def test_a_household_shows_the_members_of_the_cohort_only(world: World) -> None:
    """Under a cohort its other members are not there, nor what they are enrolled in; its size is its own."""
    cohort = world.cohort("NASHONUMA")
    shown = world.service.data("cohort", ALL)["households"]["edges"]
    everything = {e["node"]["id"]: e["node"] for e in world.service.data("all", ALL)["households"]["edges"]}
    assert {edge["node"]["id"] for edge in shown} == {str(one) for one in _households(world, "cohort")}
    fewer = 0
    for node in (edge["node"] for edge in shown):
        members = [
            row for row in world.rows("person") if str(row["household_id"]) == node["id"] and row["id"] in cohort
        ]
        assert {member["id"] for member in node["members"]} == {str(row["id"]) for row in members}
        ids = {row["id"] for row in members}
        assert len(node["enrolments"]) == sum(1 for row in world.rows("enrolment") if row["person_id"] in ids)
        assert node["size"] == everything[node["id"]]["size"]
        fewer += len(node["members"]) < len(everything[node["id"]]["members"])
    assert fewer, "some household has members outside the cohort"


def test_a_detour_leads_nowhere_else(world: World) -> None:
    """From a person to the household to its members and back, at every depth the cohort is all there is."""
    query = """{ persons(first: 1000) { edges { node { household { members { id household { members {
      id enrolments { since } } } } } } } } }"""
    cohort = {str(one) for one in world.cohort("NASHONUMA")}
    found = _ids(world.service.data("cohort", query))
    assert found == cohort
    assert _ids(world.service.data("all", query)) > cohort


def _ids(found: Any) -> set[str]:
    if isinstance(found, list):
        return set().union(*map(_ids, found))
    if not isinstance(found, dict):
        return set()
    return ({found["id"]} if "id" in found else set()).union(*map(_ids, found.values()))


def test_counts_are_counts_of_the_rows(world: World) -> None:
    """`totalCount`, with a filter and without, counts what the caller's rows hold and nobody else."""
    query = "{ persons { totalCount } women: persons(where: {sex: {eq: FEMALE}}) { totalCount } }"
    for client in (*LIMITED, "all"):
        inside = {row["id"] for row in world.rows("person")} if client == "all" else _inside(world, client)
        rows = [row for row in world.rows("person") if row["id"] in inside]
        counted = world.service.data(client, query)
        assert counted["persons"]["totalCount"] == len(rows)
        assert counted["women"]["totalCount"] == sum(row["sex"] == "FEMALE" for row in rows)
        households = world.service.data(client, "{ households { totalCount } }")["households"]["totalCount"]
        assert households == len({row["household_id"] for row in rows})


def test_a_relation_filter_does_not_reach_beyond_the_cohort(world: World) -> None:
    """A visible household is not found by a member outside the cohort, be it by `some`, by `none` or by a detour."""
    cohort, visible = world.cohort("NASHONUMA"), _households(world, "cohort")
    hidden = next(r for r in world.rows("person") if r["household_id"] in visible and r["id"] not in cohort)
    query = """query($p: ID!, $h: ID!) {
      some: households(where: {id: {eq: $h}, members: {some: {id: {eq: $p}}}}) { totalCount }
      none: households(where: {id: {eq: $h}, members: {none: {id: {eq: $p}}}}) { totalCount }
      detour: persons(where: {household: {members: {some: {id: {eq: $p}}}}}) { totalCount }
    }"""
    given = {"p": str(hidden["id"]), "h": str(hidden["household_id"])}
    found = world.service.data("cohort", query, given)
    assert [found[name]["totalCount"] for name in ("some", "none", "detour")] == [0, 1, 0]
    found = world.service.data("all", query, given)
    assert found["some"]["totalCount"] == 1
    assert found["none"]["totalCount"] == 0
    assert found["detour"]["totalCount"] > 0


def test_eligibility_of_a_hidden_member_does_not_show(world: World) -> None:
    """`isEligibleFor` on a household counts visible members only."""
    query = "query($c: String!) { households(where: {isEligibleFor: $c}, first: 1000) { edges { node { id } } } }"
    cohort = world.cohort("NASHONUMA")
    for code in ("KAFAALAT", "HUNARMAND"):
        eligible = world.cohort(code)
        for client, people in (("cohort", cohort & eligible), ("all", eligible)):
            expected = {str(row["household_id"]) for row in world.rows("person") if row["id"] in people}
            assert _ids(world.service.data(client, query, {"c": code})) == expected
        assert eligible - cohort


def test_a_number_shared_with_somebody_outside_is_not_ambiguous(world: World) -> None:
    """Two bearers are an error only for whoever sees both; the others learn nothing of the second."""
    (province,) = world.rows("region", code="P0")
    inside = next(r for r in world.numbered(world.rows("person", province_id=province["id"])) if r["cnic"])
    outside = next(
        r for r in world.numbered(world.rows("person")) if r["bform_no"] and r["province_id"] != province["id"]
    )
    before = world.service.ask("province", PERSON, {"c": inside["cnic"]})
    table = tables.Person
    world.service.execute(update(table).where(table.id == outside["id"]).values(bform_no=inside["cnic"]))
    try:
        assert world.service.ask("province", PERSON, {"c": inside["cnic"]}).content == before.content
        assert before.json()["data"]["person"]["id"] == str(inside["id"])
        assert world.service.refused("all", PERSON, {"c": inside["cnic"]}) == (400, ["AMBIGUOUS"])
    finally:
        world.service.execute(update(table).where(table.id == outside["id"]).values(bform_no=outside["bform_no"]))


def test_a_client_without_rows_sees_nobody(world: World) -> None:
    """A territory of none is no people at all, never all of them; reference data are open."""
    (someone,) = world.numbered(world.rows("person"))[:1]
    number = someone["cnic"] or someone["bform_no"]
    found = world.service.data("nowhere", "{ persons { totalCount } households { totalCount } programmes { code } }")
    assert (found["persons"]["totalCount"], found["households"]["totalCount"]) == (0, 0)
    assert found["programmes"]
    assert world.service.data("nowhere", PERSON, {"c": number}) == {"person": None}
    assert world.service.data("nowhere", CHECK, {"c": [number]})["crossCheck"][0]["status"] == "NO_VISIBLE_RECORD"
