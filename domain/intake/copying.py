"""What SQLAlchemy has no words for on a connection: COPY, and statements that are planned anew each time.

Only intake and verification use it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection


def driver(connection: Connection) -> psycopg.Connection[Any]:
    """Return the driver's own connection, which shares the transaction; the engine must be one of psycopg."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


@contextmanager
def unprepared(connection: Connection) -> Iterator[None]:
    """Have every statement planned for the values it is given. A statement that the driver has prepared gets a plan for
    a few values after some batches, which may read a whole table once for each of thousands."""
    connected = driver(connection)
    before, connected.prepare_threshold = connected.prepare_threshold, None
    try:
        yield
    finally:
        connected.prepare_threshold = before


def copy_lines(connection: Connection, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Append lines in the text format of COPY, each with its end, to `table`."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin with (null '')").format(sql.Identifier(table), names)
    with driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines))
