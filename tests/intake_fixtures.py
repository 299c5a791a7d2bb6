"""The fixtures of intake: registries with regions and reference data. Test modules name it in `pytest_plugins`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, create_engine

from domain.reference.install import install_reference_data
from domain.region_file import load_regions
from server.settings import sqlalchemy_url
from tests.intake_files import REGIONS, household, load, person, table, write_csv, write_survey


@pytest.fixture(scope="session")
def intake_template(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the regions of the tests and the reference data of a release, and nobody in it."""
    url = new_database()
    engine = create_engine(sqlalchemy_url(url, "psycopg"))
    with engine.begin() as connection:
        install_reference_data(connection)
    load_regions(engine, write_csv(tmp_path_factory.mktemp("regions") / "regions.csv", table(REGIONS)))
    engine.dispose()
    return urlsplit(url).path.lstrip("/")


@pytest.fixture
def registry_url(new_database: Callable[[str], str], intake_template: str) -> str:
    """The address of a registry of the test's own, ready for a survey."""
    return new_database(intake_template)


@pytest.fixture
def registry(registry_url: str) -> Iterator[Engine]:
    """An engine on a registry of the test's own, ready for a survey."""
    engine = create_engine(sqlalchemy_url(registry_url, "psycopg"))
    yield engine
    engine.dispose()


@pytest.fixture
def other_registry(new_database: Callable[[str], str], intake_template: str) -> Iterator[Engine]:
    """A second registry, to compare with."""
    engine = create_engine(sqlalchemy_url(new_database(intake_template), "psycopg"))
    yield engine
    engine.dispose()


@pytest.fixture
def inhabited(registry: Engine, tmp_path: Path) -> Engine:
    """A registry in which one household lives in Lahore City."""
    load(registry, write_survey(tmp_path / "inhabited", [household("F1")], [person("F1", 1)]))
    return registry
