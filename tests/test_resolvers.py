"""Small truths of the planner and of the way to the database that no single root field shows."""

from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import false

from domain import tables
from domain.errors import BadInput
from domain.grant import RowLimit
from resolvers.database import Ambiguous, Database, TimedOut, Unavailable, _translated
from resolvers.limits import row_limit
from resolvers.lru import Lru
from resolvers.source import Rows
from tests.planning import NATIONAL, World, answering_world, cohort_of, grant_of
from tests.registry import small_registry


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str]) -> Iterator[World]:
    """A small registry that answers."""
    with answering_world(new_database(), small_registry(households=20)) as world:
        yield world


# Nothing silently widened


PERSONS = "query($w: PersonFilter) { persons(where: $w) { totalCount } }"


@pytest.mark.parametrize(
    "where",
    [
        None,
        {},
        {"and": []},
        {"or": []},
        {"or": None},
        {"and": [{}]},
        {"not": None},
        {"not": {}},
        {"sex": None},
        {"sex": {}},
        {"sex": {"eq": None}},
        {"sex": {"in": []}},
        {"sex": {"in": None}},
        {"isPregnant": {"isNull": None}},
        {"household": None},
        {"household": {}},
        {"household": {"members": {}}},
        {"household": {"members": {"some": {}}}},
        {"household": {"region": {"within": []}}},
        {"household": {"region": {"within": ["nowhere"]}}},
        {"isEligibleFor": None},
        {"isEligibleFor": "NOTHING"},
        {"isEligibleFor": ""},
        {"id": {"eq": "7"}},
        {"cnic": {"eq": "x"}},
        {"household": {"mobile": {"eq": "x"}}},
        {"sex": {"in": ["MALE"] * 1001}},
    ],
)
def test_a_condition_that_says_nothing_is_refused(world: World, where: Any) -> None:
    """Null, empty and unknown select nothing and everything alike, so they are an error, written either way."""
    assert world.ask(grant_of(), PERSONS, {"w": {"sex": {"isNull": False}}})["persons"]["totalCount"] > 0
    with pytest.raises(BadInput):
        world.ask(grant_of(), PERSONS, {"w": where})
    literal = _literal(where)
    with pytest.raises(BadInput):
        world.ask(grant_of(), f"{{ persons(where: {literal}) {{ totalCount }} }}")


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + " ".join(f"{name}: {_literal(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + " ".join(map(_literal, value)) + "]"
    return "null" if value is None else value if value == "MALE" else f'"{value}"'


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ persons(orderBy: null) { totalCount } }", {}),
        ("query($f: Int) { persons(first: $f) { totalCount } }", {"f": None}),
        ("{ persons { edges { node { enrolments(programme: null) { since } } } } }", {}),
        ("query($s: Sex = MALE) { persons(where: {sex: {in: [$s]}}) { totalCount } }", {"s": None}),
        ('{ crossCheck(cnics: ["1"], programmes: []) { cnic conflicts { rule } } }', {}),
        ('{ crossCheck(cnics: ["1"], programmes: []) { cnic } }', {}),
        ('{ person(cnic: "1") { id } }', {}),
        ('{ household(id: "1") { id } }', {}),
        ('query($c: String = "x") { person(cnic: $c) { id } }', {"c": None}),
        ("{ persons(first: 1001) { totalCount } }", {}),
    ],
)
def test_an_argument_that_means_nothing_is_refused(world: World, query: str, variables: dict[str, Any]) -> None:
    """Also where its part of the answer would not need it."""
    with pytest.raises(BadInput):
        world.ask(grant_of(), query, variables)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_outside_the_calendar_is_the_callers_fault(world: World, moment: str) -> None:
    """Beyond what can be stored, it is refused as a value, not told as a database that is gone."""
    query = "query($t: DateTime!) { households(where: {score: {scoredAt: {gt: $t}}}) { totalCount } }"
    assert world.ask(grant_of(), query, {"t": "2000-01-01T00:00:00+05:00"})["households"]["totalCount"] > 0
    with pytest.raises(BadInput):
        world.ask(grant_of(), query, {"t": moment})


