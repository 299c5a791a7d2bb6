"""`nser migrate`, `load`, `rescore`, `geography load`, `scorecard load`: what goes into the registry."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.commands.output import SOME_SET_ASIDE, AsJson, DataDir, answer, bar, settings_for
from server.database import bare_engine, database_of, registry_engine
from server.migrations import migrate, require_agreement

if TYPE_CHECKING:
    from domain.intake.summary import LoadSummary

geography = typer.Typer(help="Regions: provinces, districts, tehsils.", no_args_is_help=True)
scorecard = typer.Typer(help="Scorecards, from private files.", no_args_is_help=True)


def migrate_command(
    check: Annotated[bool, typer.Option(help="Afterwards fail if the models differ from the database.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Bring the database to the newest revision and install programmes, rules and the demonstration scorecard."""
    settings, folder = settings_for(data_dir)
    with database_of(settings, folder) as url, bare_engine(url) as engine:
        revision = migrate(engine)
        if check:
            require_agreement(engine)
    answer(as_json, {"revision": revision}, f"The database is at revision {revision}.")


def load_command(
    survey: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds households and persons as .csv or .parquet.")],
    rejected_file: Annotated[
        Path | None, typer.Option("--rejected", help="Where set-aside rows are listed (default: FOLDER/rejected.csv).")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Load a survey: validate, register, score and determine. Rows that cannot go in are set aside with the reason.

    Exit status 3 when rows were set aside; all else has gone in. The same file again changes nothing.
    """
    from domain.intake.load import load_survey

    settings, folder = settings_for(data_dir)
    with registry_engine(settings, folder) as engine, bar("Loading households", None) as tell:
        summary = load_survey(
            engine,
            survey,
            rejected_file=rejected_file or survey / "rejected.csv",
            synthetic=settings.synthetic,
            progress=tell,
        )
    answer(as_json, summary.to_json(), describe_load(summary))
    if summary.rejected_file:
        raise typer.Exit(SOME_SET_ASIDE)


def describe_load(summary: "LoadSummary") -> str:
    """Return what a load did, for people."""
    households, persons = summary.households, summary.persons
    sentence = (
        f"{households.accepted:,} households with {persons.accepted:,} persons went in, "
        f"{households.unchanged:,} were there unchanged, {summary.warnings:,} warnings were noted."
    )
    if summary.rejected_file:
        sentence += (
            f" {households.rejected:,} households and {persons.rejected:,} persons were set aside: see "
            f"{summary.rejected_file} for line, column and reason."
        )
    return sentence


def rescore_command(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Score every household under the scorecard in force and determine every programme's eligibility anew."""
    from domain.rescoring import rescore

    settings, folder = settings_for(data_dir)
    with registry_engine(settings, folder) as engine, engine.begin() as connection:
        done = rescore(connection)
    facts = {"households": done.households, "determinations": done.determinations}
    answer(as_json, facts, f"{done.households:,} households were scored, {done.determinations:,} determinations made.")


@geography.command("load")
def geography_load(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="pcode,level,name,parent as CSV; the built-in table when none is named."),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Load a regions file. The same file again changes nothing."""
    from domain.geography import builtin_regions_file
    from domain.region_file import load_regions

    settings, folder = settings_for(data_dir)
    with registry_engine(settings, folder) as engine:
        summary = load_regions(engine, file or builtin_regions_file())
    answer(
        as_json,
        summary.to_json(),
        f"{summary.added:,} regions were added, {summary.changed:,} changed, {summary.unchanged:,} are as they were.",
    )


@scorecard.command("load")
def scorecard_load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML, as docs/reference describes.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Load a scorecard. Its weights are shown nowhere, ever; `nser rescore` applies it."""
    from domain.scoring.scorecard_file import load_scorecard

    settings, folder = settings_for(data_dir)
    with registry_engine(settings, folder) as engine, engine.begin() as connection:
        loaded = load_scorecard(connection, file)
    facts = {"code": loaded.code, "version": loaded.version, "questions": loaded.questions, "is_new": loaded.is_new}
    state = "is loaded" if loaded.is_new else "was loaded before"
    answer(as_json, facts, f"Scorecard {loaded.code} {loaded.version} ({loaded.questions} questions) {state}.")
