"""Regions files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from domain.errors import BadInput
from domain.geography import builtin_regions_file
from domain.region_file import load_regions
from tests.intake_files import REGIONS, Row, table, write_csv

pytest_plugins = ["tests.intake_fixtures"]

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a drawn table as `regions.csv`."""
    return lambda drawn: write_csv(tmp_path / "regions.csv", table(drawn))


def rows(engine: Engine) -> list[tuple[object, ...]]:
    """Return each region with the codes of what it lies in."""
    statement = text(
        """
        select region.code, region.level, region.name, parent.code, province.code, district.code, region.valid_from
        from region left join region parent on parent.id = region.parent_id
            left join region province on province.id = region.province_id
            left join region district on district.id = region.district_id
        order by region.code
        """
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def test_a_region_knows_its_province_and_its_district(engine: Engine, write: Write) -> None:
    """Both follow from the parents; a province names itself and has no district."""
    assert load_regions(engine, write(REGIONS)).to_json() == {"added": 8, "changed": 0, "unchanged": 0}
    assert rows(engine)[:3] == [
        ("PB", 1, "Punjab", None, "PB", None, None),
        ("PB1", 2, "Lahore", "PB", "PB", "PB1", None),
        ("PB11", 3, "Lahore City", "PB1", "PB", "PB1", None),
    ]


def test_the_order_of_rows_and_columns_makes_no_difference(engine: Engine, tmp_path: Path) -> None:
    """A tehsil may stand before its district."""
    reversed_rows: list[Row] = [dict(reversed(row.items())) for row in reversed(table(REGIONS))]
    assert load_regions(engine, write_csv(tmp_path / "regions.csv", reversed_rows)).added == 8
    assert ("SD11", 3, "Mithi", "SD1", "SD", "SD1", None) in rows(engine)


def test_the_same_file_again_changes_nothing(engine: Engine, write: Write) -> None:
    """All rows are unchanged, and so is the table."""
    load_regions(engine, write(REGIONS))
    before = rows(engine)
    assert load_regions(engine, write(REGIONS)).to_json() == {"added": 0, "changed": 0, "unchanged": 8}
    assert rows(engine) == before


def test_a_region_is_renamed_and_moved_in_place(engine: Engine, write: Write) -> None:
    """A tehsil that goes to another district takes its new district and province with it."""
    load_regions(engine, write(REGIONS))
    moved = REGIONS.replace("Shujabad       | PB2", "Shujaabad      | SD1")
    assert load_regions(engine, write(moved)).to_json() == {"added": 0, "changed": 1, "unchanged": 7}
    assert ("PB21", 3, "Shujaabad", "SD1", "SD", "SD1", None) in rows(engine)


def test_a_district_takes_its_tehsils_with_it(engine: Engine, write: Write) -> None:
    """When a district goes to another province, so do its tehsils."""
    load_regions(engine, write(REGIONS))
    load_regions(engine, write(REGIONS.replace("Multan         | PB", "Multan         | SD")))
    assert ("PB21", 3, "Shujabad", "PB2", "SD", "PB2", None) in rows(engine)


def test_regions_exist_from_a_day(engine: Engine, write: Write) -> None:
    """The day is that of the file that brought them, unless a later load names another."""
    load_regions(engine, write(REGIONS), valid_from=date(2022, 9, 9))
    assert {row[-1] for row in rows(engine)} == {date(2022, 9, 9)}
    assert load_regions(engine, write(REGIONS)).unchanged == 8
    assert load_regions(engine, write(REGIONS), valid_from=date(2020, 1, 1)).changed == 8


def test_two_files_lie_side_by_side(engine: Engine, write: Write) -> None:
    """The built-in table and another file with codes of its own share a registry."""
    builtin = load_regions(engine, builtin_regions_file())
    other = load_regions(engine, write(REGIONS.replace("PB", "XX").replace("SD", "YY")))
    assert builtin.added > 700
    assert other.to_json() == {"added": 8, "changed": 0, "unchanged": 0}
    assert load_regions(engine, builtin_regions_file()).unchanged == builtin.added


def test_a_district_may_name_a_province_of_the_registry(engine: Engine, write: Write) -> None:
    """What a file adds may hang on what an earlier file brought."""
    load_regions(engine, write(REGIONS))
    added = "pcode | level | name | parent\nPB31 | 3 | Sahiwal City | PB3\nPB3 | 2 | Sahiwal | PB"
    assert load_regions(engine, write(added)).added == 2
    assert ("PB31", 3, "Sahiwal City", "PB3", "PB", "PB3", None) in rows(engine)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (("SD1   | 2     | Tharparkar     | SD", "SD1   | 2     | Tharparkar     | SX"), "line 8, column parent"),
        (("SD11  | 3     | Mithi          | SD1", "SD11  | 3     | Mithi          | SD"), "line 9, column parent"),
        (("SD11  | 3     | Mithi          | SD1", "SD11  | 3     | Mithi          | SD11"), "line 9, column parent"),
        (("SD1   | 2", "SD1   | 3"), "line 8, column parent"),
        (("SD1   | 2", "SD1   | 4"), "line 8, column level"),
        (("SD1   | 2", "SD1   | two"), "line 8, column level"),
        (("SD1   | 2", "PB1   | 2"), "line 8, column pcode"),
        (("SD1   | 2", "      | 2"), "line 8, column pcode"),
        (("SD1   | 2", "S 1   | 2"), "line 8, column pcode"),
        (("| Tharparkar ", "| "), "line 8, column name"),
        (("parent", "parent_code"), "line 1, column 4"),
    ],
)
def test_a_bad_file_changes_nothing(engine: Engine, write: Write, wrong: tuple[str, str], place: str) -> None:
    """One bad place refuses the whole file, and the error names it."""
    with pytest.raises(BadInput, match=f"regions.csv, {place}"):
        load_regions(engine, write(REGIONS.replace(*wrong)))
    assert rows(engine) == []


