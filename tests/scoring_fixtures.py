"""The fixture `world`: a furnished registry of a test's own. Test modules name it in `pytest_plugins`."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine, insert, text

from domain.reference.install import install_reference_data
from domain.tables import Region
from server.settings import sqlalchemy_url
from tests.scoring_world import PROVINCES, World


@pytest.fixture(scope="session")
def furnished(new_database: Callable[[], str]) -> Iterator[Engine]:
    """A database with the reference data and the provinces; tests leave it as it is."""
    engine = create_engine(sqlalchemy_url(new_database(), "psycopg"))
    with engine.begin() as connection:
        install_reference_data(connection)
        for name in PROVINCES:
            connection.execute(insert(Region).values(code=name, name=name, level=1))
        connection.execute(text("update region set province_id = id, district_id = id"))
    yield engine
    engine.dispose()


@pytest.fixture
def world(furnished: Engine) -> Iterator[World]:
    """A registry of the test's own: one transaction, rolled back after it."""
    with furnished.connect() as connection, connection.begin() as transaction:
        yield World(connection)
        transaction.rollback()
