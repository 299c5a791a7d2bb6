"""The leak table: what a grant withholds is not learnt by filtering, sorting, paging, counting, guessing or asking.

Every channel is tried on each attribute by a client that holds all bundles but the attribute's, and by its twin that
holds them all, so that a channel which is shut for both would be noticed.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_introspection_query,
    get_named_type,
)

from domain.catalogue import Bundle
from resolvers.answer import Group, Special, ToMany, ToOne, Value, answer_of
from schema.registry import full_schema
from schema.visible import Coordinates, required_bundles, visible_schema
from tests.registry import small_registry
from tests.service import Service, service_on

FULL = full_schema()
EVERYTHING = frozenset(Bundle)
GIVING = sorted(frozenset().union(*Coordinates.of(FULL).required.values()))
"""The bundles that give any coordinate."""
LITTLE = frozenset({Bundle.PERSON_READ, Bundle.HOUSEHOLD_READ})
NUMBER = "90000-1234567-1"
Attempt: TypeAlias = tuple[tuple[str, ...], Bundle, dict[str, Any]]
"""The path to an attribute, the bundle that gives it, and a filter or order by it."""

VALUES: dict[str, Any] = {
    "String": "x",
    "Int": 1,
    "Float": 1.5,
    "Boolean": True,
    "Date": "2024-01-01",
    "DateTime": "2026-01-01T00:00:00+00:00",
    "ID": "00000000-0000-4000-8000-000000000000",
}
SPECIAL = {"cnic": NUMBER, "bformNo": NUMBER, "mobile": "+923001234567", "isEligibleFor": "HUNARMAND"}
"""Values of fields that take only some strings."""


@pytest.fixture(scope="module")
def service(new_database: Callable[[], str]) -> Iterator[Service]:
    """The application over a small registry, with a client for every bundle that it lacks."""
    with service_on(new_database(), small_registry(households=20)) as service:
        service.admit("all", EVERYTHING)
        service.admit("little", LITTLE)
        for bundle in GIVING:
            service.admit(_without(bundle), EVERYTHING - {bundle})
        yield service


def _without(bundle: Bundle) -> str:
    return f"without-{bundle.replace(':', '-')}"


# Filters


OPERATORS = ("eq", "in", "gt", "lte", "isNull")
"""One operator of each kind."""


def _filters(type_: Any, way: tuple[str, ...] = (), relations: int = 0) -> Iterator[Attempt]:
    """Yield a filter for every operator of every attribute, and through one relation for equality."""
    for name, field in type_.fields.items():
        inner, needed, answer = get_named_type(field.type), required_bundles(field), answer_of(field)
        if answer is Special.ELIGIBLE:
            yield (*way, name), Bundle.ELIGIBILITY_READ, {name: SPECIAL[name]}
        elif isinstance(answer, Value) and needed:
            for operator in [each for each in OPERATORS if each in inner.fields and (each == "eq" or not relations)]:
                where = {name: {operator: _value(name, operator, inner.fields[operator])}}
                yield (*way, name, operator), min(needed), where
        elif isinstance(answer, Group | ToOne | ToMany) and relations + (further := not isinstance(answer, Group)) < 2:
            below = "some" if isinstance(answer, ToMany) else ""
            target = get_named_type(inner.fields[below].type) if below else inner
            for path, bundle, where in _filters(target, (*way, name), relations + further):
                yield path, bundle, {name: {below: where} if below else where}


def _value(name: str, operator: str, operand: GraphQLInputField) -> Any:
    type_ = get_named_type(operand.type)
    if operator == "isNull":
        return True
    value = next(iter(type_.values)) if isinstance(type_, GraphQLEnumType) else SPECIAL.get(name, VALUES[type_.name])
    return [value] if operator == "in" else value


def _attempts(kind: str, suffix: str, made: Callable[[Any], Iterable[Attempt]]) -> list[Any]:
    tried = made(FULL.type_map[f"{kind}{suffix}"])
    return [pytest.param(kind, bundle, argument, id=".".join((kind, *path))) for path, bundle, argument in tried]


FILTERS = [each for kind in ("Person", "Household") for each in _attempts(kind, "Filter", _filters)]


def _literal(value: Any) -> str:
    """Write a JSON value as a literal; the codes of a vocabulary are those in capitals."""
    match value:
        case dict():
            return "{" + " ".join(f"{key}: {_literal(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + " ".join(map(_literal, value)) + "]"
        case str() if value.replace("_", "").isalpha() and value.isupper() and value not in SPECIAL.values():
            return value
        case _:
            return json.dumps(value)


@pytest.mark.parametrize(("kind", "bundle", "where"), FILTERS)
def test_nobody_filters_by_what_is_withheld(service: Service, kind: str, bundle: Bundle, where: dict[str, Any]) -> None:
    """Equality, lists, ranges, emptiness, relations, eligibility; as variable or literal, within and, or and not."""
    root = "persons" if kind == "Person" else "households"
    query = f"query($w: {kind}Filter) {{ {root}(where: $w) {{ totalCount }} }}"
    nested = f"query($w: {kind}Filter!) {{ {root}(where: {{or: [{{not: $w}}]}}) {{ totalCount }} }}"
    _refused_for(service, bundle, query, {"w": where})
    assert service.ask("all", query, {"w": where}).status_code == 200
    if ".eq" in _operators(where):
        _refused_for(service, bundle, nested, {"w": where})
        _refused_for(service, bundle, query, {"w": {"and": [{"or": [{"not": where}]}]}})
        _refused_for(service, bundle, f"{{ {root}(where: {_literal(where)}) {{ totalCount }} }}")


def _operators(where: Any) -> str:
    """Return the path through a filter."""
    return "".join(f".{name}{_operators(inner)}" for name, inner in where.items()) if isinstance(where, dict) else ""


def _refused_for(service: Service, bundle: Bundle, query: str, variables: dict[str, Any] | None = None) -> None:
    """Check that the client without a bundle is told of that bundle and of nothing else."""
    answer = service.ask(_without(bundle), query, variables)
    assert (answer.status_code, list(answer.json())) == (403, ["errors"])
    assert {scope for e in answer.json()["errors"] for scope in e["extensions"]["requiredScopes"]} == {bundle.value}


# Orders and cursors


def _orders(type_: Any) -> Iterator[Attempt]:
    """Yield an order by every attribute, with the bundle that gives it."""
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if isinstance(inner, GraphQLInputObjectType):
            for path, bundle, order in _orders(inner):
                yield (name, *path), bundle, {name: order}
        elif needed := required_bundles(field):
            yield (name,), min(needed), {name: "ASC"}


ORDERS = [each for kind in ("Person", "Household") for each in _attempts(kind, "Order", _orders)]


@pytest.mark.parametrize(("kind", "bundle", "order"), ORDERS)
def test_nobody_sorts_by_what_is_withheld(service: Service, kind: str, bundle: Bundle, order: dict[str, Any]) -> None:
    """Neither at the root nor in a nested list, neither first nor behind another field, up nor down."""
    root = "persons" if kind == "Person" else "households"
    tried = [
        (f"query($o: [{kind}Order!]) {{ {root}(orderBy: $o, first: 2) {{ edges {{ cursor }} }} }}", [order]),
        (f"query($o: {kind}Order!) {{ {root}(orderBy: [{{id: ASC}}, $o]) {{ totalCount }} }}", _turned(order)),
    ]
    if kind == "Person":
        members = "edges { node { members(orderBy: $o) { __typename } } }"
        tried.append((f"query($o: [PersonOrder!]) {{ households(first: 2) {{ {members} }} }}", [order]))
    for query, given in tried:
        _refused_for(service, bundle, query, {"o": given})
        assert service.ask("all", query, {"o": given}).status_code == 200


def _turned(order: Any) -> Any:
    return {name: _turned(inner) for name, inner in order.items()} if isinstance(order, dict) else "DESC"


BY_NAME = (
    "query($a: String) { persons(first: 3, after: $a, orderBy: [{name: ASC}]) { edges { cursor node { name } } } }"
)


def test_a_cursor_tells_nothing_and_opens_for_its_client_only(service: Service) -> None:
    """The name by which a page was sorted is not in its cursor, and another client cannot go on from it."""
    edges = service.data("all", BY_NAME)["persons"]["edges"]
    for edge in edges:
        sealed = base64.urlsafe_b64decode(edge["cursor"] + "===")
        assert edge["node"]["name"].encode() not in sealed
    after = {"a": edges[-1]["cursor"]}
    assert service.data("all", BY_NAME, after)["persons"]["edges"] != edges
    with_identity = _without(Bundle.PERSON_MATERNAL)
    assert service.refused(with_identity, BY_NAME, after) == (400, ["BAD_USER_INPUT"])
    unsorted = "query($a: String) { persons(first: 3, after: $a) { edges { cursor } } }"
    assert service.refused("all", unsorted, after) == (400, ["BAD_USER_INPUT"])


# Selections


HIDDEN_SELECTIONS = (
    "name",
    "x: name",
    "... on Person { name }",
    "...F",
    "name @skip(if: true)",
    "... @include(if: false) { ...F }",
    "household { members { ...F } }",
    "household { members { household { members { name } } } }",
)


@pytest.mark.parametrize("selection", HIDDEN_SELECTIONS)
def test_nobody_selects_what_is_withheld(service: Service, selection: str) -> None:
    """Under an alias, in a fragment, where a directive skips it, by a detour: the whole answer is refused."""
    fragment = " fragment F on Person { id name }" if "...F" in selection else ""
    query = f"{{ persons(first: 2) {{ totalCount edges {{ node {{ id {selection} }} }} }} }}{fragment}"
    _refused_for(service, Bundle.PERSON_IDENTITY, query)
    assert service.ask("all", query).status_code == 200


# Words


def _misspelt(name: str) -> list[str]:
    """Return names that are close enough to be asked back about."""
    return [name + "s", name[:-1]]


def _hidden_names() -> dict[str, set[str]]:
    """Return for each type that `little` sees the names in it that it does not see."""
    seen = visible_schema(FULL, LITTLE)
    return {
        name: set(getattr(FULL.type_map[name], "fields", ())) - set(type_.fields)
        for name, type_ in seen.type_map.items()
        if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType) and not name.startswith("__")
    }


def _words(service: Service, client: str, query: str, variables: dict[str, Any] | None = None) -> str:
    answer = service.ask(client, query, variables)
    assert answer.status_code == 400
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    return answer.text


def _asking_back() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield a hidden name and an operation that misspells it, as a field or as a field of a filter or an order."""
    hidden = _hidden_names()
    for name in hidden["Person"]:
        for wrong in _misspelt(name):
            yield name, f"{{ persons {{ edges {{ node {{ {wrong} }} }} }} }}", {}
    for name in hidden["Household"]:
        for wrong in _misspelt(name):
            yield name, f"{{ households {{ edges {{ node {{ {wrong} }} }} }} }}", {}
    for name in hidden["Query"]:
        for wrong in _misspelt(name):
            yield name, f"{{ {wrong} }}", {}
    for argument, type_ in (("where", "PersonFilter"), ("orderBy", "PersonOrder")):
        for name in hidden[type_]:
            for wrong in _misspelt(name):
                yield name, f"{{ persons({argument}: {{{wrong}: {{}}}}) {{ totalCount }} }}", {}
                yield name, f"query($v: {type_}!) {{ persons({argument}: $v) {{ totalCount }} }}", {"v": {wrong: {}}}


