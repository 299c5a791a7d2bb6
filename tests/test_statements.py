"""The statement of every root field, recorded beside the question and its answer, under the grants of the sandbox.

`tests/statements/NAME.graphql` asks (its first line names the partner, its second the variables), `NAME.json` is the
answer and `NAME.sql` the statement. `RECORD=1 pytest tests/test_statements.py` writes the last two anew.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from domain import tables
from domain.catalogue import Attribute, Bundle
from domain.grant import Grant, today
from schema.registry import full_schema
from server.partners import PARTNERS, Partner
from server.settings import sqlalchemy_url
from tests.planning import World, answering_world, grant_of, limit_to
from tests.registry import Registry, small_registry
from tests.service import TERRITORIES
from tests.statements import PLUMBING, columns_outside

FOLDER = Path(__file__).parent / "statements"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
RELATIVE = {"surveyedOn", "registeredOn", "birthDate", "expectedDelivery", "dataAsOf"}
"""Dates that the registry of the tests counts from today; they are recorded as distances."""


@dataclass
class Question:
    """A recorded question and who asks it."""

    partner: Partner
    query: str
    variables: dict[str, Any]

    def grant(self, registry: Registry) -> Grant:
        """Return the partner's grant on the places of the tests."""
        return _grant(registry, self.partner)


def _question(name: str) -> Question:
    written = (FOLDER / f"{name}.graphql").read_text()
    who, variables, _ = written.split("\n", 2)
    partner = next(each for each in PARTNERS if each.client_id == who.removeprefix("# "))
    return Question(partner, written, json.loads(variables.removeprefix("# ")))


def _grant(registry: Registry, partner: Partner) -> Grant:
    limit = limit_to(registry, partner.territory, TERRITORIES.get(partner.territory, []), partner.cohort)
    return grant_of(partner.bundles, limit)


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str]) -> Iterator[World]:
    """A registry in which nobody is about to reach the age of two, so that answers do not depend on the day."""
    registry = small_registry(seed=10, households=24)
    for row in registry.rows["person"]:
        if 700 < (today() - row["birth_date"]).days < 760:
            row["birth_date"] -= timedelta(days=90)
    with answering_world(new_database(), registry) as world:
        yield world


