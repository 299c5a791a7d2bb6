"""The naive second answer to a question that the demonstration answers: its tables read whole, the oracle's loops."""

from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import create_engine, select

from domain.agreement import TerritoryKind
from domain.catalogue import Bundle
from domain.grant import today
from schema.registry import full_schema
from schema.visible import visible_schema
from server.embedded import embedded_database
from server.settings import sqlalchemy_url
from tests.oracle import Oracle
from tests.planning import NATIONAL, difference, grant_of, limit_to
from tests.registry import TABLES, Registry


def whole_registry(folder: Path) -> Registry:
    """Return every row of a demonstration's registry."""
    registry = Registry()
    with embedded_database(folder) as url:
        engine = create_engine(sqlalchemy_url(url, "psycopg"))
        with engine.connect() as connection:
            for table in TABLES:
                rows = connection.execute(select(table.__table__)).mappings()
                registry.rows[table.__tablename__] = [dict(row) for row in rows]
        engine.dispose()
    return registry


def wrong_in(answer: dict[str, Any], client: dict[str, Any], registry: Registry) -> str | None:
    """Return where the answer to a sandbox client's example differs from the oracle's; none when it does not."""
    bundles = frozenset(map(Bundle, client["scopes"]))
    grant = grant_of(bundles, _limit(client, registry))
    oracle = Oracle(visible_schema(full_schema(), bundles), registry, grant, today())
    example = client["example"]
    expected = oracle.answer(example["query"], example["variables"], {})
    return difference(answer["data"], expected, lambda cursor, place: None)


def _limit(client: dict[str, Any], registry: Registry) -> Any:
    territory, cohort = client["territory"], client["cohort"]
    if territory == "NATIONAL":
        return limit_to(registry, TerritoryKind.NATIONAL, (), cohort) if cohort else NATIONAL
    level = next(row["level"] for row in registry.rows["region"] if row["code"] == territory)
    kind = TerritoryKind.PROVINCES if level == 1 else TerritoryKind.DISTRICTS
    return limit_to(registry, kind, (territory,), cohort)


def clients_by_name(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the sandbox clients of a demonstration by their id."""
    sandbox = orjson.loads((folder / "sandbox.json").read_bytes())
    return {client["client_id"]: client for client in sandbox["clients"]}
