"""The embedded database starts whatever state its folder is in, is shared, and is gone when nobody uses it."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from server.embedded import embedded_database
from server.failure import CannotStart

ROOT = Path(__file__).parent.parent

USER = """
import sys, time
from pathlib import Path
from server.embedded import embedded_database
with embedded_database(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(float(sys.argv[2]))
"""
"""Another command that uses the database for some seconds."""


def _postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def _alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" if Path("/proc").exists() else True
    return False


def _gone(pid: int) -> bool:
    for _ in range(100):
        if not _alive(pid):
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def _another_user(data_dir: Path, seconds: float = 60) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the database of `data_dir` already."""
    command = [sys.executable, "-c", USER, str(data_dir), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql://")
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the database has been used before; tests leave it usable."""
    data_dir = tmp_path_factory.mktemp("used")
    with embedded_database(data_dir):
        return data_dir


def _write(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept (number int)")
        connection.execute("delete from kept")
        connection.execute("insert into kept values (%s)", [number])


def _read(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [number for (number,) in connection.execute("select number from kept order by 1")]


def test_it_keeps_its_data_and_runs_only_while_used(folder: Path) -> None:
    """What was written is there at the next start, and in between no server runs."""
    with embedded_database(folder) as url:
        _write(url, 1)
        first = _postmaster(folder)
        assert _alive(first)
    assert _gone(first)
    with embedded_database(folder) as url:
        assert _read(url) == [1]


def test_it_listens_on_no_network_and_lets_nobody_else_in(folder: Path) -> None:
    """The server has no address but a socket, in a folder that only its own account may enter."""
    with embedded_database(folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert stat.S_IMODE((folder / "postgres").stat().st_mode) == 0o700


def test_two_commands_share_one_server_and_the_last_stops_it(folder: Path) -> None:
    """The second command uses the first one's server; however it ends, it does not take the server away."""
    with embedded_database(folder) as url:
        shared = _postmaster(folder)
        with _another_user(folder, seconds=0) as ends_orderly, _another_user(folder) as is_killed:
            ends_orderly.wait()
            is_killed.kill()
            is_killed.wait()
        _write(url, 2)
        assert _postmaster(folder) == shared
    assert _gone(shared)


def test_a_server_left_by_a_killed_command_is_used_and_stopped_by_the_next(folder: Path) -> None:
    """A command that was killed with -9 leaves a server; the next command uses it and, as the last, stops it."""
    with _another_user(folder) as killed:
        left = _postmaster(folder)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert _alive(left)
    with embedded_database(folder) as url:
        assert _postmaster(folder) == left
        _write(url, 3)
    assert _gone(left)


def test_it_starts_beside_the_leftovers_of_a_killed_server(folder: Path) -> None:
    """A server that was killed with -9 leaves its pid file and socket; the next start mends and loses nothing."""
    with contextlib.suppress(Exception), embedded_database(folder) as url:
        _write(url, 4)
        os.kill(_postmaster(folder), signal.SIGKILL)
    with embedded_database(folder) as url:
        assert _read(url) == [4]


def test_a_stale_pid_file_that_names_another_process_does_not_keep_it_from_starting(folder: Path) -> None:
    """The number of a dead server may belong to another process by now, which is neither used nor harmed."""
    with embedded_database(folder):
        pid_file = folder / "postgres" / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    # PostgreSQL heeds only processes of its own account.
    with subprocess.Popen(["sleep", "60"], user="nobody" if os.geteuid() == 0 else None) as innocent:
        pid_file.write_text("\n".join([str(innocent.pid), *lines[1:]]) + "\n")
        with embedded_database(folder) as url:
            _write(url, 5)
            assert _postmaster(folder) != innocent.pid
        assert _alive(innocent.pid)
        innocent.kill()


def test_an_interrupted_first_start_begins_anew(tmp_path: Path) -> None:
    """A half-made cluster is put aside, so a first start may be interrupted anywhere."""
    unfinished = tmp_path / "postgres" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with embedded_database(tmp_path) as url:
        _write(url, 6)
    assert not unfinished.exists()


def test_two_first_starts_at_once_make_one_cluster(tmp_path: Path) -> None:
    """Processes that start in the same moment wait for each other and share the server."""
    with contextlib.ExitStack() as users:
        command = [sys.executable, "-c", USER, str(tmp_path), "0.5"]
        started = [users.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)) for _ in range(3)]
        urls = {process.communicate()[0] for process in started}
        assert len(urls) == 1
        assert [process.returncode for process in started] == [0, 0, 0]
    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()


def test_a_path_too_long_for_a_socket_works_all_the_same(tmp_path: Path) -> None:
    """A socket's path may have 107 bytes; below a longer folder the socket is elsewhere, and goes with the server."""
    deep = tmp_path / ("a long name with spaces " * 6).strip()
    with embedded_database(deep) as url:
        _write(url, 7)
        sockets = Path((deep / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[4])
        assert len(str(deep)) > 107 > len(str(sockets))
    assert not sockets.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_opens_its_own_closed_folder_for_passing_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Below root's own closed folder it works; others may then pass the folder, not list it, and the log says so."""
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    with embedded_database(closed / "data") as url:
        _write(url, 8)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701
    assert str(closed) in caplog.text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_does_not_open_the_folder_of_another_account(tmp_path: Path) -> None:
    """Below a closed folder that belongs to another account, root is told to run the command as that account."""
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    os.chown(closed, 12345, 12345)
    with pytest.raises(CannotStart, match=r"Run the command as the owner of that folder"), embedded_database(closed):
        pass
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where the data folder cannot be made, the sentence names it and the option that chooses another."""
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(CannotStart, match=r"file/data cannot be written: .*--data-dir"),
        embedded_database(tmp_path / "file" / "data"),
    ):
        pass


def test_a_database_of_another_version_is_named(folder: Path) -> None:
    """A folder that another PostgreSQL made is left as it is, and the sentence says which made it."""
    version = folder / "postgres" / "data" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(CannotStart, match="made by PostgreSQL 17"), embedded_database(folder):
        pass
    assert version.read_text() == "17\n"
    version.write_text("18\n")


def test_a_server_that_will_not_start_says_why(folder: Path) -> None:
    """What PostgreSQL itself says, and where its log is, are in the sentence."""
    settings = folder / "postgres" / "data" / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(good + "shared_buffers = 'a lot'\n")
    with pytest.raises(CannotStart, match=r"did not start.*Its log is .*postgres/log"), embedded_database(folder):
        pass
    settings.write_text(good)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, the sentence says how to get it and what to set instead."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CannotStart, match="NSER_DATABASE_URL to a PostgreSQL 18"), embedded_database(tmp_path):
        pass


def test_it_says_nothing_to_a_newcomer(folder: Path) -> None:
    """Starting and stopping print nothing: neither the server nor a library talks on stderr."""
    folder.chmod(0o755)
    command = [sys.executable, "-W", "default", "-c", USER, str(folder), "0"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stderr == ""


def test_variables_of_another_postgresql_change_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PGPORT and the like, set for somebody's own PostgreSQL, do not reach the embedded one."""
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGHOST", socket.gethostname())
    with embedded_database(folder) as url:
        _write(url, 9)
