"""The connections on which plans are answered. Opened by server/, used by whoever holds a plan; writes nothing.

Connections are read-only and never reset between statements: nothing in them ever changes, and asyncpg's reset would
cost every statement another round trip.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import asyncpg

from domain.errors import BadInput, Refusal

Record = Any


class Unavailable(Refusal):
    """The database cannot be reached or is overloaded; the same request may be answered later."""

    code = "UNAVAILABLE"


class TimedOut(Refusal):
    """The statement ran longer than statements may."""

    code = "TIMEOUT"


class Ambiguous(Refusal):
    """Two rows bear one identity number; the registry does not choose between them."""

    code = "AMBIGUOUS"


class Database:
    """A pool of read-only connections to the registry."""

    def __init__(self, url: str, *, size: int, statement_timeout_ms: int) -> None:
        self._url = url
        self._size = size
        self._settings = {
            "application_name": "nser",
            "default_transaction_read_only": "on",
            "statement_timeout": str(statement_timeout_ms),
            "timezone": "Asia/Karachi",
            "jit": "off",
        }
        self._general: asyncpg.Pool[Any] | None = None
        self._by_value: asyncpg.Pool[Any] | None = None

    async def open(self) -> None:
        """Open the pool; raise `Unavailable` when the database cannot be reached."""
        with _translated():
            self._general = await self._pool("force_generic_plan")
            self._by_value = await self._pool("auto")

    async def _pool(self, plan_cache_mode: str) -> "asyncpg.Pool[Any]":
        return await asyncpg.create_pool(
            self._url,
            min_size=1,
            max_size=self._size,
            server_settings=self._settings | {"plan_cache_mode": plan_cache_mode},
            init=_json_as_bytes,
            reset=_keep,
            statement_cache_size=500,
            max_cached_statement_lifetime=0,
            max_inactive_connection_lifetime=0,
        )

    async def close(self) -> None:
        """Close the pool when its statements are done."""
        for pool in (self._general, self._by_value):
            if pool is not None:
                await pool.close()

    async def fetch_one(self, sql: str, arguments: Sequence[Any], *, by_value: bool = False) -> Record | None:
        """Return the one row of a statement, or none. Raises `Refusal` for what the caller or time can mend.

        `by_value` says that the best way through the tables depends on the arguments, so PostgreSQL may plan anew for
        them; else it plans the statement once a connection, which saves more than the statement costs.
        """
        pool = self._by_value if by_value else self._general
        if pool is None:
            raise Unavailable("The database is not open.")
        with _translated():
            async with pool.acquire() as connection:
                return await connection.fetchrow(sql, *arguments)


async def _keep(connection: Any) -> None:
    """Leave a connection as it is: no statement of a plan changes anything in it."""


async def _json_as_bytes(connection: Any) -> None:
    """Hand JSON through as the bytes that PostgreSQL sends."""
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn what can go wrong in the database into refusals; anything else is a fault of ours and goes through."""
    try:
        yield
    except asyncpg.QueryCanceledError:
        raise TimedOut("The question takes longer than a statement may. Ask for fewer rows, or filter more.") from None
    except asyncpg.CardinalityViolationError:
        raise Ambiguous("This number is recorded for two registrants. Report it; a desk has to resolve it.") from None
    except asyncpg.DataError:
        raise BadInput("A value cannot be understood by the database.") from None
    except asyncpg.PostgresError as error:
        if error.sqlstate == "NS001":
            raise BadInput(str(error.args[0])) from None
        if error.sqlstate[:2] in ("08", "53", "57"):
            raise Unavailable("The database is not available. Try again in a moment.") from None
        raise
    except asyncpg.InterfaceError as error:
        if "closed" not in str(error):
            raise
        raise Unavailable("The database is not available. Try again in a moment.") from None
    except OSError:
        raise Unavailable("The database is not available. Try again in a moment.") from None