def test_no_error_suggests_what_is_withheld(service: Service) -> None:
    """A misspelt name of a field, a filter or an order is asked back about among the visible names only."""
    suggested = 0
    for name, query, variables in _asking_back():
        assert f"'{name}'" not in _words(service, "little", query, variables), query
        suggested += f"'{name}'" in _words(service, "all", query, variables)
    assert suggested > 100, "whoever holds everything is asked back"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("query($x: EnrolmentFilte) { persons { totalCount } }", "EnrolmentFilter"),
        ("query($x: ScoreBan) { persons { totalCount } }", "ScoreBand"),
        ("{ persons { edges { node { ... on Enrolmen { status } } } } }", "Enrolment"),
        ("{ households { edges { node { determination } } } }", "determinations"),
        ("{ persons(where: {enrolment: {}}) { totalCount } }", "enrolments"),
        ("{ trainingCandidate { totalCount } }", "trainingCandidates"),
        ("{ persons(where: {isEligible: 1}) { totalCount } }", "isEligibleFor"),
    ],
)
def test_no_error_suggests_a_type_that_is_withheld(service: Service, query: str, word: str) -> None:
    """Types, enums and root fields outside the grant are not suggested; to whoever holds them they are."""
    assert word not in _words(service, "little", query)
    assert f"'{word}'" in _words(service, "all", query)


