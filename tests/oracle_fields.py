"""What each field of the schema says of a row, restated from its description. Part of the oracle.

A *kind* is the name of an object type. A leaf is read as a plain value, which filters and orders compare and `shown`
writes as JSON.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.oracle_rows import Reached, Row

PAKISTAN = ZoneInfo("Asia/Karachi")

_GROUPS = (
    ("Household", "housing"),
    ("Household", "assets"),
    ("Person", "education"),
    ("Person", "employment"),
    ("Person", "disability"),
    ("Person", "verification"),
)
"""Objects that stand in the row of their parent."""

_PREFIXED = {"Education": {"level"}, "Employment": {"status"}, "Disability": {"domain", "severity"}}
_PREFIXED["Verification"] = {"status", "checkedOn", "mismatches"}
"""The leaves of groups whose columns begin with the name of the group."""

OBJECTS: dict[tuple[str, str], Callable[[Reached, Row], Row | None]] = {
    ("Household", "region"): lambda reached, row: reached.by_id("region", row["region_id"]),
    ("Household", "score"): lambda reached, row: reached.score(row),
    ("Score", "scorecard"): lambda reached, row: reached.by_id("scorecard", row["scorecard_id"]),
    ("Region", "parent"): lambda reached, row: reached.by_id("region", row["parent_id"]),
    ("Person", "household"): lambda reached, row: reached.by_id("household", row["household_id"]),
    ("Determination", "programme"): lambda reached, row: reached.by_id("programme", row["programme_id"]),
    ("Enrolment", "programme"): lambda reached, row: reached.by_id("programme", row["programme_id"]),
    **{group: lambda _, row: row for group in _GROUPS},
}
"""Objects that are one other row, or none; or the same row."""

LISTS: dict[tuple[str, str], Callable[[Reached, Row], list[Row]]] = {
    ("Household", "members"): lambda reached, row: sorted(reached.of_household[row["id"]], key=lambda p: p["line_no"]),
    ("Household", "determinations"): lambda reached, row: reached.determinations_of(row),
    ("Household", "enrolments"): lambda reached, row: reached.enrolments_of(reached.of_household[row["id"]]),
    ("Person", "determinations"): lambda reached, row: reached.determinations_of(row),
    ("Person", "enrolments"): lambda reached, row: reached.enrolments_of([row]),
}
"""Lists of other rows, in the order in which they come unless another is asked for."""


def completed_months(birth: date, today: date) -> int:
    """Return the age in completed months; in a shorter month, its last day completes the month of one born later."""
    months = (today.year - birth.year) * 12 + today.month - birth.month
    last_day = calendar.monthrange(today.year, today.month)[1]
    return months if today.day >= min(birth.day, last_day) else months - 1


def _age_months(reached: Reached, row: Row) -> int:
    return completed_months(row["birth_date"], reached.today)


def _rules_version(reached: Reached, row: Row) -> str:
    rules = reached.by_id("programme_rules", row["rules_id"])
    assert rules is not None
    version: str = rules["version"]
    return version


_COMPUTED: dict[tuple[str, str], Callable[[Reached, Row], Any]] = {
    ("Household", "asOf"): lambda reached, _: reached.today,
    ("Score", "value"): lambda _, row: None if row["value"] is None else row["value"] / 100,
    ("Person", "ageMonths"): _age_months,
    ("Person", "ageYears"): lambda reached, row: _age_months(reached, row) // 12,
    ("Determination", "rulesVersion"): _rules_version,
}


def leaf(kind: str, name: str) -> Callable[[Reached, Row], Any]:
    """Return what reads a leaf of a row."""
    if (kind, name) in _COMPUTED:
        return _COMPUTED[kind, name]
    column = re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), name)
    if name in _PREFIXED.get(kind, ()):
        column = f"{kind.lower()}_{column}"
    return lambda _, row: row[column]


def sort_value(kind: str, name: str) -> Callable[[Reached, Row], Any]:
    """Return what an order by a leaf compares: a household without a score stands behind the highest."""
    read = leaf(kind, name)
    if (kind, name) == ("Score", "value"):
        return lambda reached, row: float("inf") if row["value"] is None else read(reached, row)
    return read


def shown(value: Any) -> Any:
    """Return a plain value as JSON has it."""
    match value:
        case datetime():
            whole, dot, rest = value.astimezone(PAKISTAN).isoformat().partition(".")
            fraction, offset = rest[:6].rstrip("0"), rest[6:]
            return whole + (dot + fraction if fraction else "") + offset
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Enum():
            return value.value
        case list():
            return [shown(item) for item in value]
        case _:
            return value
