"""Sees to it that one survey is loaded at a time. Only intake uses it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import OperationalError

from domain.errors import Refusal

PATIENCE = "60s"
"""How long a load waits for another: one that was killed is gone by then, one that runs is not waited for."""
_LOADING, _WRITING = 0x4E534552, 0x4E534553
"""The numbers of the two advisory locks: the letters NSER, and NSES."""


class LoadRunning(Refusal):
    """Another load is writing to the registry."""

    code = "LOAD_RUNNING"


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """Hold the lock of loading for the connection's session; raise `LoadRunning` when another load does not end.

    What a killed load was writing when it died may go on for a moment, so that is waited for as well.
    """
    try:
        with connection.begin():
            connection.execute(text(f"set local lock_timeout = '{PATIENCE}'"))
            connection.execute(select(func.pg_advisory_lock(_LOADING)))
            connection.execute(select(func.pg_advisory_xact_lock(_WRITING)))
    except OperationalError as failure:
        _release(connection)
        if isinstance(failure.orig, psycopg.errors.LockNotAvailable):
            raise LoadRunning("Another load is running. Wait until it has ended, then load again.") from failure
        raise
    try:
        yield
    finally:
        _release(connection)


def _release(connection: Connection) -> None:
    with connection.begin():
        connection.execute(select(func.pg_advisory_unlock_all()))


def mark_writing(connection: Connection) -> None:
    """Let a load that comes after this one's death wait until the connection's transaction has ended."""
    connection.execute(select(func.pg_advisory_xact_lock_shared(_WRITING)))
