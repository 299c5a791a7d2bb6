"""Two ways must agree: the planned statement and a naive evaluator over plain rows give the same answer.

`EXAMPLES=2000 pytest -m long tests/test_plan_oracle.py` is the long battery, with examples of its own each time.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLSchema, GraphQLString, get_named_type
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from domain.agreement import TerritoryKind
from domain.catalogue import Bundle
from domain.errors import Refusal
from domain.grant import Grant, RowLimit, today
from schema.registry import full_schema
from schema.visible import visible_schema
from tests.operations import Operation, conditions, operations, orders
from tests.oracle import Oracle, Place
from tests.oracle_filter import Refused
from tests.planning import EVERYTHING, World, answering_world, difference, grant_of, limit_to
from tests.registry import PROGRAMMES, small_registry
from tests.statements import columns_outside
from tests.stored_values import StoredValues

EXAMPLES = os.environ.get("EXAMPLES")
REGISTRY = small_registry()
VALUES = StoredValues(REGISTRY)


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str]) -> Iterator[World]:
    """The registry that all examples ask."""
    with answering_world(new_database(), REGISTRY) as world:
        yield world


KINDS = {
    TerritoryKind.NATIONAL: [],
    TerritoryKind.PROVINCES: ["P0", "P1"],
    TerritoryKind.DISTRICTS: ["P0D0", "P0D1", "P1D0", "P1D1"],
    TerritoryKind.NONE: [],
}


@st.composite
def limits(draw: st.DrawFn) -> RowLimit:
    """Draw a row limit: no rows at all once in ten, a cohort more often than not."""
    kind = draw(st.sampled_from([*list(KINDS)[:3] * 3, TerritoryKind.NONE]))
    codes = draw(st.sets(st.sampled_from(KINDS[kind]), min_size=1, max_size=2)) if KINDS[kind] else set()
    return limit_to(REGISTRY, kind, sorted(codes), draw(st.sampled_from([None, None, *PROGRAMMES[:4]])))


BUNDLES = st.one_of(
    st.sets(st.sampled_from(list(Bundle)), max_size=12).map(lambda withheld: EVERYTHING - withheld),
    st.sets(st.sampled_from(list(Bundle)), max_size=8).map(frozenset),
)
"""The bundles of a grant: all but some, or some."""


class Conversation:
    """One operation asked again and again, with the cursors met so far. One place has one cursor, and the reverse."""

    def __init__(self, world: World, bundles: frozenset[Bundle], operation: Operation) -> None:
        self._world = world
        self._bundles = bundles
        self._schema = schema_of(bundles)
        self._operation = operation
        self.places: dict[str, Place] = {}
        self._cursors: dict[Place, str] = {}

    def ask(self, rows: RowLimit, variables: dict[str, Any]) -> None:
        """Require that the plan and the oracle give the same answer, and that the statement keeps to the grant."""
        note(f"{rows}\n{variables}")
        grant = grant_of(self._bundles, rows)
        del self._world.database.statements[:]
        found, wanted = self._answered(grant, variables), self._expected(grant, variables)
        assert difference(found, wanted, self._meet) is None
        assert [columns_outside(statement, grant) for statement in self._world.database.statements] in ([], [[]])

    def _answered(self, grant: Grant, variables: dict[str, Any]) -> Any:
        """Return the planned answer, or the code of the refusal."""
        try:
            return self._world.ask(grant, self._operation.text, variables)
        except Refusal as refusal:
            return refusal.code

    def _expected(self, grant: Grant, variables: dict[str, Any]) -> Any:
        """Return the oracle's answer, or the code of the refusal."""
        oracle = Oracle(self._schema, REGISTRY, grant, today())
        try:
            return oracle.answer(self._operation.text, variables, self.places)
        except Refused as refused:
            return refused.code

    def _meet(self, cursor: Any, place: Place) -> None:
        assert isinstance(cursor, str)
        assert self.places.setdefault(cursor, place) == place
        assert self._cursors.setdefault(place, cursor) == cursor


def schema_of(bundles: frozenset[Bundle]) -> GraphQLSchema:
    """Return the visible schema of a grant."""
    return visible_schema(full_schema(), bundles)


