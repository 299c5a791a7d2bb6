"""The reference says what the code says: it is generated, complete, and committed as generated."""

import ast
import re
from pathlib import Path

import pytest
import typer.main

from domain.catalogue import Bundle
from domain.eligibility.reason import Reason
from schema.registry import full_schema
from server.cli import app
from server.reference.commands import command_names
from server.reference.errors import command_codes, graphql_errors, oauth_errors
from server.reference.fault_words import FAULTS, FINDINGS
from server.reference.pages import pages
from server.reference.survey_file import codes_of_intake
from server.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
_CODE = re.compile(r"[A-Z]+(?:_[A-Z]+)+")


def _headings(page: str) -> set[str]:
    return set(re.findall(r"^#{2,4} `(.+)`$", pages()[f"reference/{page}.md"], re.MULTILINE))


@pytest.mark.parametrize("name", pages())
def test_the_committed_page_is_the_generated_one(name: str) -> None:
    """A page that differs from the code is written again with `python -m server.reference`, never by hand."""
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == pages()[name], "run: .venv/bin/python -m server.reference"


def test_no_page_of_the_reference_is_written_by_hand() -> None:
    """What lies in docs/reference is what the generator writes."""
    assert {f"reference/{file.name}" for file in (DOCS / "reference").iterdir()} == set(pages()) - {"schema.graphql"}


def test_everything_has_its_heading() -> None:
    """Every scope, setting, command, reason code and error code has a heading of its own."""
    assert _headings("scopes") == {bundle.value for bundle in Bundle}
    assert _headings("settings") == {f"NSER_{name.upper()}" for name in Settings.model_fields}
    assert _headings("commands") == {name for name, _ in command_names(typer.main.get_command(app))}
    assert _headings("reasons") == {reason.value for reason in Reason}
    assert _headings("errors") == {*graphql_errors(), *command_codes(), *oauth_errors()}


def test_no_error_code_is_missing() -> None:
    """Every code that the one renderer of errors writes is on the page, also those that belong to no class."""
    tree = ast.parse((ROOT / "server" / "errors.py").read_text(encoding="utf-8"))
    written = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {code for code in written if _CODE.fullmatch(code)} <= set(graphql_errors())


def test_every_type_field_and_word_is_described() -> None:
    """Each object type has its heading, each of its fields a row, each vocabulary all its words."""
    page = pages()["reference/types.md"]
    for name, type_ in full_schema().type_map.items():
        if name.startswith("__") or name.endswith(("Connection", "Edge", "Filter", "Order")):
            continue
        for member in [*getattr(type_, "fields", ()), *getattr(type_, "values", ())]:
            assert re.search(rf"`(?:pageInfo\.)?{member}`", page), f"{name}.{member}"


def test_every_code_of_intake_is_explained() -> None:
    """A fault or finding that intake can give has its words, and no words are left of one that it cannot."""
    assert codes_of_intake() == FAULTS.keys() | FINDINGS.keys()
