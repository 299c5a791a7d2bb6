"""The programmes' rules as the release ships them, ready to be described. For the programmes and reasons pages only."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from domain.eligibility.determine import RULES
from domain.eligibility.rule import Rules
from domain.eligibility.terms import Terms
from domain.eligibility.timeline import FOREVER, Version, resolved
from domain.reference.install import FOLDER


@dataclass(frozen=True, slots=True)
class ShippedRules:
    """One version of a programme's rules with the file it stands in."""

    file: Path
    programme: str
    version: str
    valid_from: date
    parameters: dict[str, Any]
    """As the file has them: a parameter taken from another programme still says so."""
    rules: Rules

    @property
    def preamble(self) -> str:
        """The comment at the head of the file."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        head = lines[: next(at for at, line in enumerate(lines) if not line.startswith("#"))]
        return " ".join(line.lstrip("# ") for line in head)


def shipped_rules() -> list[ShippedRules]:
    """Return every version of every programme's rules, programmes in the order of their evaluation."""
    found = list(_shipped())
    versions = [version for _, _, version in found]
    made = [_made(file, name, version, versions) for file, name, version in found]
    return sorted(made, key=lambda each: (list(RULES).index(each.programme), each.valid_from))


def read_reference(name: str) -> dict[str, Any]:
    """Return the content of a file of reference data."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _shipped() -> Iterator[tuple[Path, str, Version]]:
    for file in sorted(FOLDER.glob("rules_*.toml")):
        content = read_reference(file.name)
        for each in content["version"]:
            until = each.get("valid_until", FOREVER)
            version = Version(0, content["programme"], 0, each["valid_from"], until, each["parameters"])
            yield file, each["version"], version


def _made(file: Path, name: str, version: Version, versions: list[Version]) -> ShippedRules:
    terms = Terms(version.programme, resolved(version, versions, version.begins), version.begins)
    rules = RULES[version.programme](terms)
    return ShippedRules(file, version.programme, name, version.begins, dict(version.parameters), rules)