def examples(share: int = 1) -> settings:
    """Return how many examples a property takes: the same ones every day, others in the long battery."""
    return settings(
        max_examples=int(EXAMPLES or 250) // share,
        derandomize=EXAMPLES is None,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.long
@examples()
@given(st.data())
def test_the_plan_answers_as_the_oracle_does(world: World, data: st.DataObject) -> None:
    """Any operation under any grant gives the oracle's answer, key by key, and reads no column outside the grant.

    Where it has variables it is asked three times, with other values and other rows in between, so that a plan which is
    kept has to serve them as well; from the second time on it goes on from a cursor of the answers before.
    """
    bundles = data.draw(BUNDLES, label="bundles")
    operation = data.draw(operations(schema_of(bundles), VALUES), label="operation")
    conversation = Conversation(world, bundles, operation)
    first, other = data.draw(limits(), label="rows"), data.draw(limits(), label="other rows")
    rounds = [(first, operation.variables), (other, operation.again), (first, operation.variables)]
    for rows, values in rounds if operation.variables else rounds[:1]:
        variables = dict(values)
        if conversation.places:
            cursors = st.sampled_from(list(conversation.places))
            variables |= {name: data.draw(cursors) for name in operation.after}
        conversation.ask(rows, variables)


SELECTED = """query($where: %(filter)s, $orderBy: [%(order)s!], $first: Int!) {
  %(name)s(where: $where, orderBy: $orderBy, first: $first) { totalCount edges { node { %(key)s } } }
}"""


@pytest.mark.long
@examples()
@given(
    data=st.data(),
    name=st.sampled_from(["households", "households", "persons", "persons", "trainingCandidates", "regions"]),
)
def test_filters_and_orders_mean_what_they_say(world: World, data: st.DataObject, name: str) -> None:
    """Any filter and order select the oracle's rows, in its order, whatever plan was kept from another filter."""
    where, order = (argument_type(name, argument) for argument in ("where", "orderBy"))
    key = "code" if name == "regions" else "id"
    text = SELECTED % {"filter": where.name, "order": order.name, "name": name, "key": key}
    conversation = Conversation(world, EVERYTHING, Operation(text, {}, {}, ()))
    for first in (1000, 7):
        condition, keys = data.draw(conditions(where, VALUES)), data.draw(orders(order))
        for run in (keys, reversed_keys(keys)):
            conversation.ask(data.draw(limits()), {"where": condition, "orderBy": run, "first": first})


def reversed_keys(keys: Any) -> Any:
    """Return an order by the same keys, each running the other way."""
    match keys:
        case list():
            return [reversed_keys(key) for key in keys]
        case dict():
            return {name: reversed_keys(inner) for name, inner in keys.items()}
        case _:
            return {"ASC": "DESC", "DESC": "ASC"}[keys]


def argument_type(field: str, argument: str) -> GraphQLInputObjectType:
    """Return the input type of an argument of a root field."""
    query = full_schema().query_type
    assert query is not None
    type_ = get_named_type(query.fields[field].args[argument].type)
    assert isinstance(type_, GraphQLInputObjectType)
    return type_


CHECKED = """query($cnics: [String!]!, $programmes: [String!]) {
  crossCheck(cnics: $cnics, programmes: $programmes) {
    cnic status conflicts { programme { code } becauseOf { code } level rule }
    personEnrolments { programme { code } status since until }
    householdEnrolments { programme { code } status source }
  }
}"""


@pytest.mark.long
@examples(share=5)
@given(data=st.data(), asked=st.sampled_from([{}, {}, {"programmes": ["ZAKAT", "HIMMAT_CARD"]}]))
def test_a_cross_check_knows_what_the_oracle_knows(world: World, data: st.DataObject, asked: dict[str, Any]) -> None:
    """Status, enrolments and conflicts of many numbers are the oracle's: stored, absent, shared, malformed."""
    numbers = st.sampled_from(VALUES.of("Query.crossCheck(cnics:)", GraphQLString))
    conversation = Conversation(world, EVERYTHING, Operation(CHECKED, {}, {}, ()))
    cnics = data.draw(st.lists(numbers, min_size=1, max_size=40))
    conversation.ask(data.draw(limits()), asked | {"cnics": cnics})