def _steady(value: Any, name: str = "") -> Any:
    """Return an answer that is the same on every day."""
    if isinstance(value, dict):
        return {key: _steady(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_steady(inner) for inner in value]
    if name in RELATIVE and value is not None:
        return f"{(date.fromisoformat(value) - today()).days:+} days"
    return value


def readable(sql: str) -> str:
    """Return a statement with one clause a line, inner queries indented."""
    parts = re.findall(r"'(?:[^']|'')*'|\"[^\"]*\"|\(|\)|[^\s()'\"]+|\s+", re.sub(r"\s+", " ", sql))
    lines, indents, broken = [""], [0], []
    for at, part in enumerate(parts):
        following = "".join(parts[at + 1 : at + 3]).lstrip()
        if part == "(":
            broken.append(following.startswith(("SELECT", "WITH")))
            lines[-1] += part
            indents.append(indents[-1] + 2 * broken[-1])
            if broken[-1]:
                lines.append(" " * indents[-1])
        elif part == ")":
            indents.pop()
            lines += [" " * indents[-1]] if broken.pop() else []
            lines[-1] += part
        elif not (broken and not broken[-1]) and _begins_line(part, following, lines[-1].split()):
            lines.append(" " * (indents[-1] + 2 * (part in ("AND", "OR"))) + part)
        else:
            lines[-1] += part
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


def _begins_line(part: str, following: str, before: list[str]) -> bool:
    """Tell whether a word begins a clause, or the next of several conditions."""
    if part == "AND" and "BETWEEN" in before:
        return False
    if part in ("JOIN", "SELECT"):
        return before[-1:] not in (["OUTER"], []) and not (part == "SELECT" and before[-1] == "(")
    return part in ("FROM", "WHERE", "LIMIT", "LEFT", "UNION", "AND", "OR") or (
        part == "ORDER" and following.startswith("BY")
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_root_field_is_answered_by_its_recorded_statement(world: World, name: str) -> None:
    """One statement a question, and a reviewer sees in one place when it changes."""
    asked = _question(name)
    grant = asked.grant(world.registry)
    statement = readable(world.statement(grant, asked.query, asked.variables))
    answer = json.dumps(_steady(world.ask(grant, asked.query, asked.variables)), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("RECORD"):
        (FOLDER / f"{name}.sql").write_text(statement)
        (FOLDER / f"{name}.json").write_text(answer)
    assert statement == (FOLDER / f"{name}.sql").read_text()
    assert answer == (FOLDER / f"{name}.json").read_text()


def test_every_root_field_is_recorded() -> None:
    """A root field that is added has no test of its statement until a question is written for it."""
    query = full_schema().query_type
    assert query is not None
    assert sorted(query.fields) == NAMES
    for name in NAMES:
        assert f" {name}" in _question(name).query


def test_a_recorded_answer_holds_something() -> None:
    """A page without rows or a number that nobody has would record nothing worth comparing."""
    for name in NAMES:
        answer = json.loads((FOLDER / f"{name}.json").read_text())[name]
        assert answer, name
        assert answer.get("edges", True) if isinstance(answer, dict) else True, name


# Minimal reading


def _readable_by(bundles: frozenset[Bundle], *, cohort: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield for each table the columns that the bundles give, and those that hold a statement together."""
    for table in tables.Base.metadata.sorted_tables:
        names = [c.name for c in table.columns if _given(c.info.get("attribute"), bundles) or c.name in PLUMBING]
        if table.name in ("region", "programme", "programme_conflict", "programme_rules", "scorecard"):
            names = [c.name for c in table.columns if c.name != "parameters"]
        if table.name in ("client", "data_sharing_agreement"):
            names += ["agreement_id", "revision", "disabled_at", "status", "valid_from", "valid_until"]
        if table.name == "determination" and cohort:
            names.append("decision")
        known = [name for name in dict.fromkeys(names) if name in table.columns]
        if known:
            yield table.name, known


def _given(attribute: Attribute | None, bundles: frozenset[Bundle]) -> bool:
    if attribute is None:
        return False
    return attribute.bundle in bundles or (attribute.lookup and Bundle.LOOKUP_CNIC in bundles)


@pytest.fixture(scope="module")
def connection(world: World) -> Iterator[Connection]:
    """A connection that is rolled back, roles and all."""
    engine = create_engine(sqlalchemy_url(world.database._url, "psycopg"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _explained(connection: Connection, statement: str, columns: dict[str, list[str]]) -> None:
    """Let PostgreSQL plan a statement for a role that may read these columns only."""
    with connection.begin() as transaction:
        connection.execute(text("create role reader_of_tests nologin"))
        connection.execute(text("grant usage on schema public to reader_of_tests"))
        for table, names in columns.items():
            connection.execute(text(f"grant select ({', '.join(names)}) on {table} to reader_of_tests"))
        connection.execute(text("set local role reader_of_tests"))
        try:
            connection.exec_driver_sql(f"explain (generic_plan) {statement}")
        finally:
            transaction.rollback()


def _askable(registry: Registry) -> Iterator[tuple[Question, Grant]]:
    """Yield every recorded question under every sandbox grant that holds what it needs."""
    for name in NAMES:
        asked = _question(name)
        for partner in PARTNERS:
            if asked.partner.bundles <= partner.bundles or name in ("viewer", "programme", "programmes", "scorecards"):
                yield asked, _grant(registry, partner)


def test_no_statement_reads_a_column_outside_its_grant(world: World, connection: Connection) -> None:
    """PostgreSQL itself plans each for a role with exactly the grant's columns; with one fewer it is refused."""
    for asked, grant in _askable(world.registry):
        statement = world.statement(grant, asked.query, asked.variables)
        assert columns_outside(statement, grant) == []
        columns = dict(_readable_by(grant.bundles, cohort=grant.rows.cohort is not None))
        _explained(connection, statement, columns)
    asked = _question("pregnantWomen")
    grant = asked.grant(world.registry)
    fewer = dict(_readable_by(grant.bundles - {Bundle.PERSON_MATERNAL}, cohort=True))
    with pytest.raises(ProgrammingError, match="permission denied"):
        _explained(connection, world.statement(grant, asked.query, asked.variables), fewer)


@pytest.mark.parametrize("partner", PARTNERS, ids=lambda partner: partner.client_id)
def test_all_that_a_partner_sees_reads_its_columns_only(world: World, connection: Connection, partner: Partner) -> None:
    """Every field that the grant gives, of every type, in one operation: no column outside it is read."""
    grant = _grant(world.registry, partner)
    planner = world.answering._planner(grant.bundles)
    query = planner.schema.query_type
    assert query is not None
    for name in query.fields.keys() - {"viewer"}:
        selected = _everything(query.fields[name].type, 6)
        arguments = {
            "household": '(id: "%s")' % ("0" * 32),
            "person": '(cnic: "9000000000000")',
            "programme": '(code: "X")',
        }
        given = arguments.get(name, '(cnics: ["9000000000000"])' if name == "crossCheck" else "")
        statement = world.statement(grant, f"{{ {name}{given} {selected} }}")
        assert columns_outside(statement, grant) == []
        _explained(connection, statement, dict(_readable_by(grant.bundles, cohort=grant.rows.cohort is not None)))


def _everything(type_: Any, depth: int) -> str:
    """Return a selection of all fields of a type, objects included, so many levels deep."""
    while hasattr(type_, "of_type"):
        type_ = type_.of_type
    if not hasattr(type_, "fields"):
        return ""
    inner = [(name, field.type) for name, field in type_.fields.items()]
    parts = [f"{name} {_everything(each, depth - 1)}" for name, each in inner if depth > 1 or not _is_object(each)]
    return "{ __typename " + " ".join(parts) + " }"


def _is_object(type_: Any) -> bool:
    while hasattr(type_, "of_type"):
        type_ = type_.of_type
    return hasattr(type_, "fields")
