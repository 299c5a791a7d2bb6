"""Installs the reference data that ship with a release: programmes, conflicts, rules and the demonstration scorecard.

`nser migrate` calls `install_reference_data`. What is missing is added; what is there is never overwritten, so that a
determination or a score can always be traced to the parameters it was made with.
"""

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from domain.eligibility.determine import RULES
from domain.eligibility.terms import Terms
from domain.eligibility.timeline import read_versions, resolved
from domain.errors import Refusal
from domain.programme import Programme, ProgrammeConflict, ProgrammeRules
from domain.scoring.scorecard_file import load_scorecard

FOLDER = Path(__file__).parent


class ReferenceConflict(Refusal):
    """Reference data that are installed with another content than the release ships."""

    code = "REFERENCE_CONFLICT"


def install_reference_data(connection: Connection) -> None:
    """Add the reference data of this release that are missing.

    Raises `ReferenceConflict`, `RulesFault` or `ScorecardFault` when a version is installed with another content, or a
    file cannot be applied.
    """
    for programme in _read("programmes.toml")["programme"]:
        connection.execute(insert(Programme).values(programme).on_conflict_do_nothing(index_elements=["code"]))
    ids = dict(connection.execute(select(Programme.code, Programme.id)).all())
    for conflict in _read("conflicts.toml")["conflict"]:
        _install_conflict(connection, conflict, ids)
    for file in sorted(FOLDER.glob("rules_*.toml")):
        _install_rules(connection, _read(file.name), ids)
    _require_applicable(connection)
    for file in sorted(FOLDER.glob("scorecard_*.toml")):
        load_scorecard(connection, file)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _install_conflict(connection: Connection, conflict: dict[str, Any], ids: dict[str, int]) -> None:
    for excluded in conflict["excludes"]:
        key = {
            "programme_id": ids[conflict["programme"]],
            "excludes_id": ids[excluded],
            "level": conflict["level"],
            "valid_from": conflict["valid_from"],
        }
        content = {"rule": conflict["rule"], "valid_until": conflict.get("valid_until")}
        name = f"The conflict of {conflict['programme']} with {excluded}"
        _install(connection, ProgrammeConflict, key, content, name)


def _install_rules(connection: Connection, file: dict[str, Any], ids: dict[str, int]) -> None:
    for version in file["version"]:
        key = {"programme_id": ids[file["programme"]], "version": version["version"]}
        content = {
            "valid_from": version["valid_from"],
            "valid_until": version.get("valid_until"),
            "parameters": version["parameters"],
        }
        _install(connection, ProgrammeRules, key, content, f"Version {version['version']} of {file['programme']}")


def _install(
    connection: Connection,
    model: type[ProgrammeConflict] | type[ProgrammeRules],
    key: dict[str, Any],
    content: dict[str, Any],
    name: str,
) -> None:
    """Insert a row unless its key is there; raise `ReferenceConflict` when it is there with another content."""
    insertion = insert(model).values({**key, **content}).on_conflict_do_nothing(index_elements=list(key))
    connection.execute(insertion)
    columns = model.__table__.c
    installed = connection.execute(
        select(*(columns[column] for column in content)).where(
            *(columns[column] == value for column, value in key.items())
        )
    ).one()
    if installed._asdict() != content:
        raise ReferenceConflict(
            f"{name} is installed with another content than this release ships. It is never overwritten: "
            "give the changed one a version or a first day of its own."
        )


def _require_applicable(connection: Connection) -> None:
    """Raise `RulesFault` unless the criteria find every parameter they need in every installed version."""
    versions = read_versions(connection)
    for version in versions:
        if version.programme in RULES:
            terms = Terms(version.programme, resolved(version, versions, version.begins), version.begins)
            RULES[version.programme](terms)
            terms.integer("horizon_months")
