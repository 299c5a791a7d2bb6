"""The page of the survey file and of the regions file, from the columns, readers and rules of intake."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from domain import identity, intake, region_file
from domain.catalogue import attribute_of
from domain.household import Household
from domain.intake import household, person
from domain.intake.form import REQUIRED_HOUSEHOLD_COLUMNS, REQUIRED_PERSON_COLUMNS
from domain.intake.rejected import COLUMNS as REJECTED_COLUMNS
from domain.intake.value import Field
from domain.person import Person
from server.reference.fault_words import FAULTS, FINDINGS
from server.reference.markdown import code, codes, document, section, table

_INTRODUCTION = """\
A survey is a folder with two tables, `households.csv` and `persons.csv`, or `households.parquet` and
`persons.parquet` with the same columns. CSV is UTF-8 with a header. Columns come in any order; a column that is not
listed here is an error. An empty value, or an optional column that is missing, means *not answered*: it is never
read as no or as zero.

`nser load FOLDER` reads it. All rows of one form go in together or are set aside together. The same file again
changes nothing; a form number that is registered makes the submission a new survey of that household."""

_REJECTED = f"""\
Rows that are set aside are listed in `rejected.csv` beside the survey, with the columns {codes(REJECTED_COLUMNS)}.
No value of a row is repeated there: `value_class` says what kind of value stands in the place, such as `12 digits`,
`empty` or `date in the future`. The lines are those of the CSV file; of a Parquet file they are row numbers."""

_FINDINGS = """\
An accepted submission may carry warnings and informations. They are stored with the survey as codes, and `nser
load` counts the warnings."""

_REGIONS = """\
`nser geography load FILE` reads provinces, districts and tehsils from a CSV file with the columns {columns}.
`level` is 1 for a province or region, 2 for a district, 3 for a tehsil; `parent` is the code of the district or
province above. A code says what a place is for ever: a file may rename it, and move it while nobody is registered
there, but never change its level. Places that a file does not name stay. Without FILE the built-in table is read,
which serves demonstrations."""

_OWN_WORDS = {
    "form_no": "The number of the survey form. It joins the rows of a form; a new survey of the household repeats it.",
    "region_code": "The code of the tehsil in which the household lives.",
    "enumerator": "A code for who asked. It is kept with the survey and never shared.",
    "line_no": "The line of the roster, from 1.",
    "elementary_occupation": "Whether the work is an elementary occupation (ISCO major group 9). For scoring only.",
}
"""Columns that no partner can read, so that the catalogue has no words for them."""

_CODE = re.compile(r"[A-Z]+(?:_[A-Z]+)+")


def page() -> str:
    """Return the page of the survey file."""
    return document(
        "The survey file",
        _INTRODUCTION,
        section("Households", _columns(household.FIELDS, REQUIRED_HOUSEHOLD_COLUMNS, Household)),
        section("Persons", _columns(person.FIELDS, REQUIRED_PERSON_COLUMNS, Person)),
        section("Rows set aside", _REJECTED, _codes(FAULTS)),
        section("Warnings and informations", _FINDINGS, _codes(FINDINGS)),
        section("The regions file", _REGIONS.format(columns=codes(region_file.COLUMNS))),
    )


def _columns(fields: Sequence[Field], required: frozenset[str], model: type[Any]) -> str:
    rows = (
        (code(field.column), _meaning(field.column, model), field.reason, "yes" if field.column in required else "")
        for field in fields
    )
    return table(("column", "meaning", "how it is written", "required"), rows)


def _meaning(column: str, model: type[Any]) -> str:
    return _OWN_WORDS.get(column) or attribute_of(getattr(model, column)).meaning


def _codes(described: dict[str, str]) -> str:
    return table(("code", "meaning"), ((code(name), meaning) for name, meaning in described.items()))


def codes_of_intake() -> set[str]:
    """Return every code that the modules of intake give a fault or a finding, read from their source."""
    folder = Path(str(intake.__file__)).parent
    return {name for file in [*folder.glob("*.py"), Path(identity.__file__)] for name in _literals(file)}


def _literals(file: Path) -> Iterator[str]:
    """Yield the string literals of a module that have the form of a code, without the codes of refusals."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    refusals = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "code" for t in node.targets)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in refusals else None
        if isinstance(text, str) and _CODE.fullmatch(text):
            yield text