def test_enum_values_are_suggested_to_those_who_see_the_enum_only(service: Service) -> None:
    """A value of a withheld vocabulary is no suggestion: the field that takes it is not there at all."""
    query = "{ persons(where: {maritalStatus: {eq: MARRIE}}) { totalCount } }"
    assert "MARRIED" in _words(service, "all", query)
    assert "MARRIED" not in _words(service, "little", query)


# Introspection


def _all_names(found: Any) -> set[str]:
    """Return every name in the answer to an introspection."""
    if isinstance(found, list):
        return set().union(*map(_all_names, found))
    if not isinstance(found, dict):
        return set()
    own = {found["name"]} if isinstance(found.get("name"), str) else set()
    return own.union(*map(_all_names, found.values()))


def _schema_names(held: frozenset[Bundle]) -> set[str]:
    schema = visible_schema(FULL, held)
    found = set(schema.type_map)
    for type_ in schema.type_map.values():
        found |= set(getattr(type_, "fields", ())) | set(getattr(type_, "values", ()))
        for field in getattr(type_, "fields", {}).values():
            found |= set(field.args) if isinstance(field, GraphQLField) else set()
    return found


def test_introspection_knows_the_visible_schema_only(service: Service) -> None:
    """All names of types, fields, arguments, input fields and enum values are those of the grant."""
    query = get_introspection_query(input_value_deprecation=True)
    for client, held in (("little", LITTLE), ("all", EVERYTHING)):
        found = _all_names(service.data(client, query)["__schema"]["types"])
        assert found == _schema_names(held)
    assert "pregnantWomen" not in _schema_names(LITTLE)


