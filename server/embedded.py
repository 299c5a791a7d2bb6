"""The embedded PostgreSQL for evaluation and tests. Commands reach it through `server/database.py`.

Two lock files decide everything, and the system frees them however a process ends, `kill -9` included:
`starting` is held while somebody starts or stops the server, `in-use` is shared by all who use it.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from server.cluster import Cluster, find_programs
from server.failure import CannotStart
from server.unprivileged import account_for_server


@contextlib.contextmanager
def embedded_database(data_dir: Path) -> Iterator[str]:
    """Yield the URL of an embedded PostgreSQL under `data_dir`, started when needed and shared by concurrent commands.

    The last command that uses it stops it. Raises `CannotStart`, in a sentence that says what to do, when the package
    is not installed, the folder cannot be written, or the server does not start.
    """
    cluster = Cluster(_prepared(data_dir.absolute()), find_programs(), account_for_server())
    using = _enter(cluster)
    try:
        yield cluster.url()
    finally:
        _leave(cluster, using)


def _enter(cluster: Cluster) -> IO[bytes]:
    with _held(cluster.folder / "starting"):
        using = (cluster.folder / "in-use").open("wb")
        try:
            fcntl.flock(using, fcntl.LOCK_SH)
            _hand_over(cluster)
            cluster.start()
        except BaseException:
            using.close()
            _stop_if_unused(cluster)
            raise
        return using


def _leave(cluster: Cluster, using: IO[bytes]) -> None:
    with _held(cluster.folder / "starting"):
        using.close()
        _stop_if_unused(cluster)


def _stop_if_unused(cluster: Cluster) -> None:
    with (cluster.folder / "in-use").open("wb") as alone, contextlib.suppress(BlockingIOError):
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        cluster.stop()


@contextlib.contextmanager
def _held(lock: Path) -> Iterator[None]:
    with lock.open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _hand_over(cluster: Cluster) -> None:
    if cluster.account:
        os.chown(cluster.folder, cluster.account.uid, cluster.account.gid)


def _prepared(data_dir: Path) -> Path:
    folder = data_dir / "postgres"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        (folder / "in-use").touch()
    except OSError as failure:
        raise CannotStart(
            f"The data folder {data_dir} cannot be written: {failure.strerror}. Choose another with --data-dir."
        ) from failure
    return folder
