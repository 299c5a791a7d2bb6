"""The account that PostgreSQL runs as when the command runs as root. For `cluster` and `embedded` only."""

import logging
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from server.failure import CannotStart

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """A system account without rights of its own."""

    name: str
    uid: int
    gid: int


def account_for_server() -> Account | None:
    """Return whom to run PostgreSQL as: None for the caller, or `nobody` when the caller is root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as missing:
        raise CannotStart(
            "PostgreSQL does not run as root, and this system has no account `nobody` to run it as. "
            "Run the command as an ordinary user."
        ) from missing
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def let_through(account: Account, path: Path) -> None:
    """See that `account` can reach `path`: root's own closed folders above it are opened for passing (not for listing).

    Says so in the log. Raises `CannotStart` when a folder on the way belongs to somebody else, whose door it is.
    """
    for folder in reversed(path.resolve().parents):
        if _may_pass(account, folder):
            continue
        if folder.stat().st_uid != 0:
            raise CannotStart(
                f"PostgreSQL does not run as root, and {folder} is closed to the account it would run as. "
                "Run the command as the owner of that folder, or choose another folder with --data-dir."
            )
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
        _LOG.warning(
            "PostgreSQL does not run as root: %s was opened for its account %s to pass (chmod o+x).",
            folder,
            account.name,
        )


def let_run(account: Account, programs: Path) -> None:
    """See that `account` can run what is in `programs`, and read what it needs beside it."""
    let_through(account, programs)
    if programs.stat().st_mode & stat.S_IXOTH and (programs / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    # Installed under a umask that shuts others out.
    for path in (programs.parent, *programs.parent.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _may_pass(account: Account, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
