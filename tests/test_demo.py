"""The demonstration: made from nothing, kept from start to start, resumed when interrupted, gone when stopped."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from server.demo import secret_key
from server.embedded import embedded_database
from tests.demo_oracle import clients_by_name, whole_registry, wrong_in

ROOT = Path(__file__).parent.parent
HOUSEHOLDS = 300


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("NSER_")}


def _command(folder: Path, port: int, *more: str, households: int = HOUSEHOLDS) -> list[str]:
    options = ["--data-dir", str(folder), "--households", str(households), "--seed", "5", "--port", str(port)]
    return [sys.executable, "-m", "server.cli", "demo", *options, *more]


def _run(folder: Path, port: int, *more: str, households: int = HOUSEHOLDS, **environment: str) -> Any:
    return subprocess.run(
        _command(folder, port, *more, households=households),
        cwd=ROOT,
        env=_environment() | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextlib.contextmanager
def _served(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The demonstration, serving."""
    with subprocess.Popen(
        _command(folder, port), cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _answers(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(port: int) -> None:
    for _ in range(300):
        if _answers(port):
            return
        time.sleep(0.1)
    raise AssertionError("nothing listens")


def _postmaster(folder: Path) -> int:
    return int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def _is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="session")
def port() -> int:
    """A port that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, port: int) -> tuple[Path, dict[str, Any]]:
    """The folder of a demonstration that was made once, and what its command printed as JSON."""
    folder = tmp_path_factory.mktemp("demo")
    ended = _run(folder, port, "--no-serve", "--json")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("\n") == 1
    return folder, json.loads(ended.stdout)


@pytest.fixture
def folder(made: tuple[Path, dict[str, Any]]) -> Path:
    """The folder of the demonstration."""
    return made[0]


def test_it_loads_what_it_synthesised(made: tuple[Path, dict[str, Any]]) -> None:
    """Every household of its own survey went in through the ordinary load, and none was set aside."""
    folder, told = made
    assert told["load"]["households"] == {"accepted": HOUSEHOLDS, "rejected": 0, "unchanged": 0}
    assert told["load"]["rejected_file"] is None
    assert list(told["seconds"]) == ["geography", "survey", "load", "quarter", "tidy"]
    with embedded_database(folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("select count(*) from household").fetchone() == (HOUSEHOLDS,)


def test_a_quarter_has_left_its_traces(folder: Path) -> None:
    """Most numbers match and some do not, and each of BISP's programmes has people, Kafaalat most."""
    with embedded_database(folder) as url, psycopg.connect(url) as connection:
        statuses = _counted(connection, "select verification_status, count(*) from person group by 1")
        enrolled = _counted(
            connection, "select code, count(*) from enrolment join programme on programme.id = programme_id group by 1"
        )
    assert statuses["MATCH"] > 0.9 * (statuses["MATCH"] + statuses["MISMATCH"] + statuses["EXPIRED"])
    assert {"MISMATCH", "EXPIRED", "NO_RECORD"} <= set(statuses)
    assert {"KAFAALAT", "NASHONUMA", "TALEEMI_WAZAIF"} <= set(enrolled)


def _counted(connection: psycopg.Connection[Any], sql: LiteralString) -> dict[str, int]:
    return {str(name): int(count) for name, count in connection.execute(sql)}


def test_its_secrets_are_for_the_owner_alone(folder: Path) -> None:
    """The clients' secrets and the sealing key are in files that nobody else may read; the key stays the same."""
    key = secret_key(folder / "secret_key")
    assert len(key) >= 32
    assert secret_key(folder / "secret_key") == key
    for file in ("sandbox.json", "secret_key"):
        assert stat.S_IMODE((folder / file).stat().st_mode) == 0o600


def test_a_second_start_keeps_everything_and_takes_seconds(made: tuple[Path, dict[str, Any]], port: int) -> None:
    """What is there is neither made again nor changed: data, secrets, the file that tells them."""
    folder, first = made
    sandbox, begun = (folder / "sandbox.json").stat().st_mtime_ns, time.monotonic()
    again = json.loads(_run(folder, port, "--no-serve", "--json").stdout)
    assert time.monotonic() - begun < 20
    assert again == first | {"seconds": {}}
    assert (folder / "sandbox.json").stat().st_mtime_ns == sandbox


def test_another_demonstration_in_the_same_folder_is_refused(folder: Path, port: int) -> None:
    """A folder that holds one demonstration is not turned into another by a different option."""
    ended = _run(folder, port, "--no-serve", households=HOUSEHOLDS + 1)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"holds a demonstration of {HOUSEHOLDS} households with seed 5" in ended.stderr


def test_the_printed_commands_work_and_ctrl_c_stops_everything(folder: Path, port: int) -> None:
    """The three questions answer as printed, and as loops over the whole registry answer them; after Ctrl-C neither the
    server nor PostgreSQL is left."""
    registry, clients = whole_registry(folder), clients_by_name(folder)
    with _served(folder, port) as demo:
        _wait_for(port)
        postmaster = _postmaster(folder)
        assert demo.stdout is not None
        commands: list[str] = []
        while len(commands) < 3:
            line = demo.stdout.readline()
            commands += [line] if line.startswith("curl ") else []
        for command in commands:
            answer = subprocess.run(
                ["bash", "-c", command], cwd=ROOT, env=_environment(), capture_output=True, check=True
            )
            content = json.loads(answer.stdout)
            assert "errors" not in content, command
            assert all(content["data"].values())
            assert wrong_in(content, clients[_client_of(command)], registry) is None
        demo.send_signal(signal.SIGINT)
        _, stderr = demo.communicate(timeout=20)
    assert demo.returncode == 0
    assert "Traceback" not in stderr
    assert not _answers(port)
    assert _is_gone(postmaster)


def test_every_client_can_ask_its_example(folder: Path, port: int) -> None:
    """With its secret from sandbox.json each client gets a token, and with it the answer to its own example."""
    sandbox = json.loads((folder / "sandbox.json").read_text())
    with _served(folder, port) as demo:
        _wait_for(port)
        postmaster = _postmaster(folder)
        for client in sandbox["clients"]:
            credentials = f"{client['client_id']}:{client['client_secret']}"
            token = _curl(sandbox["token_url"], "-u", credentials, "-d", "grant_type=client_credentials")
            authorization = f"Authorization: Bearer {token['access_token']}"
            body = json.dumps(client["example"])
            answer = _curl(
                sandbox["graphql_url"], "-H", authorization, "-H", "Content-Type: application/json", "-d", body
            )
            assert "errors" not in answer, client["client_id"]
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=20)
    assert demo.returncode == 0
    assert _is_gone(postmaster)


