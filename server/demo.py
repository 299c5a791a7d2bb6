"""The demonstration: a registry of synthetic households that has lived through a quarter. For the command `nser demo`.

Each step is recorded in `demo.json` once it is complete and repeats harmlessly until then, so a demonstration that was
interrupted anywhere goes on where it stopped. The record names the database it is about: another database begins anew.
"""

import os
import secrets
import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from pydantic import SecretStr
from sqlalchemy import Engine, text

from domain.geography import builtin_regions_file
from domain.grant import today
from domain.intake.load import load_survey
from domain.region_file import load_regions
from server.commands.output import bar, note
from server.database import bare_engine, bring_up_to_date
from server.failure import CannotStart
from server.quarter import play_quarter
from server.sandbox import open_sandbox
from server.settings import SECRET_KEY_LENGTH, Settings
from server.synthesis import synthesise

_SHOWN = ("nashonuma", "hunarmand", "punjab")
"""The clients whose questions are printed: one of each group of users."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Which demonstration is asked for, and where."""

    folder: Path
    households: int
    seed: int
    port: int

    @property
    def base_url(self) -> str:
        """The address at which it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def survey(self) -> Path:
        """Where its survey is written, and loaded from."""
        return self.folder / "survey"

    def settings(self, settings: Settings, url: str) -> Settings:
        """Return the settings to serve it with: its own database, address and key, synthetic people admitted."""
        own = {
            "database_url": url,
            "base_url": self.base_url,
            "secret_key": SecretStr(secret_key(self.folder / "secret_key")),
            "synthetic": True,
        }
        return settings.model_copy(update=own)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A demonstration that is ready to be served."""

    sandbox: dict[str, Any]
    load: dict[str, Any]
    """What its load did, as `nser load --json` prints it."""
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each step took of those that were not done before."""

    def to_json(self) -> dict[str, Any]:
        """Return what `nser demo --json` prints."""
        return {"sandbox": self.sandbox, "load": self.load, "seconds": self.seconds}


def prepare(demo: Demo, url: str) -> Prepared:
    """Bring the database at `url` and the demo's folder to where the demonstration can be served.

    Raises `CannotStart` when the folder holds a demonstration of another size or seed.
    """
    with bare_engine(url) as engine:
        bring_up_to_date(engine, embedded=True)
        record = _Record.of(demo, engine)
        for name, words, step in _STEPS:
            record.do(name, words, partial(step, demo, engine))
        with engine.begin() as connection:
            sandbox = open_sandbox(connection, demo.folder, demo.base_url)
    return Prepared(sandbox, record.facts["load"], record.seconds)


def three_commands(demo: Demo, sandbox: dict[str, Any]) -> str:
    """Return a command for each group of users, to be pasted into a shell in the folder where the demo was started."""
    clients = {client["client_id"]: client for client in sandbox["clients"]}
    return "\n".join(
        [f"\nA question of each group of users, to paste into another shell in {Path.cwd()}:"]
        + [_command(demo, sandbox["graphql_url"], clients[client_id]) for client_id in _SHOWN]
        + [f"\nAll clients with their secrets and a question each: {demo.folder / 'sandbox.json'}"]
    )


def _command(demo: Demo, graphql_url: str, client: dict[str, Any]) -> str:
    token = f"{_program()} token {client['client_id']} --data-dir {shlex.quote(str(demo.folder))}"
    body = shlex.quote(orjson.dumps(client["example"]).decode())
    return (
        f'\n# {client["name"]}\ncurl -s {graphql_url} -H "Authorization: Bearer $({token})" '
        f"-H 'Content-Type: application/json' -d {body}"
    )


def _program() -> str:
    """Return how this program is called from the working folder, ready for a shell."""
    called = Path(sys.argv[0]).absolute()
    if called.suffix == ".py":
        return f"{shlex.quote(sys.executable)} -m server.cli"
    return shlex.quote(os.path.relpath(called) if called.is_relative_to(Path.cwd()) else str(called))


class _Record:
    """Which steps are complete, kept in `demo.json` beside the database that they are about."""

    def __init__(self, file: Path, facts: dict[str, Any]) -> None:
        self._file = file
        self.facts = facts
        self.seconds: dict[str, float] = {}

    @classmethod
    def of(cls, demo: Demo, engine: Engine) -> "_Record":
        """Return the record of a demonstration; raise `CannotStart` when the folder holds another."""
        begun = {"database": _identity(engine), "households": demo.households, "seed": demo.seed}
        file = demo.folder / "demo.json"
        kept = _read(file)
        if kept.get("database") != begun["database"]:
            return cls(file, begun)
        if (kept["households"], kept["seed"]) != (demo.households, demo.seed):
            raise CannotStart(
                f"{demo.folder} holds a demonstration of {kept['households']} households with seed {kept['seed']}. "
                "Ask for that one, choose another folder with --data-dir, or remove this one."
            )
        return cls(file, kept)

    def do(self, name: str, words: str, step: Callable[[], Any]) -> None:
        """Take a step unless it is complete, say how long it took, and record it."""
        if name in self.facts:
            return
        begun = time.monotonic()
        self.facts[name] = step()
        self.seconds[name] = round(time.monotonic() - begun, 1)
        _write(self._file, self.facts)
        note(f"{words} ({self.seconds[name]} s)")


def _load_geography(demo: Demo, engine: Engine) -> dict[str, int]:
    return load_regions(engine, builtin_regions_file()).to_json()


def _synthesise(demo: Demo, engine: Engine) -> dict[str, int]:
    with bar("Synthesising households", demo.households) as tell:
        summary = synthesise(demo.survey, demo.households, demo.seed, surveyed_to=today(), progress=tell)
    return {"households": summary.households, "persons": summary.persons}


def _load(demo: Demo, engine: Engine) -> dict[str, Any]:
    with bar("Loading households", demo.households) as tell:
        summary = load_survey(
            engine, demo.survey, rejected_file=demo.survey / "rejected.csv", synthetic=True, progress=tell
        )
    return summary.to_json()


def _play_quarter(demo: Demo, engine: Engine) -> dict[str, int]:
    with engine.begin() as connection:
        return play_quarter(connection, demo.seed, today())


def _tidy(demo: Demo, engine: Engine) -> None:
    """Let PostgreSQL learn what the tables now hold, so that its first plans are its best."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum (analyze)"))


_STEPS: tuple[tuple[str, str, Callable[[Demo, Engine], Any]], ...] = (
    ("geography", "Provinces, districts and tehsils are loaded", _load_geography),
    ("survey", "A survey of synthetic households is written", _synthesise),
    ("load", "The survey is loaded, scored and determined", _load),
    ("quarter", "A quarter has passed: numbers verified, people enrolled", _play_quarter),
    ("tidy", "The database is tidied", _tidy),
)


def _identity(engine: Engine) -> str:
    """Return the number that PostgreSQL gave the cluster when it was made."""
    with engine.connect() as connection:
        return str(connection.scalar(text("select system_identifier from pg_control_system()")))


def _read(file: Path) -> dict[str, Any]:
    try:
        content = orjson.loads(file.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(file: Path, facts: dict[str, Any]) -> None:
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_bytes(orjson.dumps(facts, option=orjson.OPT_INDENT_2))
    unfinished.replace(file)


def secret_key(file: Path) -> str:
    """Return the key with which this demonstration seals cursors, made at its first start, for the owner alone."""
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as handle:
        kept = handle.read()
        if len(kept) < SECRET_KEY_LENGTH:
            kept = secrets.token_urlsafe(32)
            handle.seek(0)
            handle.write(kept)
    return kept
