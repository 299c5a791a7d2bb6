"""Reads a regions file (`pcode,level,name,parent`) in. `nser geography load` and the demonstration call it.

A code says what a region is for ever: a file may rename it and move it while nobody lives there, but never change its
level. Regions that a file does not name stay as they are, so two files with different codes lie side by side.
"""

import re
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, exists, insert, or_, select, text, update
from sqlalchemy.orm import aliased

from domain.errors import BadInput
from domain.household import Household
from domain.intake.csv_table import open_csv
from domain.region import DISTRICT, PROVINCE, TEHSIL, Region

COLUMNS = ("pcode", "level", "name", "parent")
CODE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,30}[0-9A-Za-z])?")
"""The grammar of a region's code: it stands in survey files, agreements and errors."""
LONGEST_NAME = 100
_LEVELS = {str(level): level for level in (PROVINCE, DISTRICT, TEHSIL)}


@dataclass(frozen=True, slots=True)
class RegionSummary:
    """What became of the rows of a regions file."""

    added: int
    changed: int
    unchanged: int

    def to_json(self) -> dict[str, int]:
        """Return the summary as `nser geography load --json` prints it."""
        return asdict(self)


class _Row(NamedTuple):
    """One row of the file."""

    line: int
    code: str
    level: int
    name: str
    parent: str


def load_regions(engine: Engine, file: Path, *, valid_from: date | None = None) -> RegionSummary:
    """Add the regions of a CSV file and bring those it names up to date, in one transaction.

    `valid_from` is the day from which the file's regions exist; left out, what is added has always existed and what is
    there keeps its day. A parent stands in the file or in the registry; the parent of a province is the country and is
    not looked at. Raises `BadInput` with line and column, and changes nothing, for a file that does not hold together.
    """
    rows = _read(file)
    with engine.begin() as connection:
        connection.execute(text("lock table region in share row exclusive mode"))
        registry = _Registry(connection, file)
        _require_parents(file, rows, registry)
        counts = Counter(registry.write(row, valid_from) for row in sorted(rows, key=lambda row: row.level))
        _derive_territories(connection)
    return RegionSummary(counts["added"], counts["changed"], counts["unchanged"])


def _read(file: Path) -> list[_Row]:
    rows: dict[str, _Row] = {}
    table = open_csv(file, COLUMNS, COLUMNS)
    for line, values in table.rows():
        if len(values) != len(COLUMNS):
            raise _fault(file, line, None, f"the row has {len(values)} values; give it {len(COLUMNS)}.")
        row = _row(file, line, dict(zip(table.header, values, strict=True)))
        if row.code in rows:
            raise _fault(
                file, line, "pcode", f"the code also stands in line {rows[row.code].line}. Remove one of them."
            )
        rows[row.code] = row
    return list(rows.values())


def _row(file: Path, line: int, value: dict[str, str]) -> _Row:
    if not CODE.fullmatch(value["pcode"]):
        raise _fault(file, line, "pcode", "write a code of at most 32 letters, digits and hyphens.")
    if value["level"] not in _LEVELS:
        raise _fault(file, line, "level", "write 1 for a province, 2 for a district or 3 for a tehsil.")
    if not value["name"] or len(value["name"]) > LONGEST_NAME or not value["name"].isprintable():
        raise _fault(file, line, "name", f"write a name of at most {LONGEST_NAME} printable characters.")
    return _Row(line, value["pcode"], _LEVELS[value["level"]], value["name"], value["parent"])


def _fault(file: Path, line: int, column: str | None, sentence: str) -> BadInput:
    where = f", column {column}" if column else ""
    return BadInput(f"{file.name}, line {line}{where}: {sentence}")


class _Known(NamedTuple):
    """A region of the registry."""

    id: int
    level: int
    name: str
    parent_id: int | None
    valid_from: date | None


class _Registry:
    """The regions of the registry while a file is written over them."""

    def __init__(self, connection: Connection, file: Path) -> None:
        self._connection = connection
        self._file = file
        columns = (Region.code, Region.id, Region.level, Region.name, Region.parent_id, Region.valid_from)
        self._known = {code: _Known._make(known) for code, *known in connection.execute(select(*columns))}

    def level(self, code: str) -> int | None:
        """Return the level of a region that is registered."""
        return self._known[code].level if code in self._known else None

    def write(self, row: _Row, valid_from: date | None) -> str:
        """Bring one region up to date, after its parent, and tell what was done."""
        parent_id = None if row.level == PROVINCE else self._known[row.parent].id
        known = self._known.get(row.code)
        if known is None:
            self._add(row, parent_id, valid_from)
            return "added"
        wanted = _Known(known.id, row.level, row.name, parent_id, valid_from or known.valid_from)
        if known == wanted:
            return "unchanged"
        self._require_identity(row, known, wanted)
        values = {"name": wanted.name, "parent_id": wanted.parent_id, "valid_from": wanted.valid_from}
        self._connection.execute(update(Region).where(Region.id == known.id).values(values))
        return "changed"

    def _add(self, row: _Row, parent_id: int | None, valid_from: date | None) -> None:
        values = {"code": row.code, "level": row.level, "name": row.name, "parent_id": parent_id}
        statement = insert(Region).values(**values, valid_from=valid_from).returning(Region.id)
        added = self._connection.execute(statement).scalar_one()
        self._known[row.code] = _Known(added, row.level, row.name, parent_id, valid_from)

    def _require_identity(self, row: _Row, known: _Known, wanted: _Known) -> None:
        if known.level != wanted.level:
            raise _fault(self._file, row.line, "level", "the code is registered at another level. Give it a new code.")
        if known.parent_id != wanted.parent_id and self._is_inhabited(known.id):
            raise _fault(
                self._file,
                row.line,
                "parent",
                "households are registered there, and what was disclosed of them names the old parent. "
                "Give the region a new code under its new parent.",
            )

    def _is_inhabited(self, region_id: int) -> bool:
        lives_there = or_(*(column == region_id for column in (Household.region_id, Household.district_id)))
        return bool(self._connection.scalar(select(exists().where(lives_there))))


def _require_parents(file: Path, rows: list[_Row], registry: _Registry) -> None:
    """Every district lies in a province and every tehsil in a district, of the file or of the registry."""
    levels = {row.code: row.level for row in rows}
    for row in rows:
        if row.level == PROVINCE:
            continue
        level = levels.get(row.parent) or registry.level(row.parent)
        above = {DISTRICT: "province", TEHSIL: "district"}[row.level]
        if level is None:
            raise _fault(file, row.line, "parent", f"no region has that code. Write the code of its {above}.")
        if level != row.level - 1:
            raise _fault(file, row.line, "parent", f"the parent is at level {level}. Write the code of its {above}.")


def _derive_territories(connection: Connection) -> None:
    """Let every region name its province and its district, from the top down."""
    parent = aliased(Region)
    provinces = update(Region).where(Region.level == PROVINCE, Region.province_id.is_(None))
    connection.execute(provinces.values(province_id=Region.id))
    for level in (DISTRICT, TEHSIL):
        district_id = Region.id if level == DISTRICT else parent.district_id
        connection.execute(
            update(Region)
            .where(
                Region.level == level,
                parent.id == Region.parent_id,
                or_(
                    Region.province_id.is_distinct_from(parent.province_id),
                    Region.district_id.is_distinct_from(district_id),
                ),
            )
            .values(province_id=parent.province_id, district_id=district_id)
        )
