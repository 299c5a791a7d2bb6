"""What is true of the built-in table of provinces, districts and tehsils, and of how a synthetic survey uses it."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from domain.geography import builtin_regions_file
from server.synthesis import synthesise
from server.synthesis.figures import PROVINCES

Row = dict[str, str]
DAY = date(2026, 6, 30)


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def regions() -> list[Row]:
    """The rows of the built-in regions file."""
    return read(builtin_regions_file())


def test_columns(regions: list[Row]) -> None:
    """The file has the columns of every regions file, in the order in which they are documented."""
    assert list(regions[0]) == ["pcode", "level", "name", "parent"]


def test_codes_are_unique(regions: list[Row]) -> None:
    """No code is given twice, though tehsils of different districts may share a name."""
    assert len({row["pcode"] for row in regions}) == len(regions)


def test_levels(regions: list[Row]) -> None:
    """There are seven provinces, all the districts of the census with the two regions', and their tehsils."""
    by_level = {level: sum(row["level"] == level for row in regions) for level in "123"}
    assert by_level["1"] == 7
    assert by_level["2"] == 136 + 10 + 10
    assert sum(by_level.values()) == len(regions)


def test_parents_exist_one_level_up(regions: list[Row]) -> None:
    """Every parent is in the table, one level above its child; the parent of a province is the country."""
    level_of = {row["pcode"]: int(row["level"]) for row in regions} | {"PK": 0}
    assert [row for row in regions if level_of.get(row["parent"]) != int(row["level"]) - 1] == []


def test_codes_tell_their_parent(regions: list[Row]) -> None:
    """A code begins with its parent's and has the form of its level, which no P-code has."""
    forms = {"1": r"[A-Z]{2}", "2": r"[A-Z]{2}-\d{3}", "3": r"[A-Z]{2}-\d{3}-\d{2}"}
    for row in regions:
        assert re.fullmatch(forms[row["level"]], row["pcode"])
        assert row["level"] == "1" or row["pcode"].startswith(f"{row['parent']}-")


def test_provinces(regions: list[Row]) -> None:
    """The codes of the provinces are those that the documentation and the demonstration use."""
    assert {row["pcode"]: row["name"] for row in regions if row["level"] == "1"} == {
        "PB": "Punjab",
        "SD": "Sindh",
        "KP": "Khyber Pakhtunkhwa",
        "BA": "Balochistan",
        "IS": "Islamabad",
        "GB": "Gilgit-Baltistan",
        "JK": "Azad Jammu and Kashmir",
    }


def test_every_district_has_a_tehsil(regions: list[Row]) -> None:
    """A household anywhere has a tehsil to be registered in."""
    parents = {row["parent"] for row in regions if row["level"] == "3"}
    assert [row["name"] for row in regions if row["level"] == "2" and row["pcode"] not in parents] == []


def test_names_are_clean(regions: list[Row]) -> None:
    """Names are not blank, have no stray spaces or slashes, and are not repeated within a district or province."""
    for row in regions:
        assert re.fullmatch(r"[A-Z0-9][A-Za-z0-9'.-]*( [A-Za-z0-9'.-]+)*", row["name"]), row
        assert not row["name"].endswith("-")
    assert len({(row["parent"], row["name"].lower()) for row in regions}) == len(regions)


def test_survey_lives_in_tehsils(regions: list[Row], tmp_path: Path) -> None:
    """Synthetic households live in tehsils, more in some districts than in others, within their province's box."""
    synthesise(tmp_path, 1500, 5, surveyed_to=DAY)
    households = read(tmp_path / "households.csv")
    assert {row["region_code"] for row in households} <= {row["pcode"] for row in regions if row["level"] == "3"}
    districts = Counter(row["region_code"][:6] for row in households if row["region_code"].startswith("PB"))
    assert max(districts.values()) > 4 * min(districts.values())
    boxes = dict(zip(("PB", "SD", "KP", "BA", "IS", "GB", "JK"), PROVINCES, strict=True))
    for row in households:
        box = boxes[row["region_code"][:2]]
        if row["latitude"]:
            assert box.south <= float(row["latitude"]) <= box.north
            assert box.west <= float(row["longitude"]) <= box.east


def test_another_regions_file(tmp_path: Path) -> None:
    """Another regions file is used as it is, with the figures of the provinces it names; unknown ones are refused."""
    regions = tmp_path / "regions.csv"
    regions.write_text("pcode,level,name,parent\nX,1,Azad Kashmir,PK\nX1,2,Bagh,X\nX11,3,Harighel,X1\n")
    synthesise(tmp_path / "survey", 20, 1, surveyed_to=DAY, regions=regions)
    assert {row["region_code"] for row in read(tmp_path / "survey/households.csv")} == {"X11"}
    regions.write_text("pcode,level,name,parent\nX,1,Atlantis,PK\nX1,2,Deep,X\nX11,3,Deeper,X1\n")
    with pytest.raises(ValueError, match="Atlantis"):
        synthesise(tmp_path / "survey", 20, 1, surveyed_to=DAY, regions=regions)