@pytest.mark.parametrize("name", sorted(set(FULL.type_map) - set(visible_schema(FULL, LITTLE).type_map)))
def test_a_withheld_type_is_no_type(service: Service, name: str) -> None:
    """`__type` answers null for it, as for a name that nobody ever used."""
    query = "query($n: String!) { __type(name: $n) { name fields { name } enumValues { name } inputFields { name } } }"
    assert (
        service.data("little", query, {"n": name})
        == service.data("little", query, {"n": "Nothing"})
        == {"__type": None}
    )
    assert service.data("all", query, {"n": name})["__type"]["name"] == name


# Logs


def test_nothing_of_a_request_is_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """Answered, refused or failing: no literal and no variable of an operation is in any record of any logger."""
    caplog.set_level("DEBUG")
    mark = "90000-7654321-1"
    for query in (
        f'{{ person(cnic: "{mark}") {{ id }} }}',
        f'{{ person(cnic: "{mark}") {{ nothing }} }}',
        f'{{ person(cnic: "{mark}" }}',
        f'{{ person(cnic: ["{mark}", "{mark}"]) {{ id }} }}',
        f'{{ persons(where: {{birthDate: {{eq: "{mark}"}}}}) {{ totalCount }} }}',
        f'{{ persons(where: {{id: {{eq: "{mark}"}}}}) {{ totalCount }} }}',
        f'{{ persons(where: {{isEligibleFor: "{mark}"}}) {{ totalCount }} }}',
        f'{{ persons(after: "{mark}") {{ totalCount }} }}',
    ):
        assert mark not in service.ask("little", query).text
        service.ask("all", query)
    service.ask("all", "query($c: String!) { person(cnic: $c) { id } }", {"c": mark})
    service.ask("all", "query($c: Int!) { persons(first: $c) { totalCount } }", {"c": mark})
    told = "".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert mark not in told
    assert mark.replace("-", "") not in told
