"""Writes the two tables of a survey, row by row, as CSV or Parquet. Only `server.synthesis.survey` uses it.

In Parquet every column is text, spelled as in CSV, and an empty value is null: so a planted defect can be written,
and both forms are read by the same rules. The same rows give the same bytes.
"""

import csv
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

Form = Literal["csv", "parquet"]


class Table(AbstractContextManager["Table"]):
    """A table being written, in a `with` block that closes it."""

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Append rows, each in the order of the table's columns."""
        raise NotImplementedError

    def close(self) -> None:
        """Finish the file."""
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file, also after an error."""
        self.close()


class CsvTable(Table):
    """A CSV file in UTF-8 with a header and lines that end in a line feed."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Create or overwrite the file and write its header."""
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(columns)

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Append rows."""
        self._writer.writerows(rows)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class ParquetTable(Table):
    """A Parquet file whose columns are all text; each call of `write` becomes a row group."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Create or overwrite the file."""
        self._schema = pa.schema([(column, pa.string()) for column in columns])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Append rows as one row group."""
        columns = [[value or None for value in column] for column in zip(*rows, strict=True)]
        if columns:
            arrays = [pa.array(column, type=pa.string()) for column in columns]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write the file's footer and close it."""
        self._writer.close()


def table(folder: Path, name: str, columns: Sequence[str], form: Form) -> Table:
    """Open the table `name` of a survey folder for writing, in place of what the folder held of that name."""
    for other in ("csv", "parquet"):
        (folder / f"{name}.{other}").unlink(missing_ok=True)
    return (CsvTable if form == "csv" else ParquetTable)(folder / f"{name}.{form}", columns)
