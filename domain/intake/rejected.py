"""Writes `rejected.csv`: every row that was set aside, with what to do and no personal data. Only intake uses it."""

import csv
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from domain.errors import BadInput
from domain.intake.fault import Fault, TableName
from domain.intake.roster import Form

COLUMNS = ("file", "form_no", "line", "column", "value_class", "code", "reason")
_COMPANION = "Nothing is wrong with this row itself. Correct the other rows of its form and load the form again."


class RejectedFile(AbstractContextManager["RejectedFile"]):
    """The rejected rows of one load. The file appears, and replaces an earlier one, when the load has ended well;
    a load that rejects nothing leaves none."""

    def __init__(self, path: Path, files: dict[TableName, str]) -> None:
        """Begin the file beside `path`; `files` are the names of the survey's two files."""
        self.path = path
        self._files = files
        self._rows = 0
        self._partial = path.with_name(f"{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._partial.open("w", encoding="utf-8", newline="")
        except OSError as failure:
            raise BadInput(
                f"{path} cannot be written: {failure.strerror}. Choose another place for the rejected rows."
            ) from failure
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    @property
    def written(self) -> Path | None:
        """The file, when anything was rejected."""
        return self.path if self._rows else None

    def form(self, form: Form, faults: Iterable[Fault]) -> None:
        """Set a whole form aside: a line for each fault, and one for each row that is only a companion."""
        told = list(faults)
        at_fault = {(fault.table, fault.line) for fault in told}
        tables: tuple[tuple[TableName, list[int]], ...] = (
            ("households", [row.line for row in form.households]),
            ("persons", [row.line for row in form.persons]),
        )
        told += [
            Fault(table, line, "", "", "HOUSEHOLD_REJECTED", _COMPANION)
            for table, lines in tables
            for line in lines
            if (table, line) not in at_fault
        ]
        for fault in sorted(told, key=lambda fault: (fault.table, fault.line)):
            self.row(form.form_no, fault)

    def row(self, form_no: str, fault: Fault) -> None:
        """Set a single row aside."""
        self._writer.writerow((self._files[fault.table], form_no, *fault[1:]))
        self._rows += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the file in its place; after a failure leave what was there."""
        self._file.close()
        if kind is None and self._rows:
            self._partial.replace(self.path)
            return
        self._partial.unlink()
        if kind is None:
            self.path.unlink(missing_ok=True)
