"""Survey folders for the tests of intake, written as small tables, and the registry that they are loaded into."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine, text

from domain.intake.form import HOUSEHOLD_COLUMNS, PERSON_COLUMNS
from domain.intake.load import load_survey
from domain.intake.summary import LoadSummary

REGIONS = """
    pcode | level | name           | parent
    PB    | 1     | Punjab         | PK
    PB1   | 2     | Lahore         | PB
    PB11  | 3     | Lahore City    | PB1
    PB2   | 2     | Multan         | PB
    PB21  | 3     | Shujabad       | PB2
    SD    | 1     | Sindh          | PK
    SD1   | 2     | Tharparkar     | SD
    SD11  | 3     | Mithi          | SD1
"""

Row = dict[str, str]


def table(drawn: str) -> list[Row]:
    """Return the rows of a table drawn with bars; its first line names the columns."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def write_csv(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str] | None = None) -> Path:
    """Write rows with all columns that any of them has."""
    columns = columns or list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def household(form_no: str, **answers: str) -> Row:
    """Return a household's row that nothing is wrong with, but for the answers given."""
    row = {"region_code": "PB11", "surveyed_on": "2026-03-01", "source": "desk", "mobile": "0300-1234567"}
    return {"form_no": form_no, **row, **answers}


def person(form_no: str, line_no: int, **answers: str) -> Row:
    """Return a person's row that nothing is wrong with, but for the answers given; the first is the head."""
    row = {
        "name": f"Person {line_no}",
        "sex": "female",
        "birth_date": "1990-05-17",
        "relation_to_head": "head" if line_no == 1 else "sibling",
    }
    return {"form_no": form_no, "line_no": str(line_no), **row, **answers}


def write_survey(folder: Path, households: Sequence[Row], persons: Sequence[Row]) -> Path:
    """Write a survey folder as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "households.csv", households, None if households else HOUSEHOLD_COLUMNS)
    write_csv(folder / "persons.csv", persons, None if persons else PERSON_COLUMNS)
    return folder


def as_parquet(folder: Path, target: Path, types: Mapping[str, pa.DataType] | None = None) -> Path:
    """Write the CSV survey in `folder` once more as Parquet, columns named in `types` with that type."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("households", "persons"):
        rows = list(csv.DictReader((folder / f"{name}.csv").open(encoding="utf-8")))
        columns = {column: pa.array([row[column] or None for row in rows], pa.string()) for column in rows[0]}
        typed = {column: values.cast((types or {}).get(column, pa.string())) for column, values in columns.items()}
        pq.write_table(pa.table(typed), target / f"{name}.parquet", row_group_size=2)
    return target


def load(engine: Engine, folder: Path, *, synthetic: bool = False) -> LoadSummary:
    """Load a survey, its rejected rows beside it."""
    return load_survey(engine, folder, rejected_file=folder / "rejected.csv", synthetic=synthetic)


def rejected(folder: Path) -> list[Row]:
    """Return the rows of a folder's `rejected.csv`, none when there is none."""
    path = folder / "rejected.csv"
    return list(csv.DictReader(path.open(encoding="utf-8"))) if path.exists() else []


def faults(folder: Path) -> list[tuple[str, str, str]]:
    """Return form, column and code of every rejected row that is more than a companion."""
    rows = (row for row in rejected(folder) if row["code"] != "HOUSEHOLD_REJECTED")
    return [(row["form_no"], row["column"], row["code"]) for row in rows]


CONTENT = """
select to_jsonb(household) - 'id' || jsonb_build_object(
    'persons', (select jsonb_agg(to_jsonb(person) - 'id' - 'household_id' order by line_no)
                from person where household_id = household.id),
    'surveys', (select jsonb_agg(answers order by received_at) from survey where household_id = household.id),
    'findings', (select jsonb_agg(array[line_no::text, "column", code, severity] order by line_no, "column", code)
                 from survey_finding join survey on survey.id = survey_id where household_id = household.id),
    'score', (select to_jsonb(score) - 'household_id' - 'scored_at' from score where household_id = household.id),
    'determinations', (select count(*) from determination where household_id = household.id))
from household order by form_no
"""


def content(engine: Engine) -> list[dict[str, Any]]:
    """Return all that a registry holds of households, without ids and times."""
    with engine.connect() as connection:
        return list(connection.execute(text(CONTENT)).scalars())


def ids(engine: Engine) -> list[tuple[Any, ...]]:
    """Return the id of every person and every submission."""
    with engine.connect() as connection:
        people = connection.execute(text("select id, name from person order by id"))
        return [*map(tuple, people), *map(tuple, connection.execute(text("select id, digest from survey order by id")))]
