"""Which columns a statement names, and whether a grant gives them. For tests of minimal reading."""

import re
from collections.abc import Iterator

from domain import tables as _tables  # noqa: F401 - every table is in the metadata
from domain.base import Base
from domain.catalogue import Attribute, Bundle
from domain.grant import Grant

_COLUMN = re.compile(r"\b([a-z_]+?)_(\d+)\.(\w+)( = 'ELIGIBLE'| (?:=|IS|<|>|IN) ?)?")
_OWN = {"page", "known"}
"""Names that the statement gives to rows of its own: a page, the numbers of named codes."""
_REFERENCE = {"programme", "programme_conflict", "programme_rules", "region", "scorecard"}
_KEYS = {"id", "household_id", "person_id", "programme_id", "rules_id", "region_id", "scorecard_id"}
_PLACES = {"province_id", "district_id", "line_no", "holds_from", "holds_until"}
PLUMBING = _KEYS | _PLACES
"""Columns that hold a statement together: keys, places, the roster's order and the days on which something holds."""


def columns_outside(statement: str, grant: Grant) -> list[str]:
    """Return the columns that a statement names and that the grant does not give."""
    return sorted({name for name, allowed in _columns(statement, grant) if not allowed})


def _columns(statement: str, grant: Grant) -> Iterator[tuple[str, bool]]:
    for table, number, column, compared in _COLUMN.findall(statement):
        if table not in _OWN:
            yield f"{table}_{number}.{column}", _given(table, column, compared, grant)


def _given(table: str, column: str, compared: str, grant: Grant) -> bool:
    described = Base.metadata.tables[table].columns[column].info.get("attribute")
    if column in PLUMBING:
        return True
    if not isinstance(described, Attribute):
        return table in _REFERENCE and column != "parameters"
    if compared == " = 'ELIGIBLE'" and grant.rows.cohort is not None:
        return True
    asked_by_number = described.lookup and bool(compared) and Bundle.LOOKUP_CNIC in grant.bundles
    return described.bundle in grant.bundles or asked_by_number
