"""`nser synthesise`: a survey of people who do not exist."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from domain.grant import today
from server.commands.output import AsJson, answer, bar


class FileForm(StrEnum):
    """The form of a survey's two tables."""

    CSV = "csv"
    PARQUET = "parquet"


def synthesise_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the survey is written.")],
    households: Annotated[int, typer.Option(min=1, help="How many households.")],
    seed: Annotated[int, typer.Option(help="The same seed and options give the same bytes.")],
    defects: Annotated[float, typer.Option(min=0, max=1, help="Share of households with a planted fault.")] = 0.0,
    regions: Annotated[Path | None, typer.Option(help="A regions file; the built-in table when none is named.")] = None,
    surveyed_to: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of the three years of interviews; today.")
    ] = None,
    form: Annotated[FileForm, typer.Option("--format", help="Of the two tables.")] = FileForm.CSV,
    as_json: AsJson = False,
) -> None:
    """Write a synthetic survey, calibrated to the Census 2023 by province. Every identity number begins with 9."""
    from server.synthesis import synthesise

    with bar("Synthesising households", households) as tell:
        summary = synthesise(
            folder,
            households,
            seed,
            defects=defects,
            regions=regions,
            surveyed_to=surveyed_to.date() if surveyed_to else today(),
            form=form.value,
            progress=tell,
        )
    facts = asdict(summary) | {"folder": str(summary.folder)}
    answer(as_json, facts, f"{summary.households:,} households, {summary.persons:,} persons are in {summary.folder}.")
