"""What a row limit leaves of a registry, as plain rows. Part of the oracle; nothing here knows of SQL or the planner.

A limit is applied once, to every row, before any question is asked. So whatever way a question takes to a row, it meets
the same rows: that is what "the row limit holds on every path" means.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from domain.agreement import TerritoryKind
from domain.grant import RowLimit
from tests.registry import Registry, Rows

Row = Rows


class Reached:
    """The rows that a grant reaches today, and the ways between them."""

    def __init__(self, registry: Registry, limit: RowLimit, today: date) -> None:
        rows = registry.rows
        held = [d for d in rows["determination"] if d["holds_from"] <= today < d["holds_until"]]
        here = {table: [row for row in rows[table] if _in_territory(row, limit)] for table in _PLACED}
        cohort = _cohort(held, limit)
        self.today = today
        self.persons = [p for p in here["person"] if cohort is None or p["id"] in cohort]
        self.of_household = _grouped(self.persons, "household_id")
        self.households = [h for h in here["household"] if cohort is None or self.of_household[h["id"]]]
        self._seen = {row["id"] for row in (*self.persons, *self.households)}
        self.determinations = [d for d in held if _in_territory(d, limit) and self._about(d) in self._seen]
        self.enrolments = [e for e in here["enrolment"] if e["person_id"] in self._seen]
        self.regions, self.programmes = rows["region"], rows["programme"]
        self.scorecards, self.conflicts = rows["scorecard"], rows["programme_conflict"]
        self._by_id = {table: {row["id"]: row for row in rows[table]} for table in _KEYED}
        self._scores = {row["household_id"]: row for row in rows["score"]}
        self._decided, self._enrolled = defaultdict(list), _grouped(self.enrolments, "person_id")
        for determination in self.determinations:
            self._decided[self._about(determination)].append(determination)

    def by_id(self, table: str, id_: Any) -> Row | None:
        """Return the row of a table under its number; none under the number none."""
        return None if id_ is None else self._by_id[table][id_]

    def score(self, household: Row) -> Row:
        """Return the one score of a household."""
        return self._scores[household["id"]]

    def determinations_of(self, subject: Row) -> list[Row]:
        """Return what is decided today about a person, or about a household as such, by programme."""
        return sorted(self._decided[subject["id"]], key=lambda row: (row["programme_id"], row["id"]))

    def enrolments_of(self, people: Iterable[Row]) -> list[Row]:
        """Return the enrolments of persons, the earliest first."""
        found = [enrolment for person in people for enrolment in self._enrolled[person["id"]]]
        return sorted(found, key=lambda row: (row["since"], row["id"]))

    def eligible(self, person: Row, code: str) -> bool:
        """Tell whether the rules of a programme hold a person eligible today."""
        return any(
            d["decision"] == "ELIGIBLE" and self._by_id["programme"][d["programme_id"]]["code"] == code
            for d in self._decided[person["id"]]
        )

    @staticmethod
    def _about(determination: Row) -> Any:
        return determination["person_id"] or determination["household_id"]


_PLACED = ("person", "household", "enrolment")
_KEYED = ("person", "household", "region", "programme", "programme_rules", "scorecard")


def _in_territory(row: Row, limit: RowLimit) -> bool:
    match limit.territory:
        case TerritoryKind.NATIONAL:
            return True
        case TerritoryKind.PROVINCES:
            return row["province_id"] in limit.region_ids
        case TerritoryKind.DISTRICTS:
            return row["district_id"] in limit.region_ids
        case _:
            return False


def _cohort(held: list[Row], limit: RowLimit) -> set[Any] | None:
    """Return the persons whom the cohort's rules hold eligible today, or none where there is no cohort."""
    if limit.cohort is None:
        return None
    wanted = limit.cohort.programme_id
    return {
        d["person_id"] for d in held if d["programme_id"] == wanted and d["decision"] == "ELIGIBLE" and d["person_id"]
    }


def _grouped(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups
