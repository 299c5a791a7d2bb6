"""The sandbox's clients and agreements are exactly those of the design, stand as written, and stay as they are."""

import json
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from domain.errors import BadInput
from domain.geography import builtin_regions_file
from domain.intake.load import load_survey
from domain.region_file import load_regions
from server.migrations import migrate
from server.sandbox import base_url_of, open_sandbox
from server.settings import Settings, sqlalchemy_url
from server.synthesis import synthesise

URL = "http://127.0.0.1:8000"
DESIGN = {
    "nashonuma": "household:read household:location household:contact household:band person:read person:identity"
    " person:birth person:family person:maternal eligibility:read enrolment:read enrolment:write lookup:cnic"
    " changes:read",
    "hunarmand": "household:read household:location household:contact household:band person:read person:identity"
    " person:birth person:education person:employment eligibility:read enrolment:read enrolment:write lookup:cnic",
    "punjab": "household:read person:read person:identity eligibility:read enrolment:read enrolment:write lookup:cnic",
    "desk": "household:read household:location household:contact household:income household:assets household:housing"
    " household:band person:read person:identity person:birth person:family person:maternal person:education"
    " person:employment person:disability person:verification eligibility:read lookup:cnic registration:write"
    " grievance:write",
    "statistics": "statistics:read",
    "admin": "agreement:admin",
    "auditor": "disclosures:read",
}


