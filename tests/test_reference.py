"""The reference data that ship with a release: complete, cited, installed once and never overwritten."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import aliased

from domain.eligibility.determine import RULES
from domain.eligibility.terms import RulesFault
from domain.reference import install
from domain.reference.install import ReferenceConflict, install_reference_data
from domain.scoring.formula import ScorecardFault
from domain.tables import Base, Programme, ProgrammeConflict, ProgrammeRules, Scorecard
from tests.scoring_world import World

pytest_plugins = ("tests.scoring_fixtures",)

INSTALLED: tuple[type[Base], ...] = (Programme, ProgrammeRules, ProgrammeConflict, Scorecard)


def counts(connection: Connection) -> list[int]:
    """How many rows of each kind of reference data are installed."""
    return [connection.scalar(select(func.count()).select_from(model)) or 0 for model in INSTALLED]


def test_installing_twice_changes_nothing(world: World) -> None:
    """Reference data are installed once, however often a database is migrated."""
    before = counts(world.connection)
    assert min(before) > 0
    install_reference_data(world.connection)
    assert counts(world.connection) == before


def test_programmes(world: World) -> None:
    """The programmes that partners and conflicts name are known, and those with criteria have rules."""
    codes = set(world.connection.scalars(select(Programme.code)))
    assert codes == {
        *("KAFAALAT", "NASHONUMA", "TALEEMI_WAZAIF", "HUNARMAND", "UNDERGRADUATE_SCHOLARSHIP"),
        *("HIMMAT_CARD", "SINDH_MAMTA", "ZAKAT", "BAIT_UL_MAAL", "PSPA"),
    }
    ruled = select(Programme.code).join(ProgrammeRules, ProgrammeRules.programme_id == Programme.id)
    assert set(world.connection.scalars(ruled)) == set(RULES)


def test_conflicts(world: World) -> None:
    """The Himmat Card excludes the other grants, Sindh Mamta Nashonuma, Hunarmand a second person of a household."""
    one, other = aliased(Programme), aliased(Programme)
    found = world.connection.execute(
        select(one.code, other.code, ProgrammeConflict.level)
        .join(one, one.id == ProgrammeConflict.programme_id)
        .join(other, other.id == ProgrammeConflict.excludes_id)
    )
    grants = ("KAFAALAT", "NASHONUMA", "TALEEMI_WAZAIF", "HUNARMAND", "UNDERGRADUATE_SCHOLARSHIP")
    assert set(map(tuple, found)) == {
        *(("HIMMAT_CARD", code, "PERSON") for code in (*grants, "ZAKAT", "BAIT_UL_MAAL", "PSPA")),
        ("SINDH_MAMTA", "NASHONUMA", "PERSON"),
        ("HUNARMAND", "HUNARMAND", "HOUSEHOLD"),
    }


def test_everything_is_cited(world: World) -> None:
    """Every parameter names its source or the programme it is taken from, every conflict its source."""
    for parameters in world.connection.scalars(select(ProgrammeRules.parameters)):
        assert all(parameter.get("source") or parameter.get("same_as") for parameter in parameters.values())
    assert all("(source: " in rule for rule in world.connection.scalars(select(ProgrammeConflict.rule)))


def test_demonstration_says_so(world: World) -> None:
    """The scorecard that ships is marked and titled as a demonstration and says what it does where nobody was asked."""
    row = world.connection.execute(select(Scorecard.is_demonstration, Scorecard.title, Scorecard.source)).one()
    assert row[0]
    assert row[1].startswith("Demonstration")
    assert "Gilgit-Baltistan" in row[2]
    assert "Schreiner" in row[2]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (update(ProgrammeRules).values(parameters={}), r"Version .* is installed with another content"),
        (update(ProgrammeRules).values(valid_from=date(2000, 1, 1)), r"Version .* is installed with another content"),
        (update(ProgrammeConflict).values(rule="another"), r"The conflict of .* is installed with another content"),
    ],
)
def test_another_content_is_not_overwritten(world: World, change: Any, told: str) -> None:
    """A version that is installed with another content stops the installation, with what to do, and stays as it is."""
    world.connection.execute(change)
    with pytest.raises(ReferenceConflict, match=told):
        install_reference_data(world.connection)


def test_another_scorecard_is_not_overwritten(world: World) -> None:
    """The same holds for the scorecard."""
    world.connection.execute(update(Scorecard).values(title="another"))
    with pytest.raises(ScorecardFault, match="version of its own"):
        install_reference_data(world.connection)


def test_programmes_keep_their_names(world: World) -> None:
    """A programme that was renamed in the registry keeps that name."""
    world.connection.execute(update(Programme).where(Programme.code == "ZAKAT").values(name="Zakat Fund"))
    install_reference_data(world.connection)
    assert world.connection.scalar(select(Programme.name).where(Programme.code == "ZAKAT")) == "Zakat Fund"


def test_what_is_missing_is_added(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that ships another version of rules installs it beside the one that is there."""
    copy_of(install.FOLDER, tmp_path)
    extend(tmp_path / "rules_kafaalat.toml", "2030-01", "cutoff")
    monkeypatch.setattr(install, "FOLDER", tmp_path)
    install_reference_data(world.connection)
    versions = select(ProgrammeRules.version).join(Programme, Programme.id == ProgrammeRules.programme_id)
    assert set(world.connection.scalars(versions.where(Programme.code == "KAFAALAT"))) == {"2021-09", "2030-01"}


def test_rules_that_cannot_be_applied_are_not_installed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version that lacks a parameter of the criteria stops the installation and names it."""
    copy_of(install.FOLDER, tmp_path)
    extend(tmp_path / "rules_kafaalat.toml", "2030-01", "cut_off")
    monkeypatch.setattr(install, "FOLDER", tmp_path)
    with pytest.raises(RulesFault, match="KAFAALAT: the parameter `cutoff`"):
        install_reference_data(world.connection)


def copy_of(folder: Path, copy: Path) -> None:
    """Copy the reference files."""
    for file in folder.glob("*.toml"):
        (copy / file.name).write_text(file.read_text())


def extend(file: Path, version: str, cutoff: str) -> None:
    """Append a version to a file of rules, the first one again with the cut-off under a given name."""
    first = tomllib.loads(file.read_text())["version"][0]["parameters"]
    tables = [f'[[version]]\nversion = "{version}"\nvalid_from = {version}-01\n']
    for name, parameter in first.items():
        table = cutoff if name == "cutoff" else name
        tables.append(f'[version.parameters.{table}]\nvalue = {parameter["value"]}\nsource = "A: a test"\n')
    file.write_text(file.read_text() + "\n" + "\n".join(tables))
