"""Reads a CSV file row by row, with the line on which each row begins. Intake and the regions file use it."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class CsvTable:
    """An open question to a CSV file in UTF-8 with a header; a byte order mark is tolerated."""

    path: Path
    header: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with its line, values stripped of surrounding blanks; a row may be too long or too short.

        Empty lines are passed over. Raises `BadInput`, with the line, for bytes that are not UTF-8 and for quoting
        that cannot be read: what follows such a place cannot be told apart, so no row of the file is to be trusted.
        """
        rows = _rows(self.path)
        next(rows)
        for line, row in rows:
            values = [value.strip() for value in row]
            if not _is_unicode("".join(values)):
                raise undecodable(self.path, line, self._column(values))
            yield line, values

    def _column(self, values: list[str]) -> str | None:
        position = next(place for place, value in enumerate(values) if not _is_unicode(value))
        return self.header[position] if position < len(self.header) else None


def open_csv(path: Path, columns: Collection[str], required: Collection[str]) -> CsvTable:
    """Return the CSV file at `path` once its header is found good; raise `BadInput` otherwise, naming the column."""
    _, header = next(_rows(path), (1, []))
    names = tuple(name.strip() for name in header)
    if not _is_unicode("".join(names)):
        raise undecodable(path, 1, None)
    require_columns(path, names, columns, required)
    return CsvTable(path, names)


def require_columns(path: Path, names: tuple[str, ...], columns: Collection[str], required: Collection[str]) -> None:
    """Raise `BadInput` unless every name is one of `columns`, none comes twice and none of `required` is missing."""
    if not names:
        raise BadInput(f"{path.name} is empty. Its first line names the columns: {', '.join(columns)}.")
    for place, name in enumerate(names, start=1):
        if name not in columns:
            raise BadInput(
                f"{path.name}, line 1, column {place}: the column {_shown(name)} is not known. "
                f"Remove it or correct its name; the columns are {', '.join(columns)}."
            )
        if name in names[: place - 1]:
            raise BadInput(f"{path.name}, line 1, column {place}: the column {name} comes twice. Remove one of them.")
    if missing := [name for name in columns if name in required and name not in names]:
        raise BadInput(f"{path.name}, line 1: the column {missing[0]} is missing. It is required; add it.")


def undecodable(path: Path, line: int, column: str | None) -> BadInput:
    """Return the refusal of bytes that are not UTF-8."""
    where = f", column {column}" if column else ""
    return BadInput(
        f"{path.name}, line {line}{where}: bytes that are not UTF-8. Save the file as UTF-8 and load again."
    )


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that is not empty with the line on which it begins. Bytes that are not UTF-8 become surrogates,
    so that the row they stand in can be named."""
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            reader = csv.reader(file, strict=True)
            begun = 1
            for row in reader:
                if row:
                    yield begun, row
                begun = reader.line_num + 1
    except csv.Error as failure:
        raise BadInput(
            f"{path.name}, line {begun}: the quotation marks cannot be read ({failure}). "
            "Double each quotation mark inside a quoted value, close each quoted value, and load again."
        ) from failure
    except OSError as failure:
        raise BadInput(f"{path.name} cannot be read: {failure.strerror}. Check the file's permissions.") from failure


def _is_unicode(text: str) -> bool:
    """Tell whether `text` was decoded without fault: ASCII for nearly every value, so this is quick."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _shown(name: str) -> str:
    """Return a column's name fit for a sentence: a header that is no header may hold anything."""
    return name if name.isidentifier() and len(name) <= 40 and not name.isdigit() else "in that place"
