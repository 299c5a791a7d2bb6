"""Non-interference: registries that differ only outside a grant answer all operations of it alike, byte for byte.

Each example asks the same operations of a registry, changes what lies outside the grant (withheld attributes of all
rows, any attribute of the rows beyond its reach), and asks again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.schema import Column

from domain import tables
from domain.agreement import TerritoryKind
from domain.catalogue import Attribute, Bundle
from domain.grant import Grant, RowLimit
from schema.registry import full_schema
from schema.visible import Coordinates, visible_schema
from server.answering import Request
from server.errors import ErrorPage
from server.settings import sqlalchemy_url
from tests.operations import operations
from tests.planning import NATIONAL, World, answering_world, grant_of, limit_to
from tests.registry import small_registry
from tests.stored_values import StoredValues

FULL = full_schema()
GIVING = sorted(frozenset().union(*Coordinates.of(FULL).required.values()))
ERRORS = ErrorPage("https://nser.example/metadata")
KEYS = {"household": "id", "score": "household_id", "person": "id", "determination": "id", "enrolment": "id"}
"""The tables that say something about somebody, with their keys."""


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str]) -> Iterator[World]:
    """A small registry that is changed from example to example."""
    with answering_world(new_database(), small_registry(seed=5)) as world:
        yield world


@pytest.fixture(scope="module")
def values(world: World) -> StoredValues:
    """What the registry held in the beginning; changes only hand these values on."""
    return StoredValues(world.registry)


@pytest.fixture(scope="module")
def connection(world: World) -> Iterator[Connection]:
    """A connection that changes the registry."""
    engine = create_engine(sqlalchemy_url(world.database._url, "psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _limits(world: World) -> list[RowLimit]:
    return [
        NATIONAL,
        limit_to(world.registry, TerritoryKind.PROVINCES, ["P0"]),
        limit_to(world.registry, TerritoryKind.DISTRICTS, ["P0D0", "P1D1"]),
        limit_to(world.registry, TerritoryKind.NATIONAL, [], "NASHONUMA"),
        limit_to(world.registry, TerritoryKind.PROVINCES, ["P1"], "HUNARMAND"),
    ]


def _attributes() -> list[tuple[str, Column[Any], Attribute]]:
    """Return the columns that may be changed: shareable, neither keys nor computed."""
    models = (tables.Household, tables.Score, tables.Person, tables.Determination, tables.Enrolment)
    return [
        (model.__tablename__, column, column.info["attribute"])
        for model in models
        for column in model.__table__.columns
        if isinstance(column, Column)
        and "attribute" in column.info
        and not column.primary_key
        and column.computed is None
    ]


ATTRIBUTES = _attributes()


def _beyond(table: str, limit: RowLimit) -> str:
    """Return the condition, as SQL, that rows lie outside the row limit."""
    conditions = []
    column = {TerritoryKind.PROVINCES: "province_id", TerritoryKind.DISTRICTS: "district_id"}.get(limit.territory)
    if column:
        conditions.append(f"{column} <> all(array{list(limit.region_ids)})")
    if limit.cohort is not None:
        subject = {"person": "id", "household": "id", "score": "household_id", "enrolment": "person_id"}.get(table)
        whom = "person_id" if table in ("person", "enrolment") else "household_id"
        eligible = f"""select {whom} from determination where programme_id = {limit.cohort.programme_id}
          and decision = 'ELIGIBLE' and person_id is not null
          and holds_from <= current_date and holds_until > current_date"""
        conditions.append(f"{subject} not in ({eligible})" if subject else "false")
    return " or ".join(conditions) or "false"


def _withheld(attribute: Attribute, held: frozenset[Bundle]) -> bool:
    asked_by = attribute.lookup and Bundle.LOOKUP_CNIC in held
    return attribute.bundle not in held and not asked_by


def _alike(names: Iterable[str], grant: Grant) -> str:
    """Return what must stay as it is when columns change, as SQL: what the grant sees of them all the same."""
    kept = ["''"]
    if "value" in names and Bundle.HOUSEHOLD_BAND in grant.bundles:
        kept.append("band")
    if "birth_date" in names and Bundle.PERSON_READ in grant.bundles:
        kept.append("completed_months(birth_date, current_date) / 12")
    return " || ".join(kept)


def _deal(connection: Connection, table: str, names: Sequence[str], where: str, grant: Grant) -> None:
    """Deal the values of columns anew among the rows that `where` selects."""
    key, alike = KEYS[table], _alike(names, grant)
    dealt = f"row_number() over (partition by {alike} order by random()) as at, {alike} as alike"
    own = f"(select {key} as key, {dealt} from {table} where {where})"
    other = f"(select {', '.join(names)}, {dealt} from {table} where {where})"
    changed = ", ".join(f"{name} = other.{name}" for name in names)
    same = f"own.at = other.at and own.alike = other.alike and {table}.{key} = own.key"
    connection.execute(text(f"update {table} set {changed} from {own} as own, {other} as other where {same}"))


NEW_NUMBER = 'to_char(random() * 9999, \'"9"FM0000"-"\') || to_char(random() * 9999999, \'FM0000000"-5"\')'
NEW = {
    ("person", "cnic"): f"case when cnic is not null then {NEW_NUMBER} end",
    ("person", "bform_no"): f"case when bform_no is not null then {NEW_NUMBER} end",
    ("enrolment", "status"): """case status when 'ACTIVE' then 'SUSPENDED' when 'SUSPENDED' then 'ACTIVE'
                                 when 'ENDED' then 'GRADUATED' else 'ENDED' end""",
    ("enrolment", "since"): "since - (random() * 300)::int",
    ("enrolment", "until"): "until + (random() * 300)::int",
}
"""New values of columns whose values cannot be dealt: they are unique, or depend on each other."""


def _disturb(connection: Connection, grant: Grant) -> None:
    """Change every attribute outside a grant: the withheld ones of all rows, all of the rows beyond its reach."""
    places: dict[tuple[str, str], list[str]] = {}
    for table, column, attribute in ATTRIBUTES:
        where = "true" if _withheld(attribute, grant.bundles) else _beyond(table, grant.rows)
        if column.name == "decision" and grant.rows.cohort is not None:
            where = f"({where}) and programme_id <> {grant.rows.cohort.programme_id}"
        if (table, column.name) in NEW:
            connection.execute(text(f"update {table} set {column.name} = {NEW[table, column.name]} where {where}"))
        else:
            places.setdefault((table, where), []).append(column.name)
    for (table, where), names in places.items():
        _deal(connection, table, names, where, grant)


def _answer(world: World, grant: Grant, query: str, variables: Mapping[str, Any]) -> tuple[int, bytes]:
    """Return status and body."""
    try:
        return 200, world.wait(world.answering.answer(grant, Request(query, None, variables)))
    except Exception as error:
        rendered = ERRORS.render(error, legacy=False)
        return rendered.status, rendered.body


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_what_lies_outside_a_grant_changes_no_answer(
    world: World, values: StoredValues, connection: Connection, data: st.DataObject
) -> None:
    """Neither data, counts, cursors nor errors tell one registry from the other."""
    held = data.draw(st.frozensets(st.sampled_from(GIVING), min_size=3), label="bundles")
    grant = grant_of(held, data.draw(st.sampled_from(_limits(world)), label="rows"))
    asked = [data.draw(operations(visible_schema(FULL, held), values)) for _ in range(4)]
    before = [_answer(world, grant, each.text, each.variables) for each in asked]
    assert max(status for status, _ in before) < 500
    _disturb(connection, grant)
    assert [_answer(world, grant, each.text, each.variables) for each in asked] == before


def test_the_disturbance_is_felt_by_those_who_may_see(world: World, connection: Connection) -> None:
    """Whoever holds everything sees that the registries differ; without the attributes nobody does."""
    query = "{ persons(first: 1000) { edges { cursor node { id } } totalCount } }"
    names = "{ persons(first: 1000) { edges { node { name birthDate cnic } } } }"
    little, everything = grant_of([Bundle.PERSON_READ]), grant_of()
    asked = ((little, query), (everything, query), (everything, names))
    before = [_answer(world, grant, text, {}) for grant, text in asked]
    _disturb(connection, little)
    after = [_answer(world, grant, text, {}) for grant, text in asked]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, True, False]