@pytest.fixture(scope="module")
def registry(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A registry of two hundred synthetic households."""
    engine = create_engine(sqlalchemy_url(new_database(), "psycopg"))
    survey = tmp_path_factory.mktemp("survey")
    migrate(engine)
    load_regions(engine, builtin_regions_file())
    synthesise(survey, 200, 11, surveyed_to=date(2025, 6, 30))
    load_survey(engine, survey, rejected_file=survey / "rejected.csv", synthetic=True)
    return engine


def _open(registry: Engine, folder: Path, base_url: str = URL) -> dict[str, Any]:
    with registry.begin() as connection:
        return open_sandbox(connection, folder, base_url)


def _ask(registry: Engine, sql: str) -> list[Any]:
    with registry.connect() as connection:
        return list(connection.execute(text(sql)))


def test_the_file_has_the_form_of_the_design(registry: Engine, tmp_path: Path) -> None:
    """`sandbox.json` has exactly the designed members, and only its owner may read it."""
    told = _open(registry, tmp_path)
    file = tmp_path / "sandbox.json"
    assert json.loads(file.read_text()) == told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(told) == ["base_url", "graphql_url", "token_url", "clients"]
    assert (told["graphql_url"], told["token_url"]) == (f"{URL}/graphql", f"{URL}/oauth/token")
    for client in told["clients"]:
        assert list(client) == [
            *("name", "client_id", "client_secret", "scopes", "agreement", "territory", "cohort", "example")
        ]
        assert list(client["example"]) == ["query", "variables"]


def test_each_client_has_exactly_the_scopes_of_the_design(registry: Engine, tmp_path: Path) -> None:
    """Client and agreement give what the design's table says, no more and no less."""
    told = {client["client_id"]: client["scopes"] for client in _open(registry, tmp_path)["clients"]}
    assert {name: set(scopes) for name, scopes in told.items()} == {
        name: set(scopes.split()) for name, scopes in DESIGN.items()
    }
    rows = _ask(
        registry, "select c.id, c.scopes, a.bundles from client c join data_sharing_agreement a on a.id = agreement_id"
    )
    assert {name: (scopes, bundles) for name, scopes, bundles in rows} == {
        name: (scopes, scopes) for name, scopes in told.items()
    }


def test_each_agreement_has_the_rows_of_the_design(registry: Engine, tmp_path: Path) -> None:
    """Cohorts for two programmes, Punjab for the province, a populated district of it for the desk, else no rows."""
    told = {client["client_id"]: client for client in _open(registry, tmp_path)["clients"]}
    assert {name: (client["territory"], client["cohort"]) for name, client in told.items() if name != "desk"} == {
        "nashonuma": ("NATIONAL", "NASHONUMA"),
        "hunarmand": ("NATIONAL", "HUNARMAND"),
        "punjab": ("PB", None),
        "statistics": ("NONE", None),
        "admin": ("NONE", None),
        "auditor": ("NONE", None),
    }
    district = told["desk"]["territory"]
    assert district.startswith("PB-")
    counted = _ask(
        registry, f"select count(*) from household h join region r on r.id = h.district_id where r.code = '{district}'"
    )
    assert counted[0][0] > 0


def test_an_agreement_of_the_sandbox_says_that_it_is_invented(registry: Engine, tmp_path: Path) -> None:
    """No agreement of the sandbox can be taken for one that somebody signed."""
    _open(registry, tmp_path)
    for reference, basis in _ask(registry, "select reference, legal_basis from data_sharing_agreement"):
        assert reference.startswith("SANDBOX-")
        assert "invented" in basis


def test_nothing_changes_from_one_start_to_the_next(registry: Engine, tmp_path: Path) -> None:
    """Secrets, agreements and the file stay; another address changes the file's addresses and nothing else."""
    first = _open(registry, tmp_path)
    written = (tmp_path / "sandbox.json").stat().st_mtime_ns
    revisions = _ask(
        registry,
        "select id, revision from client union all select reference, revision from data_sharing_agreement order by 1",
    )
    assert _open(registry, tmp_path) == first
    assert (tmp_path / "sandbox.json").stat().st_mtime_ns == written
    moved = _open(registry, tmp_path, "http://127.0.0.1:9000")
    assert moved["clients"] == first["clients"]
    assert moved["base_url"] == "http://127.0.0.1:9000"
    again = _ask(
        registry,
        "select id, revision from client union all select reference, revision from data_sharing_agreement order by 1",
    )
    assert again == revisions


def test_a_lost_file_gets_new_secrets_and_a_changed_agreement_is_mended(registry: Engine, tmp_path: Path) -> None:
    """Without the file new secrets are registered; an agreement or client that was changed is restored."""
    first = _open(registry, tmp_path)
    (tmp_path / "sandbox.json").unlink()
    with registry.begin() as connection:
        connection.execute(
            text("update data_sharing_agreement set status = 'SUSPENDED' where reference = 'SANDBOX-DESK'")
        )
        connection.execute(text("update client set scopes = '{household:read}' where id = 'punjab'"))
    second = _open(registry, tmp_path)
    for before, after in zip(first["clients"], second["clients"], strict=True):
        assert before["client_secret"] != after["client_secret"]
        assert before["scopes"] == after["scopes"]
    statuses = _ask(registry, "select distinct status from data_sharing_agreement")
    assert [status for (status,) in statuses] == ["ACTIVE"]


def test_a_registry_without_people_has_no_sandbox(new_database: Callable[[], str], tmp_path: Path) -> None:
    """Without regions or households the sandbox is refused with the command that is missing, and no file is written."""
    engine = create_engine(sqlalchemy_url(new_database(), "psycopg"))
    migrate(engine)
    with pytest.raises(BadInput, match="nser geography load"):
        _open(engine, tmp_path)
    load_regions(engine, builtin_regions_file())
    with pytest.raises(BadInput, match="nser load"):
        _open(engine, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_tokens_are_made_for_the_address_of_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`nser token` takes the address from the sandbox beside the database, unless a setting names one."""
    (tmp_path / "sandbox.json").write_text(json.dumps({"base_url": "http://127.0.0.1:9000"}))
    assert base_url_of(Settings(), tmp_path) == "http://127.0.0.1:9000"
    assert base_url_of(Settings(), tmp_path / "elsewhere") == URL
    monkeypatch.setenv("NSER_BASE_URL", "https://registry.example")
    assert base_url_of(Settings(), tmp_path) == "https://registry.example"
