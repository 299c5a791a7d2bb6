"""The databases of the tests: one embedded PostgreSQL a run, one migrated template, a copy for whoever wants one."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from server.embedded import embedded_database
from server.settings import sqlalchemy_url

ROOT = Path(__file__).parent.parent
TEMPLATE = "registry_template"


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the embedded server of this run, without fsync: its data are not meant to survive."""
    with embedded_database(tmp_path_factory.mktemp("data")) as url:
        with _autocommit(url) as connection:
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                connection.execute(text(f"alter system set {setting}"))
            connection.execute(text("select pg_reload_conf()"))
        yield url


def _autocommit(url: str) -> Connection:
    return create_engine(sqlalchemy_url(url, "psycopg"), isolation_level="AUTOCOMMIT").connect()


def named(url: str, database: str) -> str:
    """Return the address of another database on the server of `url`."""
    head, _, query = url.partition("?")
    return head.rsplit("/", 1)[0] + f"/{database}" + (f"?{query}" if query else "")


def alembic_config() -> Config:
    """Return the project's own Alembic configuration, from `pyproject.toml`."""
    return Config(toml_file=ROOT / "pyproject.toml")


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`."""
    engine = create_engine(sqlalchemy_url(url, "psycopg"))
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of a migrated, empty database."""
    with _autocommit(server_url) as connection:
        connection.execute(text(f"create database {TEMPLATE}"))
    migrate(named(server_url, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def new_database(server_url: str, template: str) -> Callable[[], str]:
    """Make a fresh migrated database and return its `postgresql://` address; cheap, so take one freely."""
    numbers = itertools.count(1)

    def make(source: str = template) -> str:
        name = f"registry_{next(numbers)}"
        with _autocommit(server_url) as connection:
            connection.execute(text(f"create database {name} template {source}"))
        return named(server_url, name)

    return make


@pytest.fixture
def engine(new_database: Callable[[], str]) -> Iterator[Engine]:
    """A synchronous engine on a fresh migrated database of the test's own."""
    engine = create_engine(sqlalchemy_url(new_database(), "psycopg"))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a fresh migrated database of the test's own."""
    with Session(engine) as session:
        yield session
