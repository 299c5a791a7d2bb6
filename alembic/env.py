"""Alembic's environment: migrates the database that `NSER_DATABASE_URL` or the calling command names."""

from alembic import context
from sqlalchemy import create_engine, pool

from auth.tables import Base
from domain.base import is_view


def _included(obj: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:
    """Leave out what Alembic cannot compare: views, and indexes on expressions, which are named `expression_…`."""
    if type_ == "index":
        return not (name or "").startswith("expression_")
    return not (type_ == "table" and is_view(obj))


def _run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    from server.settings import Settings

    engine = create_engine(Settings().sync_database_url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        _migrate(connection)


def _migrate(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=_included,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