def test_a_missing_column_is_named(engine: Engine, write: Write) -> None:
    """All four columns are required."""
    with pytest.raises(BadInput, match="line 1: the column parent is missing"):
        load_regions(engine, write("pcode | level | name\nPB | 1 | Punjab"))


def test_a_short_row_is_named(engine: Engine, tmp_path: Path) -> None:
    """A row without its parent is told by its line."""
    path = tmp_path / "regions.csv"
    path.write_text("pcode,level,name,parent\nPB,1,Punjab,PK\nPB1,2,Lahore\n")
    with pytest.raises(BadInput, match="line 3: the row has 3 values"):
        load_regions(engine, path)


def test_bytes_that_are_not_utf_8_are_named(engine: Engine, tmp_path: Path) -> None:
    """A file in another encoding is refused by line and column."""
    path = tmp_path / "regions.csv"
    path.write_bytes("pcode,level,name,parent\nPB,1,Pünjab,PK\n".encode("latin-1"))
    with pytest.raises(BadInput, match="line 2, column name: bytes that are not UTF-8"):
        load_regions(engine, path)
    assert rows(engine) == []


def test_a_code_keeps_its_level(engine: Engine, write: Write) -> None:
    """What was a tehsil is not turned into a district by a later file."""
    load_regions(engine, write(REGIONS))
    with pytest.raises(BadInput, match="line 4, column level: the code is registered at another level"):
        load_regions(
            engine, write(REGIONS.replace("PB11  | 3     | Lahore City    | PB1", "PB11  | 2     | City | PB"))
        )


def test_an_inhabited_region_is_renamed_but_not_moved(inhabited: Engine, write: Write) -> None:
    """The territory of a household is on every row about it, so its tehsil stays in its district."""
    renamed = REGIONS.replace("Lahore City", "Lahore Town")
    assert load_regions(inhabited, write(renamed)).changed == 1
    with pytest.raises(BadInput, match="line 4, column parent: households are registered there"):
        load_regions(inhabited, write(REGIONS.replace("Lahore City    | PB1", "Lahore City    | PB2")))
    with pytest.raises(BadInput, match="line 3, column parent: households are registered there"):
        load_regions(inhabited, write(REGIONS.replace("Lahore         | PB", "Lahore         | SD")))
