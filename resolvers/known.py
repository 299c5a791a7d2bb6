"""Codes that a caller names: looked up once a statement, and required to exist whatever rows the statement finds.

Without the requirement a mistyped programme would look like "not enrolled", and only where somebody was enrolled in
something would the mistake be told.
"""

from typing import Any

from sqlalchemy import ARRAY, CTE, ColumnElement, Integer, cast, func, select


class Known:
    """The look-ups of one statement. Each stands before the statement as a common table expression of one row."""

    def __init__(self) -> None:
        self._lookups: list[CTE] = []

    def programmes(self, codes: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the right side of a comparison with the programmes of `codes`, an array."""
        return self._any(func.programme_ids(codes))

    def regions(self, codes: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the right side of a comparison with the regions of `codes`, an array, and all that lie in them."""
        return self._any(func.region_ids(codes))

    def districts(self, codes: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the right side of a comparison with the districts that `codes` lie in or hold."""
        return self._any(func.district_ids(codes))

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what makes the statement look every code up, so that one which nothing bears fails it."""
        return [select(lookup.c.ids).scalar_subquery().is_not(None) for lookup in self._lookups]

    def _any(self, ids: ColumnElement[Any]) -> ColumnElement[Any]:
        lookup = select(ids.label("ids")).cte(f"known_{len(self._lookups)}")
        self._lookups.append(lookup)
        return func.any(cast(select(lookup.c.ids).scalar_subquery(), ARRAY(Integer)))
