"""The commands do what they say, print one answer, and end with a status and a sentence, never a traceback."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner

from server import logs
from server.cli import app
from tests.conftest import named

ROOT = Path(__file__).parent.parent
CLIENT = ("clients", "register", "partner", "--agreement", "SANDBOX-TEST", "--name", "Partner")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def database(new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database that the commands of the test work on."""
    url = new_database()
    monkeypatch.setenv("NSER_DATABASE_URL", url)
    return url


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command and returns exit status, stdout and stderr."""
    monkeypatch.setenv("NSER_SYNTHETIC", "1")

    def command(*arguments: object) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        return result.exit_code, result.stdout, result.stderr

    return command


@pytest.fixture
def registry(database: str, run: Run) -> str:
    """A database with reference data and the built-in regions."""
    assert run("migrate")[0] == 0
    assert run("geography", "load")[0] == 0
    return database


@pytest.fixture
def survey(tmp_path: Path, run: Run) -> Path:
    """A synthetic survey of thirty households."""
    folder = tmp_path / "survey"
    assert run("synthesise", folder, "--households", 30, "--seed", 7, "--surveyed-to", "2025-06-30")[0] == 0
    return folder


def _only_object(text: str) -> dict[str, object]:
    """Return the one JSON object that the text consists of."""
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    content = json.loads(text)
    assert isinstance(content, dict)
    return content


def test_migrate_says_the_revision_and_may_be_repeated(database: str, run: Run) -> None:
    """`nser migrate --json` prints the revision, and the second time changes nothing and says the same."""
    first = run("migrate", "--json", "--check")
    assert first == (0, '{"revision":"0001"}\n', "")
    assert run("migrate", "--json") == first


def test_a_database_behind_the_program_is_refused_not_changed(
    server_url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment's database is migrated by `nser migrate` only; another command says so and touches nothing."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("create database behind")
    monkeypatch.setenv("NSER_DATABASE_URL", named(server_url, "behind"))
    status, out, err = run("geography", "load")
    assert (status, out) == (1, "")
    assert "Run `nser migrate` first." in err
    with psycopg.connect(named(server_url, "behind")) as connection:
        assert connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)


def test_a_database_that_does_not_answer_is_named_without_its_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says which database cannot be reached, and keeps the password."""
    monkeypatch.setenv("NSER_DATABASE_URL", "postgresql://nser:hunter2@127.0.0.1:1/nser")
    status, out, err = run("rescore", "--json")
    assert (status, out) == (1, "")
    assert "127.0.0.1:1/nser cannot be reached" in err
    assert "hunter2" not in err


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("NSER_POOL_SIZE", "many", "NSER_POOL_SIZE cannot be used"),
        ("NSER_DATABSE_URL", "postgresql://", "Did you mean NSER_DATABASE_URL?"),
        ("NSER_DATABASE_URL", "sqlite://", "must begin with postgresql://"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    """A malformed setting, or a name that is no setting, stops the command with a sentence."""
    monkeypatch.setenv(name, value)
    status, out, err = run("rescore")
    assert (status, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_wrong_usage_has_a_status_of_its_own(run: Run) -> None:
    """An unknown option or a missing argument is usage, status 2, and the command does nothing."""
    assert run("load")[0] == 2
    assert run("load", "folder", "--jsn")[0] == 2
    assert run("unknown")[0] == 2


def test_help_tells_the_statuses(run: Run) -> None:
    """`nser --help` lists every command and what the exit statuses mean."""
    status, out, _ = run("--help")
    assert status == 0
    for word in (
        "demo",
        "serve",
        "migrate",
        "load",
        "geography",
        "synthesise",
        "scorecard",
        "rescore",
        "token",
        "schema",
    ):
        assert word in out
    assert "rows set aside" in " ".join(out.split())


def test_an_unexpected_error_shows_no_value(database: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What should not happen is told by kind and place; its text, which may quote a citizen, only on request."""

    def broken(*arguments: object) -> None:
        raise ValueError("35202-1234567-1")

    monkeypatch.setattr("server.commands.database.migrate", broken)
    status, out, err = run("migrate")
    assert (status, out) == (1, "")
    assert "ValueError" in err
    assert "test_commands.py" in err
    assert "35202" not in err
    monkeypatch.setenv("NSER_TRACEBACK", "1")
    assert isinstance(CliRunner().invoke(app, ["migrate"]).exception, ValueError)


def test_geography_load_takes_the_built_in_table_or_a_file(registry: str, run: Run, tmp_path: Path) -> None:
    """Without a file the built-in regions go in; a file's go in beside them; what cannot be read is one sentence."""
    again = _only_object(run("geography", "load", "--json")[1])
    assert again["added"] == 0
    assert again["unchanged"]
    regions = tmp_path / "regions.csv"
    regions.write_text("pcode,level,name,parent\nZZ,1,Zed,\nZZ1,2,Zed One,ZZ\nZZ101,3,Zed One One,ZZ1\n")
    assert _only_object(run("geography", "load", regions, "--json")[1]) == {"added": 3, "changed": 0, "unchanged": 0}
    status, out, err = run("geography", "load", tmp_path / "none.csv")
    assert (status, out) == (1, "")
    assert "none.csv" in err


def test_load_prints_exactly_what_it_did(registry: str, run: Run, survey: Path) -> None:
    """`nser load --json` prints one object of counts; the same survey again is unchanged, to the row."""
    status, out, err = run("load", survey, "--json")
    assert (status, err) == (0, "")
    summary = _only_object(out)
    assert list(summary) == ["households", "persons", "warnings", "rejected_file"]
    assert summary["households"] == {"accepted": 30, "rejected": 0, "unchanged": 0}
    assert summary["rejected_file"] is None
    again = _only_object(run("load", survey, "--json")[1])
    assert again["households"] == {"accepted": 0, "rejected": 0, "unchanged": 30}


def test_load_sets_bad_rows_aside_and_says_so_by_its_status(
    registry: str, run: Run, survey: Path, tmp_path: Path
) -> None:
    """Status 3 says that rows were set aside; the good ones went in, and the named file tells the others."""
    households = survey / "households.csv"
    lines = households.read_text().splitlines()
    column = lines[0].split(",").index("region_code")
    cells = lines[1].split(",")
    cells[column] = "NOWHERE"
    households.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    status, out, _ = run("load", survey, "--rejected", tmp_path / "aside.csv", "--json")
    assert status == 3
    summary = _only_object(out)
    assert summary["households"] == {"accepted": 29, "rejected": 1, "unchanged": 0}
    assert summary["rejected_file"] == str(tmp_path / "aside.csv")
    assert "NOWHERE" not in (tmp_path / "aside.csv").read_text()


def test_load_of_nothing_is_refused(registry: str, run: Run, tmp_path: Path) -> None:
    """A folder without a survey is a refusal, status 1, with the folder's name."""
    status, out, err = run("load", tmp_path / "none", "--json")
    assert (status, out) == (1, "")
    assert "none" in err


def test_synthesise_says_what_it_wrote(run: Run, tmp_path: Path) -> None:
    """`nser synthesise --json` counts what it wrote, in the form asked for; the same seed gives the same bytes."""
    arguments = ("--households", 5, "--seed", 3, "--surveyed-to", "2025-06-30", "--json")
    written = _only_object(run("synthesise", tmp_path / "a", *arguments)[1])
    assert written["households"] == 5
    run("synthesise", tmp_path / "b", *arguments)
    assert (tmp_path / "a" / "persons.csv").read_bytes() == (tmp_path / "b" / "persons.csv").read_bytes()
    run("synthesise", tmp_path / "c", *arguments, "--format", "parquet")
    assert (tmp_path / "c" / "persons.parquet").exists()


def test_rescore_counts_what_it_scored(registry: str, run: Run, survey: Path) -> None:
    """`nser rescore --json` scores every household and makes every determination again."""
    run("load", survey)
    done = _only_object(run("rescore", "--json")[1])
    assert done["households"] == 30
    assert done["determinations"]


def test_scorecard_load_shows_no_weight(registry: str, run: Run, tmp_path: Path) -> None:
    """A private scorecard goes in once; what is printed names it and counts its questions, nothing more."""
    shipped = (ROOT / "domain" / "reference" / "scorecard_schreiner_2009.toml").read_text()
    file = tmp_path / "private.toml"
    file.write_text(shipped.replace('version = "', 'version = "private-', 1))
    status, out, err = run("scorecard", "load", file, "--json")
    assert (status, err) == (0, "")
    loaded = _only_object(out)
    assert list(loaded) == ["code", "version", "questions", "is_new"]
    assert loaded["is_new"] is True
    assert _only_object(run("scorecard", "load", file, "--json")[1])["is_new"] is False


@pytest.fixture
def agreement(registry: str) -> str:
    """The reference of an agreement without rows, under which clients can be registered."""
    with psycopg.connect(registry) as connection:
        connection.execute(
            "insert into data_sharing_agreement (reference, title, consumer, legal_basis, purposes, bundles,"
            " territory_kind, territory, status, valid_from, valid_until) values ('SANDBOX-TEST', 't', 'c', 'l',"
            " '{p}', '{household:read,person:read}', 'NONE', '{}', 'ACTIVE', '2025-01-01', '2099-12-31')"
        )
    return "SANDBOX-TEST"


def test_a_client_is_registered_with_a_secret_that_is_shown_once(agreement: str, run: Run) -> None:
    """Without keys a secret is made and printed; the database keeps only its digest."""
    status, out, _ = run(*CLIENT, "--scopes", "household:read", "--json")
    assert status == 0
    made = _only_object(out)
    assert made["client_id"] == "partner"
    assert len(str(made["client_secret"])) >= 43
    with psycopg.connect(os.environ["NSER_DATABASE_URL"]) as connection:
        digest = connection.execute("select secret_digest from client").fetchone()
    assert digest is not None
    assert digest[0] != made["client_secret"]


def test_a_client_is_registered_with_its_public_key_only(agreement: str, run: Run, tmp_path: Path) -> None:
    """A public JWK registers a client without secret; a private one is refused, and so is what is no JWK."""
    key = ECKey.generate_key("P-256", auto_kid=True)
    (tmp_path / "private.json").write_text(json.dumps(key.as_dict(private=True)))
    (tmp_path / "public.json").write_text(json.dumps(key.as_dict(private=False)))
    (tmp_path / "text.json").write_text("no JSON")
    for refused in ("private.json", "text.json", "missing.json"):
        assert run(*CLIENT, "--scopes", "household:read", "--keys", tmp_path / refused)[0] == 1
    status, out, _ = run(*CLIENT, "--scopes", "household:read", "--keys", tmp_path / "public.json", "--json")
    assert status == 0
    assert _only_object(out) == {"client_id": "partner", "client_secret": None}


def test_token_prints_a_token_and_nothing_else(agreement: str, run: Run) -> None:
    """The token of a client is all of stdout; scopes narrow it; a scope that is not given, or no client, is refused."""
    run(*CLIENT, "--scopes", "household:read person:read")
    status, out, err = run("token", "partner")
    assert (status, err) == (0, "")
    assert len(out.split(".")) == 3
    assert len(out.split()) == 1
    assert run("token", "partner", "--scopes", "person:read")[0] == 0
    for arguments in (("partner", "--scopes", "person:identity"), ("partner", "--scopes", ""), ("nobody",)):
        status, out, err = run("token", *arguments)
        assert (status, out) == (1, "")
        assert err.count("\n") == 1


def test_schema_shows_what_scopes_give_and_nothing_else(run: Run) -> None:
    """`nser schema` prints the whole SDL; with scopes what they show; an unknown scope is refused, not ignored."""
    whole, narrow = run("schema")[1], run("schema", "--scopes", "person:read")[1]
    assert "type Person" in whole
    assert "cnic" in whole
    assert "type Person" in narrow
    assert "cnic" not in narrow
    status, out, err = run("schema", "--scopes", "person:read everything")
    assert (status, out) == (1, "")
    assert "everything" in err


def test_the_installed_program_prints_json_and_leaves_nothing_running(tmp_path: Path) -> None:
    """On an embedded database of its own: one JSON object on stdout, nothing on stderr, no server afterwards."""
    tmp_path.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NSER_")}
    ended = subprocess.run(
        [sys.executable, "-m", "server.cli", "migrate", "--json", "--data-dir", tmp_path / "data"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ended.stdout, ended.stderr) == ('{"revision":"0001"}\n', "")
    assert not (tmp_path / "data" / "postgres" / "data" / "postmaster.pid").exists()
    assert stat.S_IMODE((tmp_path / "data" / "postgres").stat().st_mode) == 0o700


def test_an_error_is_described_by_kind_and_place() -> None:
    """The log tells of an exception what it is and where it arose, never its text."""
    try:
        raise RuntimeError("03001234567")
    except RuntimeError as error:
        described = logs.describe(error)
    assert described.startswith("RuntimeError at test_commands.py:")
    assert "0300" not in described
