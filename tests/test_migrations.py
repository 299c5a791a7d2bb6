"""Migrations go up and down, and leave exactly what the models say."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect

from tests.conftest import alembic_config


def _config(connection: Connection) -> Config:
    config = alembic_config()
    config.attributes["connection"] = connection
    return config


def test_models_and_migrations_agree(engine: Engine) -> None:
    """A database migrated to the newest revision is the database that the models describe."""
    with engine.begin() as connection:
        command.check(_config(connection))


def test_down_and_up_again(engine: Engine) -> None:
    """The way down leaves nothing but Alembic's own table, and the way up again gives the same database."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert inspect(connection).get_view_names() == []
        command.upgrade(_config(connection), "head")
        command.check(_config(connection))
