"""Pages: read to the end they are the list; cursors tell nothing and cannot be made up; nothing is counted unasked."""

import base64
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import get_named_type
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from domain.agreement import TerritoryKind
from domain.errors import BadInput
from schema.registry import full_schema
from tests.operations import conditions, orders
from tests.planning import World, answering_world, grant_of, limit_to
from tests.registry import small_registry
from tests.stored_values import StoredValues

EXAMPLES = os.environ.get("EXAMPLES")
REGISTRY = small_registry()
VALUES = StoredValues(REGISTRY)
MOST_PAGES = 400
"""More than there are rows of any kind."""
CONNECTIONS = ("households", "persons", "pregnantWomen", "childrenUnderTwo", "trainingCandidates", "regions")
PAGE = """query($where: %(filter)s, $orderBy: [%(order)s!], $first: Int!, $after: String) {
  %(name)s(where: $where, orderBy: $orderBy, first: $first, after: $after) {
    edges { cursor node { %(key)s } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
  }
}"""


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str]) -> Iterator[World]:
    """The registry that all examples ask."""
    with answering_world(new_database(), REGISTRY) as world:
        yield world


def input_of(name: str, argument: str) -> Any:
    """Return the input type of an argument of a connection."""
    query = full_schema().query_type
    assert query is not None
    return get_named_type(query.fields[name].args[argument].type)


def page_of(name: str) -> str:
    """Return an operation that asks for one page of a connection."""
    key = "code" if name == "regions" else "id"
    filter_, order = (input_of(name, argument).name for argument in ("where", "orderBy"))
    return PAGE % {"filter": filter_, "order": order, "name": name, "key": key}


def pages(world: World, name: str, variables: dict[str, Any], grant: Any) -> Iterator[Any]:
    """Yield the pages of a connection, one after the other; there are never more than rows."""
    after = None
    for _ in range(MOST_PAGES):
        page = world.ask(grant, page_of(name), variables | {"after": after})[name]
        yield page
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
    raise AssertionError("the pages do not come to an end")


def refuses(world: World, query: str, variables: dict[str, Any] | None = None, client: str = "c1") -> bool:
    """Tell whether an operation is refused for what its arguments say."""
    try:
        world.ask(grant_of(client=client), query, variables)
    except BadInput as refused:
        return refused.code == "BAD_USER_INPUT"
    return False


@pytest.mark.long
@settings(
    max_examples=int(EXAMPLES or 250) // 5,
    derandomize=EXAMPLES is None,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data(), name=st.sampled_from(CONNECTIONS), first=st.sampled_from([1, 2, 3, 7, 20, 60]))
def test_pages_read_to_the_end_are_the_list(world: World, data: st.DataObject, name: str, first: int) -> None:
    """Whatever the filter, the order and the size of a page: no row is met twice, none is lost, and all are counted."""
    asked: dict[str, Any] = {"orderBy": data.draw(orders(input_of(name, "orderBy")), label="orderBy")}
    if data.draw(st.booleans()):
        asked["where"] = data.draw(conditions(input_of(name, "where"), VALUES), label="where")
    cohort = data.draw(st.sampled_from([None, "NASHONUMA"]))
    grant = grant_of(rows=limit_to(REGISTRY, TerritoryKind.PROVINCES, ["P0"], cohort))
    try:
        (whole,) = pages(world, name, asked | {"first": 1000}, grant)
    except BadInput:
        assume(False)
    assume(len(whole["edges"]) <= 40 * first)
    read = list(pages(world, name, asked | {"first": first}, grant))
    assert [edge for page in read for edge in page["edges"]] == whole["edges"]
    assert all(len(page["edges"]) == first for page in read[:-1])
    assert {page["totalCount"] for page in read} == {len(whole["edges"])}
    assert [page["pageInfo"]["hasPreviousPage"] for page in read] == [False] + [True] * (len(read) - 1)
    ends = [(page["edges"][0]["cursor"], page["edges"][-1]["cursor"]) for page in read if page["edges"]]
    infos = [page["pageInfo"] for page in read if page["edges"]]
    assert [(info["startCursor"], info["endCursor"]) for info in infos] == ends


TIES = [
    [{"sex": "ASC"}, {"relationToHead": "DESC"}, {"name": "ASC"}],
    [{"household": {"score": {"band": "DESC"}}}, {"name": "ASC"}],
    [{"verification": {"status": "DESC"}}, {"household": {"score": {"value": "ASC"}}}, {"ageYears": "DESC"}],
    [{"household": {"region": {"name": "ASC"}}}, {"sex": "DESC"}, {"id": "ASC"}],
]


@pytest.mark.parametrize("keys", TIES)
def test_pages_of_rows_that_are_alike(world: World, keys: list[Any]) -> None:
    """Where many rows are equal in the first keys and the keys run both ways, still none is met twice and none lost."""
    (whole,) = pages(world, "persons", {"orderBy": keys, "first": 1000}, grant_of())
    read = pages(world, "persons", {"orderBy": keys, "first": 13}, grant_of())
    assert [edge for page in read for edge in page["edges"]] == whole["edges"]


