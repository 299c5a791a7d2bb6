"""The database that a command works on, and its engines. For the commands, the demo and the application."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server.embedded import embedded_database
from server.failure import CannotStart
from server.migrations import is_current, migrate
from server.settings import Settings, sqlalchemy_url

OLDEST_POSTGRESQL = 18
"""The oldest major version that has all that the tables use: `uuidv7()`, virtual generated columns."""

_ACCESS_POOL = 5
"""Connections of one server process for finding clients and keys."""


@contextlib.contextmanager
def database_of(settings: Settings, data_dir: Path) -> Iterator[str]:
    """Yield the `postgresql://` address of NSER_DATABASE_URL or else of the embedded database under `data_dir`."""
    if settings.database_url:
        yield settings.database_url
    else:
        with embedded_database(data_dir) as url:
            yield url


@contextlib.contextmanager
def bare_engine(url: str) -> Iterator[Engine]:
    """Yield a synchronous engine on a database that answers; raise `CannotStart` when it does not or is too old."""
    engine = create_engine(driver_url(url, "psycopg"), poolclass=NullPool, hide_parameters=True)
    try:
        _require_answer(engine)
        yield engine
    finally:
        engine.dispose()


@contextlib.contextmanager
def registry_engine(settings: Settings, data_dir: Path) -> Iterator[Engine]:
    """Yield a synchronous engine on a migrated registry.

    The embedded database, which nobody else looks after, is migrated here. Raises `CannotStart` when another is behind.
    """
    with database_of(settings, data_dir) as url, bare_engine(url) as engine:
        bring_up_to_date(engine, embedded=not settings.database_url)
        yield engine


def bring_up_to_date(engine: Engine, *, embedded: bool) -> None:
    """Migrate an embedded database; raise `CannotStart` when a deployment's is not at the newest revision."""
    if is_current(engine):
        return
    if not embedded:
        raise CannotStart("The database is not at this program's revision. Run `nser migrate` first.")
    migrate(engine)


def async_engine(url: str, settings: Settings) -> AsyncEngine:
    """Return the engine on which a server process finds clients and keys; answers have a pool of their own.

    Its statements are cancelled after `statement_timeout_ms`.
    """
    return create_async_engine(
        driver_url(url, "asyncpg"),
        pool_size=_ACCESS_POOL,
        max_overflow=0,
        pool_recycle=3600,
        hide_parameters=True,
        connect_args={
            "server_settings": {
                "application_name": "nser",
                "statement_timeout": str(settings.statement_timeout_ms),
                "idle_in_transaction_session_timeout": "60000",
            }
        },
    )


def driver_url(url: str, driver: str) -> str:
    """Return `url` with the SQLAlchemy driver named in it; raise `CannotStart` when it is no PostgreSQL address."""
    try:
        return sqlalchemy_url(url, driver)
    except ValueError as failure:
        raise CannotStart(f"{failure}.") from None


def _require_answer(engine: Engine) -> None:
    try:
        with engine.connect() as connection:
            version = int((connection.dialect.server_version_info or (0,))[0])
    except OperationalError as failure:
        raise CannotStart(
            f"The database at {engine.url.render_as_string(hide_password=True)} cannot be reached: {_reason(failure)}. "
            "Check NSER_DATABASE_URL and that the server runs."
        ) from failure
    if version < OLDEST_POSTGRESQL:
        raise CannotStart(f"PostgreSQL {OLDEST_POSTGRESQL} or newer is needed; this one is {version}.")


def _reason(failure: OperationalError) -> str:
    lines = [line.strip() for line in str(failure.orig).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else "it gives no reason"
