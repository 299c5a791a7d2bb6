"""The two tables of a survey folder, found and opened: whether CSV or Parquet makes no difference afterwards."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from domain.errors import BadInput
from domain.intake.csv_table import open_csv
from domain.intake.form import (
    HOUSEHOLD_COLUMNS,
    PERSON_COLUMNS,
    REQUIRED_HOUSEHOLD_COLUMNS,
    REQUIRED_PERSON_COLUMNS,
)
from domain.intake.parquet_table import open_parquet


class Table(Protocol):
    """A file of rows, whatever its form."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def header(self) -> tuple[str, ...]:
        """Its columns, in its own order."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with its line in a CSV file, its number in a Parquet file."""


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """A table of the survey with its columns in the order of `form.py`."""

    table: Table
    columns: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file's name, as `rejected.csv` gives it."""
        return self.table.path.name

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with its line, in the order of `columns`; a column that the file lacks is empty.

        Of a row with too many or too few values only the form number is left: nobody can tell which value belongs
        where, but the household is to be set aside with it.
        """
        header = self.table.header
        form_no, width = header.index("form_no"), len(header)
        in_order = itemgetter(*(header.index(name) if name in header else width for name in self.columns))
        for line, row in self.table.rows():
            if len(row) != width:
                yield line, row[form_no : form_no + 1] or [""]
            else:
                yield line, row if header == self.columns else list(in_order([*row, ""]))


@dataclass(frozen=True, slots=True)
class SurveyFolder:
    """The two tables of a survey."""

    households: SurveyTable
    persons: SurveyTable


def open_survey(folder: Path) -> SurveyFolder:
    """Return the survey in `folder`; raise `BadInput` when a table is missing, comes twice or has wrong columns."""
    return SurveyFolder(
        _open(folder, "households", HOUSEHOLD_COLUMNS, REQUIRED_HOUSEHOLD_COLUMNS),
        _open(folder, "persons", PERSON_COLUMNS, REQUIRED_PERSON_COLUMNS),
    )


def _open(folder: Path, name: str, columns: tuple[str, ...], required: Collection[str]) -> SurveyTable:
    csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
    if csv.is_file() == parquet.is_file():
        found = "both are there; remove one of them" if csv.is_file() else "neither is there"
        raise BadInput(f"A survey folder holds either {csv.name} or {parquet.name}; in {folder} {found}.")
    opened: Table = open_csv(csv, columns, required) if csv.is_file() else open_parquet(parquet, columns, required)
    return SurveyTable(opened, columns)
