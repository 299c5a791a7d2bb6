"""A registry that answers, for tests of the planner: a small registry in a database, one client, and grants at will.

Grants are made here and not read from the agreement, so that any bundles and row limits can be tried; the clients and
their agreement are there because every statement asks whether they still stand.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import orjson
from sqlalchemy import Engine, create_engine, insert

from domain import tables
from domain.agreement import TerritoryKind
from domain.catalogue import Bundle
from domain.grant import Cohort, Grant, RowLimit
from resolvers.cursor import CursorKey
from resolvers.database import Database
from resolvers.document import DocumentLimits
from server.answering import Answering, Request
from server.settings import sqlalchemy_url
from tests.registry import Registry

T = TypeVar("T")
NATIONAL = RowLimit(TerritoryKind.NATIONAL)
EVERYTHING = frozenset(Bundle)
VALID_UNTIL = date(2099, 12, 31)


class RecordingDatabase(Database):
    """A database that remembers the statements it was asked."""

    def __init__(self, url: str) -> None:
        super().__init__(url, size=2, statement_timeout_ms=10_000)
        self.statements: list[str] = []

    async def fetch_one(self, sql: str, arguments: Sequence[Any], *, by_value: bool = False) -> Any:
        self.statements.append(sql)
        return await super().fetch_one(sql, arguments, by_value=by_value)


class World:
    """A registry, and the way to its answers. It has an event loop of its own, for tests that are not asynchronous."""

    def __init__(self, registry: Registry, url: str) -> None:
        self.registry = registry
        self.database = RecordingDatabase(url)
        self.answering = Answering(self.database, CursorKey("x" * 32), DocumentLimits())
        self._loop = asyncio.new_event_loop()
        self.wait(self.database.open())

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Return what a coroutine returns."""
        return self._loop.run_until_complete(coroutine)

    def ask(self, grant: Grant, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Return the `data` of an answer; raise what the answering raises."""
        return orjson.loads(self.wait(self.answering.answer(grant, Request(query, None, variables or {}))))

    def statement(self, grant: Grant, query: str, variables: Mapping[str, Any] | None = None) -> str:
        """Return the one statement that answers an operation."""
        del self.database.statements[:]
        self.ask(grant, query, variables)
        (statement,) = self.database.statements
        return statement

    def close(self) -> None:
        """Close the database and the loop."""
        self.wait(self.database.close())
        self._loop.close()


@contextlib.contextmanager
def answering_world(url: str, registry: Registry) -> Iterator[World]:
    """Yield a registry that answers from the empty, migrated database at `url`."""
    engine = create_engine(sqlalchemy_url(url, "psycopg"))
    registry.write(engine)
    _admit_clients(engine, ["c1", "c2"])
    engine.dispose()
    world = World(registry, url)
    try:
        yield world
    finally:
        world.close()


def _admit_clients(engine: Engine, clients: Iterable[str]) -> None:
    agreement = {
        "id": 1,
        "reference": "A1",
        "title": "An agreement for tests",
        "consumer": "nobody",
        "legal_basis": "none",
        "purposes": ["tests"],
        "bundles": [],
        "territory_kind": "NATIONAL",
        "territory": [],
        "cohort_id": None,
        "status": "ACTIVE",
        "valid_from": date(2020, 1, 1),
        "valid_until": VALID_UNTIL,
    }
    one = {"agreement_id": 1, "scopes": [], "auth_method": "client_secret_basic", "secret_digest": "none"}
    with engine.begin() as connection:
        connection.execute(insert(tables.DataSharingAgreement), [agreement])
        connection.execute(insert(tables.Client), [one | {"id": client, "name": client} for client in clients])


def grant_of(bundles: Iterable[Bundle] = EVERYTHING, rows: RowLimit = NATIONAL, client: str = "c1") -> Grant:
    """Return a grant of these bundles and rows."""
    return Grant(
        client, client, 1, "A1", "An agreement for tests", 1, ("tests",), frozenset(bundles), rows, VALID_UNTIL
    )


def cohort_of(registry: Registry, code: str) -> Cohort:
    """Return the cohort of a programme."""
    return Cohort(next(row["id"] for row in registry.rows["programme"] if row["code"] == code), code)


def limit_to(registry: Registry, kind: TerritoryKind, codes: Sequence[str], cohort: str | None = None) -> RowLimit:
    """Return the row limit to provinces or districts by their codes, and to a cohort."""
    ids = tuple(sorted(row["id"] for row in registry.rows["region"] if row["code"] in codes))
    return RowLimit(kind, ids, tuple(codes), cohort_of(registry, cohort) if cohort else None)


def difference(found: Any, expected: Any, meet: Callable[[str, Any], None], path: str = "data") -> str | None:
    """Return where two JSON values differ, the order of their keys included; none when they do not.

    What the oracle cannot know, the cursor of a place, is handed to `meet` with the place.
    """
    match expected:
        case dict():
            if not isinstance(found, dict) or list(found) != list(expected):
                return f"{path}: {_keys(found)} are not {list(expected)}"
            parts = ((found[key], expected[key], f"{path}.{key}") for key in expected)
        case list():
            if not isinstance(found, list) or len(found) != len(expected):
                return f"{path}: {_length(found)} items are not {len(expected)}"
            parts = ((found[at], expected[at], f"{path}.{at}") for at in range(len(expected)))
        case None | bool() | str() | int() | float():
            alike = found == expected and isinstance(found, bool) == isinstance(expected, bool)
            return None if alike else f"{path}: {found!r} is not {expected!r}"
        case _:
            meet(found, expected)
            return None
    return next(filter(None, (difference(one, other, meet, where) for one, other, where in parts)), None)


def _keys(found: Any) -> Any:
    return list(found) if isinstance(found, dict) else type(found).__name__


def _length(found: Any) -> Any:
    return len(found) if isinstance(found, list) else type(found).__name__
