"""What became of a survey: `load_survey` returns it, `nser load` prints it."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Counts:
    """Rows of one file by what became of them; together they are all rows of the file."""

    accepted: int = 0
    rejected: int = 0
    unchanged: int = 0

    @property
    def all(self) -> int:
        """The rows dealt with so far."""
        return self.accepted + self.rejected + self.unchanged


@dataclass(slots=True)
class LoadSummary:
    """What became of a survey."""

    households: Counts = field(default_factory=Counts)
    persons: Counts = field(default_factory=Counts)
    warnings: int = 0
    """Warnings stored with the accepted submissions; informations are not counted."""
    rejected_file: Path | None = None
    """Where the rejected rows are told one by one, when there are any."""

    def to_json(self) -> dict[str, Any]:
        """Return the summary as `nser load --json` prints it."""
        return {**asdict(self), "rejected_file": None if self.rejected_file is None else str(self.rejected_file)}
