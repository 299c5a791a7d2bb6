"""Reads a Parquet file in batches, every value as the survey file spells it. Only `survey_folder` uses it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from domain.errors import BadInput
from domain.intake.csv_table import require_columns, undecodable

ROWS_AT_ONCE = 10_000
"""How many rows are in memory at once, whatever the size of a row group's columns on disk."""


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """An open question to a Parquet file whose columns are text or can be spelled as text without loss."""

    path: Path
    header: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with its number, from 1; empty is `""`. Raises `BadInput` for a file that ends early."""
        number = 1
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(ROWS_AT_ONCE):
                    columns = [self._spelled(name, batch.column(name), number) for name in self.header]
                    for row in zip(*columns, strict=True):
                        yield number, list(row)
                        number += 1
        except (pa.ArrowException, OSError) as failure:
            raise _unreadable(self.path) from failure

    def _spelled(self, name: str, column: pa.Array, first: int) -> list[str]:
        """Return a column's values as the survey file spells them, without surrounding blanks."""
        text = column.cast(pa.string())
        try:
            text.validate(full=True)
        except pa.ArrowInvalid as failure:
            raise undecodable(self.path, first + _first_undecodable(text), name) from failure
        stripped: list[str] = pc.fill_null(pc.utf8_trim_whitespace(text), "").to_pylist()
        return stripped


def open_parquet(path: Path, columns: Collection[str], required: Collection[str]) -> ParquetTable:
    """Return the Parquet file at `path` once its schema is found good; else raise `BadInput`, naming the column."""
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
    except (pa.ArrowException, OSError) as failure:
        raise _unreadable(path) from failure
    require_columns(path, tuple(schema.names), columns, required)
    for field in schema:
        if not _can_be_spelled(field.type):
            raise BadInput(
                f"{path.name}, column {field.name}: values of type {field.type} are not read. "
                "Write text, whole numbers, decimal numbers, booleans or dates."
            )
    return ParquetTable(path, tuple(schema.names))


def _first_undecodable(text: pa.Array) -> int:
    for place, value in enumerate(text.cast(pa.binary()).to_pylist()):
        try:
            (value or b"").decode()
        except UnicodeDecodeError:
            return place
    return 0


def _can_be_spelled(kind: pa.DataType) -> bool:
    """Tell whether casting to text gives the survey file's spelling."""
    if pa.types.is_dictionary(kind):
        return _can_be_spelled(kind.value_type)
    return any(
        is_kind(kind)
        for is_kind in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_integer,
            pa.types.is_floating,
            pa.types.is_decimal,
            pa.types.is_boolean,
            pa.types.is_date32,
            pa.types.is_null,
        )
    )


def _unreadable(path: Path) -> BadInput:
    return BadInput(f"{path.name} is not a whole Parquet file. It may have been cut off on its way; copy it again.")