ORDERED = """query($after: String) {
  persons(orderBy: [{name: ASC}, {birthDate: DESC}], first: 2, after: $after) {
    edges { cursor node { id name birthDate } }
  }
}"""
OTHERS = [
    "persons(orderBy: [{name: ASC}, {birthDate: ASC}], after: $after)",
    "persons(orderBy: [{name: ASC}], after: $after)",
    "persons(orderBy: [{birthDate: DESC}, {name: ASC}], after: $after)",
    "persons(after: $after)",
    "households(after: $after)",
    "regions(orderBy: [{name: ASC}], after: $after)",
]


def edges_of(world: World, after: str | None = None, client: str = "c1") -> list[Any]:
    """Return a page in an order by name and date of birth."""
    edges: list[Any] = world.ask(grant_of(client=client), ORDERED, {"after": after})["persons"]["edges"]
    return edges


@pytest.mark.parametrize("other", OTHERS)
def test_a_cursor_belongs_to_its_order(world: World, other: str) -> None:
    """A cursor is taken in the order that it came from and refused in every other."""
    cursor = edges_of(world)[0]["cursor"]
    assert edges_of(world, cursor)[0] == edges_of(world)[1]
    assert refuses(world, f"query($after: String) {{ {other} {{ totalCount }} }}", {"after": cursor})


def test_a_cursor_belongs_to_its_client(world: World) -> None:
    """A cursor is taken from the client that fetched it and refused from another; their cursors differ."""
    cursor, other = edges_of(world)[0]["cursor"], edges_of(world, client="c2")[0]["cursor"]
    assert cursor != other
    assert edges_of(world, other, client="c2")
    assert refuses(world, ORDERED, {"after": other})
    assert refuses(world, ORDERED, {"after": cursor}, client="c2")


def test_a_cursor_cannot_be_made_up(world: World) -> None:
    """A cursor that was changed, cut or invented is refused, and the one it was made from is taken."""
    cursor = edges_of(world)[0]["cursor"]
    changed = [
        cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(0, len(cursor) - 1, 5)
    ]
    cut = [cursor[:length] for length in (0, 1, 10, len(cursor) - 4)]
    invented = [
        "0",
        "AAAA" * 10,
        "عائشہ",
        "{}",
        "\x00",
        cursor + "AAAA",
        cursor * 100,
        base64.b64encode(b'["Ali"]').decode(),
    ]
    assert edges_of(world, cursor)
    for wrong in (*changed, *cut, *invented):
        assert refuses(world, ORDERED, {"after": wrong}), wrong


def test_a_cursor_shows_no_value(world: World) -> None:
    """The bytes of a cursor contain nothing of the values that the row is ordered by, nor of its number."""
    for edge in edges_of(world):
        shown = base64.urlsafe_b64decode(edge["cursor"] + "=" * (-len(edge["cursor"]) % 4))
        for value in edge["node"].values():
            written = value.encode()
            assert written not in shown
            assert all(written[at : at + 4] not in shown for at in range(len(written) - 3))


def test_one_place_has_one_cursor(world: World) -> None:
    """The same place gives the same cursor, so that pages can be compared and kept."""
    assert edges_of(world) == edges_of(world)
    assert len({edge["cursor"] for edge in edges_of(world)}) == 2


@pytest.mark.parametrize("first", [0, 1001, -1, 2_147_483_647, None])
@pytest.mark.parametrize(
    "field",
    [
        "persons(first: $first) { totalCount }",
        "persons { edges { node { household { members(first: $first) { id } } } } }",
    ],
)
def test_a_page_has_1_to_1000_rows(world: World, field: str, first: int | None) -> None:
    """A size outside 1 to 1,000 is refused, never cut down or read as all; the edges of the range are taken."""
    query = f"query($first: Int) {{ {field} }}"
    assert refuses(world, query, {"first": first})
    assert not refuses(world, query, {"first": 1})
    assert not refuses(world, query, {"first": 1000})


def test_only_what_is_asked_for_is_counted(world: World) -> None:
    """The statement counts rows when `totalCount` is asked for, and not otherwise."""
    grant = grant_of()
    assert "count(" not in world.statement(grant, "{ persons { edges { node { id } } pageInfo { endCursor } } }")
    counted = world.statement(grant, "{ persons(first: 1) { totalCount } }")
    assert "count(" in counted
    assert "page_0" not in counted
    assert world.ask(grant, "{ persons(first: 1) { totalCount } }") == {
        "persons": {"totalCount": len(REGISTRY.rows["person"])}
    }


def test_an_empty_page_has_no_cursors(world: World) -> None:
    """A page without rows stands nowhere: no cursors, nothing before it, nothing after it."""
    name = "persons"
    (page,) = pages(world, name, {"where": {"name": {"eq": "Nobody"}}, "first": 5}, grant_of())
    assert page["edges"] == []
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }
    assert page["totalCount"] == 0
