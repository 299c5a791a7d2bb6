"""The files of a survey: what can be read, and what is refused as a whole, before anything is loaded."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from domain.errors import BadInput
from domain.intake.form import HOUSEHOLD_COLUMNS, PERSON_COLUMNS
from tests.intake_files import (
    as_parquet,
    content,
    faults,
    household,
    load,
    person,
    rejected,
    table,
    write_csv,
    write_survey,
)

pytest_plugins = ["tests.intake_fixtures"]

Survey = Callable[..., Path]


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """A sound survey of two households."""
    households = [household("F1"), household("F2", region_code="SD11", latitude="24.5", longitude="69.8", rooms="2")]
    persons = [person("F1", 1), person("F1", 2, sex="male"), person("F2", 1, cnic="41101-1234567-2")]
    return write_survey(tmp_path / "survey", households, persons)


def test_columns_come_in_any_order(registry: Engine, other_registry: Engine, survey: Path, tmp_path: Path) -> None:
    """A column says by its name what it holds, and one that nobody answered may be missing."""
    households = [household("F1", rooms="3", tv="true")]
    persons = [person("F1", 1, occupation="weaver")]
    full = write_survey(tmp_path / "full", households, persons)
    write_csv(full / "households.csv", households, list(reversed(HOUSEHOLD_COLUMNS)))
    write_csv(full / "persons.csv", persons, sorted(PERSON_COLUMNS))
    load(registry, full)
    load(other_registry, write_survey(tmp_path / "part", households, persons))
    assert content(registry) == content(other_registry) != []


def test_a_byte_order_mark_is_tolerated(registry: Engine, survey: Path) -> None:
    """Spreadsheets write one before the header."""
    path = survey / "households.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(registry, survey).households.accepted == 2


def test_lines_end_as_they_like(registry: Engine, survey: Path) -> None:
    """Windows ends lines with two characters; line numbers stay what an editor shows, with empty lines counted."""
    path = survey / "persons.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").replace(b",head", b",boss", 1) + b"\r\n\r\n")
    assert load(registry, survey).households.accepted == 1
    assert [row["line"] for row in rejected(survey) if row["code"] == "WORD_UNKNOWN"] == ["2"]


def test_a_value_over_several_lines_counts_its_lines(registry: Engine, survey: Path) -> None:
    """The line of a row is the physical line on which it begins; the line break itself is refused."""
    path = survey / "households.csv"
    path.write_text(
        "form_no,region_code,surveyed_on,source,address\n"
        'F1,PB11,2026-03-01,desk,"House 1\nStreet 2"\n'
        "F2,PB11,2026-03-01,walk_in,House 3\n"
    )
    load(registry, survey)
    places = [(row["line"], row["column"], row["value_class"]) for row in rejected(survey) if row["file"] == path.name]
    assert places == [("2", "address", "text(16) with control characters"), ("4", "source", "text(7)")]


def test_parquet_is_read_like_csv(registry: Engine, other_registry: Engine, survey: Path, tmp_path: Path) -> None:
    """Text columns or typed ones, in row groups of two: the registry is the same, and a second load changes nothing."""
    load(registry, survey)
    types = {
        "surveyed_on": pa.date32(),
        "birth_date": pa.date32(),
        "latitude": pa.float64(),
        "rooms": pa.float64(),
        "line_no": pa.int8(),
        "sex": pa.dictionary(pa.int8(), pa.string()),
    }
    typed = as_parquet(survey, tmp_path / "typed", types)
    load(other_registry, typed)
    assert content(registry) == content(other_registry) != []
    assert load(registry, as_parquet(survey, tmp_path / "text")).households.unchanged == 2
    assert load(registry, typed).households.unchanged == 2


def test_a_bad_row_of_parquet_is_named_by_its_number(registry: Engine, survey: Path, tmp_path: Path) -> None:
    """The first row is row 1, also in a later row group."""
    path = survey / "persons.csv"
    path.write_text(path.read_text().replace("41101-1234567-2", "41101-1234567"))
    parquet = as_parquet(survey, tmp_path / "parquet")
    load(registry, parquet)
    told = [row for row in rejected(parquet) if row["code"] == "NUMBER_MALFORMED"]
    assert [(row["file"], row["line"]) for row in told] == [("persons.parquet", "3")]


def test_a_survey_without_rows_loads_nothing(registry: Engine, tmp_path: Path) -> None:
    """Two headers and nothing below them are a survey; there is no rejected file."""
    summary = load(registry, write_survey(tmp_path / "empty", [], []))
    counts = {"accepted": 0, "rejected": 0, "unchanged": 0}
    assert summary.to_json() == {"households": counts, "persons": counts, "warnings": 0, "rejected_file": None}


def _replace(name: str, old: bytes, new: bytes) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        content = (folder / name).read_bytes()
        assert old in content
        (folder / name).write_bytes(content.replace(old, new, 1))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "persons.csv").unlink(), "neither is there"),
        (lambda folder: (folder / "persons.parquet").write_bytes(b""), "both are there"),
        (lambda folder: (folder / "households.csv").write_bytes(b""), "households.csv is empty"),
        (
            _replace("households.csv", b"source", b"sauce"),
            "households.csv, line 1, column 4: the column sauce is not known",
        ),
        (_replace("persons.csv", b"birth_date", b"name"), "persons.csv, line 1, column 5: the column name comes twice"),
        (_replace("persons.csv", b"sex", b"cnic"), "line 1, column 7: the column cnic comes twice"),
        (_replace("persons.csv", b"sex", b"bform_no"), "persons.csv, line 1: the column sex is missing"),
        (
            _replace("persons.csv", b"Person 2", b"Person \xff"),
            "persons.csv, line 3, column name: bytes that are not UTF-8",
        ),
        (_replace("persons.csv", b"name", b"n\xffme"), "persons.csv, line 1: bytes that are not UTF-8"),
        (_replace("persons.csv", b"Person 1", b'Person 1"'), None),
        (_replace("persons.csv", b"Person 1", b'"Person 1'), "persons.csv, line 2: the quotation marks cannot be read"),
        (
            _replace("persons.csv", b"Person 1", b'"Person" 1'),
            "persons.csv, line 2: the quotation marks cannot be read",
        ),
        (
            _replace("persons.csv", b"Person 1", b"P" * 200_000),
            "persons.csv, line 2: the quotation marks cannot be read",
        ),
        (_replace("households.csv", b"source", b"35202-1234567-1"), "column 4: the column in that place is not known"),
    ],
)
def test_files_that_cannot_be_read_load_nothing(
    registry: Engine, survey: Path, spoil: Callable[[Path], object], message: str | None
) -> None:
    """What cannot be read to its end is refused by file, line and column, and not a single household goes in."""
    spoil(survey)
    if message is None:
        assert load(registry, survey).households.accepted == 2
        return
    with pytest.raises(BadInput, match=message):
        load(registry, survey)
    assert content(registry) == []
    assert list(survey.glob("rejected*")) == []


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), "persons.parquet is not a whole Parquet file"),
        (lambda path: path.write_bytes(path.read_bytes()[:40] + path.read_bytes()[80:]), "not a whole Parquet file"),
        (lambda path: path.write_bytes(b"PAR1"), "persons.parquet is not a whole Parquet file"),
    ],
)
def test_a_cut_off_parquet_file_loads_nothing(
    registry: Engine, survey: Path, tmp_path: Path, spoil: Callable[[Path], object], message: str
) -> None:
    """A file that lost its end, or some of its middle, is refused, and nothing goes in."""
    parquet = as_parquet(survey, tmp_path / "parquet")
    spoil(parquet / "persons.parquet")
    with pytest.raises(BadInput, match=message):
        load(registry, parquet)
    assert content(registry) == []


def test_a_column_of_another_type_is_refused(registry: Engine, survey: Path, tmp_path: Path) -> None:
    """A time is not a date, and which day it means depends on the clock that wrote it."""
    parquet = as_parquet(survey, tmp_path / "parquet", {"birth_date": pa.timestamp("ms")})
    with pytest.raises(BadInput, match=r"persons.parquet, column birth_date: values of type timestamp\[ms\]"):
        load(registry, parquet)


def test_text_in_parquet_is_utf_8_too(registry: Engine, survey: Path, tmp_path: Path) -> None:
    """A writer that put other bytes into a text column is found out."""
    parquet = as_parquet(survey, tmp_path / "parquet")
    names = pa.array([b"Person 1", b"Person \xff", b"Person 3"], pa.binary()).view(pa.string())
    persons = pa.parquet.read_table(parquet / "persons.parquet")
    place = persons.column_names.index("name")
    pa.parquet.write_table(persons.set_column(place, "name", names), parquet / "persons.parquet")
    with pytest.raises(BadInput, match=r"persons.parquet, line 2, column name: bytes that are not UTF-8"):
        load(registry, parquet)


def test_the_rejected_file_cannot_be_written(registry: Engine, survey: Path) -> None:
    """A place that is no place is told before the load begins."""
    (survey / "rejected.csv.part").mkdir()
    with pytest.raises(BadInput, match="Choose another place for the rejected rows"):
        load(registry, survey)
    assert content(registry) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("F2,1", [("F2", "", "ROW_MISSHAPEN")]),
        ("F2,1,A,female,1990-05-17,head,,,", [("F2", "", "ROW_MISSHAPEN")]),
        (",1,A,female,1990-05-17,head,", [("", "form_no", "VALUE_MISSING")]),
        ("F 2,1,A,female,1990-05-17,head,", [("", "form_no", "FORM_MALFORMED")]),
        ("F2,1,A,female,1990-05-17,head,", []),
    ],
)
def test_a_row_that_cannot_be_told_apart_sets_its_form_aside(
    registry: Engine, survey: Path, row: str, expected: list[tuple[str, str, str]]
) -> None:
    """Too few or too many values, or no form number: told by form where there is one, and the rest goes in."""
    households = table(
        "form_no | region_code | surveyed_on | source\nF1 | PB11 | 2026-03-01 | desk\nF2 | PB11 | 2026-03-01 | desk"
    )
    write_csv(survey / "households.csv", households)
    head = "form_no,line_no,name,sex,birth_date,relation_to_head,cnic\nF1,1,A,female,1990-05-17,head,\n"
    (survey / "persons.csv").write_text(head + row + "\n")
    summary = load(registry, survey)
    told = faults(survey)
    assert [fault for fault in told if fault[2] != "ROSTER_EMPTY"] == expected
    assert summary.households.accepted == (1 if expected else 2)
    assert summary.persons.accepted + summary.persons.rejected == 2
