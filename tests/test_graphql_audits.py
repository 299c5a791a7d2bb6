"""GraphQL over HTTP: every audit of the npm package `graphql-http` passes, those of level SHOULD and MAY included."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.catalogue import Bundle
from tests.service import listening, service_on

AUDITS = Path(__file__).parent / "audits"
COUNT = 61
"""How many audits the pinned version has; another number means that something was not asked."""


@pytest.fixture(scope="module")
def audits() -> Path:
    """The folder of the audits, installed from its lock file."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the audits of graphql-http need node and npm")
    command = ["npm", "ci", "--omit=peer", "--legacy-peer-deps", "--no-audit", "--no-fund", "--prefer-offline"]
    installed = subprocess.run(command, cwd=AUDITS, capture_output=True, text=True, check=False)
    if installed.returncode != 0:
        pytest.skip(f"the audits of graphql-http cannot be installed: {installed.stderr.strip()[-300:]}")
    return AUDITS


def test_every_audit_passes(audits: Path, new_database: Callable[[], str]) -> None:
    """With a token that is sent along, all 61 audits say ok: none warns, none fails."""
    url = new_database()
    with service_on(url) as service:
        service.admit("auditee", [Bundle.PERSON_READ])
        token = service.token("auditee")
    with listening(url) as server:
        environment = os.environ | {"AUDIT_URL": f"{server}/graphql", "AUDIT_TOKEN": token}
        run = subprocess.run(["node", "run.mjs"], cwd=audits, env=environment, capture_output=True, check=True)
    results = json.loads(run.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == COUNT


def test_the_lock_file_names_no_host() -> None:
    """The lock has versions and digests, so that any registry of npm packages will do."""
    lock = (AUDITS / "package-lock.json").read_text()
    assert "sha512-" in lock
    assert "://" not in lock
    assert "resolved" not in lock
