"""The cross-check, restated from its description. Part of the oracle."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.oracle_fields import shown
from tests.oracle_filter import given, number, programme_code
from tests.oracle_rows import Reached, Row
from tests.oracle_selection import Selected

Members = Callable[[str, Sequence[Selected]], Callable[[Row], Any]]


def cross_checked(reached: Reached, root: Selected, members: Members) -> Callable[[], Any]:
    """Return what answers a cross-check."""
    asked = given(root.arguments["cnics"])
    programmes = None
    if "programmes" in root.arguments:
        programmes = [programme_code(reached, code) for code in given(root.arguments["programmes"])]
    shows = [(field.key, _member(reached, field, programmes, members)) for field in root.fields]
    return lambda: [{key: show(_Number(reached, text)) for key, show in shows} for text in asked]


class _Number:
    """What is known of one number: the visible persons who bear it, and the others of their households."""

    def __init__(self, reached: Reached, text: str) -> None:
        meant = number(text)
        self.asked = text
        self.bearers = [p for p in reached.persons if meant is not None and meant in (p["cnic"], p["bform_no"])]
        self.status = "INVALID" if meant is None else "VISIBLE" if self.bearers else "NO_VISIBLE_RECORD"
        households = {person["household_id"] for person in self.bearers}
        members = [person for id_ in households for person in reached.of_household[id_]]
        self.own = reached.enrolments_of(self.bearers)
        self.others = reached.enrolments_of([person for person in members if person not in self.bearers])


def _member(
    reached: Reached, field: Selected, programmes: list[str] | None, members: Members
) -> Callable[[_Number], Any]:
    show = members(field.kind, field.fields) if field.kind == "Enrolment" else None
    match field.name:
        case "cnic":
            return lambda found: found.asked
        case "status":
            return lambda found: found.status
        case "personEnrolments":
            return lambda found: [show(row) for row in found.own]  # type: ignore[misc]
        case "householdEnrolments":
            return lambda found: [show(row) for row in found.others]  # type: ignore[misc]
        case "conflicts":
            return _conflicts(reached, field, programmes, members)
        case _:
            return lambda _: "CrossCheckResult"


def _conflicts(
    reached: Reached, field: Selected, programmes: list[str] | None, members: Members
) -> Callable[[_Number], Any]:
    shows = [(inner.key, inner.name, members(inner.kind, inner.fields)) for inner in field.fields]

    def answer(found: _Number) -> Any:
        closed = sorted(_closed(reached, found), key=lambda conflict: conflict["order"])
        return [
            {key: _shown(conflict, name, show) for key, name, show in shows}
            for conflict in closed
            if programmes is None or conflict["programme"]["code"] in programmes
        ]

    return answer


def _shown(conflict: Row, name: str, show: Callable[[Row], Any]) -> Any:
    match name:
        case "programme" | "becauseOf":
            return show(conflict[name])
        case "__typename":
            return "Conflict"
        case _:
            return shown(conflict[name])


def _closed(reached: Reached, found: _Number) -> list[Row]:
    """Return the conflicts: each rule in force today, against each running enrolment, in both directions."""
    conflicts = []
    for level, enrolments in (("PERSON", found.own), ("HOUSEHOLD", found.others)):
        for enrolment in enrolments:
            for rule in reached.conflicts:
                if enrolment["until"] is None and _in_force(reached, rule) and rule["level"] in ("HOUSEHOLD", level):
                    conflicts += _by(reached, rule, enrolment, level)
    return conflicts


def _in_force(reached: Reached, rule: Row) -> bool:
    return bool(rule["valid_from"] <= reached.today and (rule["valid_until"] or reached.today) >= reached.today)


def _by(reached: Reached, rule: Row, enrolment: Row, level: str) -> list[Row]:
    because = enrolment["programme_id"]
    pair = (rule["programme_id"], rule["excludes_id"])
    conflicts = []
    for closed, closing in (pair, pair[::-1]):
        if closing == because:
            one, other = reached.by_id("programme", closed), reached.by_id("programme", closing)
            assert one is not None
            assert other is not None
            rank = (one["code"], other["code"], rule["id"], enrolment["id"])
            conflicts.append(
                {"programme": one, "becauseOf": other, "level": level, "rule": rule["rule"], "order": rank}
            )
    return conflicts
