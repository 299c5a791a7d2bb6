"""A warning or an information about an accepted submission: stored and no reason to refuse. Only intake uses it."""

from typing import NamedTuple

from domain.identity import Severity


class Finding(NamedTuple):
    """What is worth telling about one answer; it names a place and a code, never a value."""

    line_no: int | None
    """The line of the roster, empty when the finding is about the household."""
    column: str
    code: str
    severity: Severity