def _client_of(command: str) -> str:
    return command.split(" token ")[1].split()[0]


def _curl(url: str, *options: str) -> Any:
    return json.loads(subprocess.run(["curl", "-s", url, *options], capture_output=True, check=True).stdout)


def test_an_interrupted_first_run_goes_on_where_it_stopped(tmp_path: Path, port: int) -> None:
    """Killed with -9 while it loads, the next start takes what is complete, ends the rest, and loses nothing.

    The record of a database that was removed is not believed.
    """
    (tmp_path / "demo.json").write_text('{"database": "another", "households": 300, "seed": 5, "load": {}}')
    with subprocess.Popen(_command(tmp_path, port, "--no-serve"), cwd=ROOT, env=_environment()) as first:
        for _ in range(400):
            if "survey" in (tmp_path / "demo.json").read_text():
                break
            time.sleep(0.02)
        first.kill()
    ended = _run(tmp_path, port, "--no-serve", "--json")
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert "survey" not in told["seconds"]
    households = told["load"]["households"]
    assert households["accepted"] + households["unchanged"] == HOUSEHOLDS
    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()


def test_a_taken_port_is_told_before_any_work(tmp_path: Path) -> None:
    """Nothing is made when the port cannot be had; the sentence names the port and the option."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        ended = _run(tmp_path, taken)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"Port {taken} of 127.0.0.1 cannot be used" in ended.stderr
    assert "--port" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_it_does_not_fill_the_database_of_a_deployment(tmp_path: Path, port: int) -> None:
    """With NSER_DATABASE_URL set the demonstration refuses: that database may be a real one."""
    ended = _run(tmp_path, port, "--no-serve", NSER_DATABASE_URL="postgresql://nser@db.example/nser")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Unset NSER_DATABASE_URL" in ended.stderr