def test_a_variable_may_stand_inside_a_list(world: World) -> None:
    """One that is given counts among the values, and a value alone is a list of one."""
    query = """query($s: Sex!, $l: [Sex!]!) {
      both: persons(where: {sex: {in: [$s, MALE]}}) { totalCount }
      one: persons(where: {sex: {in: $l}}) { totalCount }
      male: persons(where: {sex: {in: MALE}}) { totalCount }
    }"""
    found = world.ask(grant_of(), query, {"s": "FEMALE", "l": "FEMALE"})
    counts = {key: page["totalCount"] for key, page in found.items()}
    assert counts["both"] == counts["one"] + counts["male"] > 0


def test_what_an_order_joined_is_shown_from_the_page(world: World) -> None:
    """A relation of a relation, sorted by and selected, is the same as the one that is selected only."""
    inner = "edges { node { id household { size region { code } } } }"
    order = "[{household: {region: {code: ASC}}}, {household: {size: DESC}}]"
    found = world.ask(
        grant_of(), f"{{ a: persons(orderBy: {order}) {{ {inner} }} b: persons(first: 1000) {{ {inner} }} }}"
    )
    plain = {edge["node"]["id"]: edge["node"] for edge in found["b"]["edges"]}
    shown = [edge["node"] for edge in found["a"]["edges"]]
    assert shown == [plain[node["id"]] for node in shown]
    keys = [(node["household"]["region"]["code"], -node["household"]["size"]) for node in shown]
    assert keys == sorted(keys)


def test_a_place_may_be_followed_from_a_place(world: World) -> None:
    """What lies in a district lies within it by its parent, and a place without a parent lies in nothing above it."""
    query = """query($codes: [String!]!) {
      regions(where: {parent: {within: $codes}}, orderBy: [{code: ASC}]) { edges { node { code } } }
    }"""
    found = world.ask(grant_of(), query, {"codes": ["P0D1"]})["regions"]["edges"]
    assert [edge["node"]["code"] for edge in found] == ["P0D1T0", "P0D1T1"]
    assert len(world.ask(grant_of(), query, {"codes": ["P0"]})["regions"]["edges"]) == 6


# Limits


def test_a_table_without_a_place_has_no_rows() -> None:
    """Whatever is read without the columns of the territory, and is no reference table, is nobody's to see."""
    for limit in (NATIONAL, RowLimit(NATIONAL.territory, cohort=cohort_of(small_registry(households=20), "KAFAALAT"))):
        (nothing,) = row_limit(Rows(tables.SurveyFinding), limit)
        assert nothing.compare(false())
        assert row_limit(Rows(tables.Programme), limit) == []


# The way to the database


async def test_a_database_that_is_not_open_answers_nothing() -> None:
    """It says that it is not available, can be closed all the same, and cannot be opened where nothing listens."""
    database = Database("postgresql://postgres@127.0.0.1:1/none", size=1, statement_timeout_ms=100)
    with pytest.raises(Unavailable):
        await database.fetch_one("select 1", [])
    with pytest.raises(Unavailable):
        await database.open()
    await database.close()


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (asyncpg.QueryCanceledError(""), TimedOut),
        (asyncpg.CardinalityViolationError(""), Ambiguous),
        (asyncpg.InvalidTextRepresentationError(""), BadInput),
        (asyncpg.ConnectionDoesNotExistError(""), Unavailable),
        (asyncpg.TooManyConnectionsError(""), Unavailable),
        (asyncpg.AdminShutdownError(""), Unavailable),
        (asyncpg.InterfaceError("cannot perform operation: connection is closed"), Unavailable),
        (asyncpg.InterfaceError("the server expects 1 argument for this query, 2 were passed"), asyncpg.InterfaceError),
        (asyncpg.UndefinedColumnError(""), asyncpg.UndefinedColumnError),
        (ConnectionRefusedError(), Unavailable),
        (TimeoutError(), Unavailable),
        (KeyError("ours"), KeyError),
    ],
)
def test_what_goes_wrong_in_the_database_is_told_apart(raised: Exception, told: type[Exception]) -> None:
    """What the caller or time can mend is a refusal; a fault of ours goes through as it is."""
    with pytest.raises(told), _translated():
        raise raised


def test_a_memory_forgets_what_was_longest_unused() -> None:
    """What was asked for lately stays."""
    memory: Lru[str, int] = Lru(2)
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1
    memory.put("c", 3)
    assert [memory.get(key) for key in ("a", "b", "c")] == [1, None, 3]
