"""The oracle of the planner: a naive evaluator that answers an operation from plain rows, with loops and nothing else.

It restates the public meaning of the schema. It shares no code with the planner: two ways must agree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graphql import GraphQLSchema

from domain.catalogue import WORDS, Bundle
from domain.grant import Grant
from tests.oracle_cross_check import cross_checked
from tests.oracle_fields import LISTS, OBJECTS, completed_months, leaf, shown
from tests.oracle_filter import Order, Refused, by_number, condition, meant, order, programme_code
from tests.oracle_rows import Reached, Row
from tests.oracle_selection import Reader, Selected
from tests.registry import Registry

Json = Any
Member = Callable[[Row], Json]

PAGES: dict[str, tuple[str, str]] = {
    "households": ("Household", "households"),
    "persons": ("Person", "persons"),
    "pregnantWomen": ("Person", "persons"),
    "childrenUnderTwo": ("Person", "persons"),
    "trainingCandidates": ("Person", "persons"),
    "regions": ("Region", "regions"),
}
"""The connections: the kind of their rows and where these are."""


@dataclass(frozen=True)
class Place:
    """Where a row stands in an order. The oracle cannot seal cursors; it says which place a cursor must stand for."""

    order: tuple[Any, ...]
    kind: str
    id: Any


class Oracle:
    """Answers operations under one grant."""

    def __init__(self, schema: GraphQLSchema, registry: Registry, grant: Grant, today: date) -> None:
        self._schema = schema
        self._grant = grant
        self._reached = Reached(registry, grant.rows, today)

    def answer(self, text: str, variables: Mapping[str, Any], places: Mapping[str, Place]) -> dict[str, Json]:
        """Return the `data` of the response; raise `Refused`. `places` says what the cursors in use stand for."""
        roots = Reader(self._schema, text, variables).read()
        answers = {root.key: self._root(root, places) for root in roots}
        return {key: answer() for key, answer in answers.items()}

    def _root(self, root: Selected, places: Mapping[str, Place]) -> Callable[[], Json]:
        """Return what answers a root field, its arguments read: what is refused is refused before anything is read."""
        reached, arguments = self._reached, root.arguments
        if root.name in PAGES:
            return self._page(root, places)
        match root.name:
            case "__typename":
                return lambda: "Query"
            case "household":
                wanted = meant("id", arguments["id"])
                return self._found(root, reached.households, lambda row: row["id"] == wanted)
            case "person":
                cnic = meant("cnic", arguments["cnic"])
                return self._found(root, reached.persons, lambda row: cnic in (row["cnic"], row["bform_no"]))
            case "programme":
                return self._found(root, reached.programmes, lambda row: row["code"] == arguments["code"])
            case "programmes":
                return self._all(root, sorted(reached.programmes, key=lambda row: row["code"]))
            case "scorecards":
                ordered = sorted(reached.scorecards, key=lambda row: (row["code"], row["valid_from"], row["id"]))
                return self._all(root, ordered)
            case "crossCheck":
                return cross_checked(reached, root, self.members)
            case _:
                return self._viewer(root)

    def _found(self, root: Selected, rows: list[Row], wanted: Callable[[Row], bool]) -> Callable[[], Json]:
        show = self.members(root.kind, root.fields)

        def answer() -> Json:
            found = [row for row in rows if wanted(row)]
            if len(found) > 1:
                raise Refused("AMBIGUOUS")
            return show(found[0]) if found else None

        return answer

    def _all(self, root: Selected, rows: list[Row]) -> Callable[[], Json]:
        show = self.members(root.kind, root.fields)
        return lambda: [show(row) for row in rows]

    def _viewer(self, root: Selected) -> Callable[[], Json]:
        grant = self._grant
        says = {
            "client": grant.client_name,
            "agreement": grant.agreement_reference,
            "title": grant.agreement_title,
            "purposes": list(grant.purposes),
            "validUntil": grant.valid_until.isoformat(),
            "territory": grant.rows.territory.value,
            "regions": list(grant.rows.region_codes),
            "cohort": grant.rows.cohort.code if grant.rows.cohort else None,
            "__typename": "Viewer",
        }
        return lambda: {field.key: says.get(field.name) or self._scopes(field) for field in root.fields}

    def _scopes(self, field: Selected) -> Json:
        if field.name != "scopes":
            return [] if field.name == "regions" else None
        held = [bundle for bundle in Bundle if bundle in self._grant.bundles]
        words = [{"name": b.value, "meaning": WORDS[b], "__typename": "ViewerScope"} for b in held]
        return [{inner.key: word[inner.name] for inner in field.fields} for word in words]

    # Rows

    def members(self, kind: str, fields: Sequence[Selected]) -> Member:
        """Return what shows the selected members of a row."""
        shows = [(field.key, self._member(kind, field)) for field in fields]
        return lambda row: {key: show(row) for key, show in shows}

    def _member(self, kind: str, field: Selected) -> Member:
        if field.name == "__typename":
            return lambda _: kind
        if (kind, field.name) in OBJECTS:
            other, inner = OBJECTS[kind, field.name], self.members(field.kind, field.fields)
            return lambda row: None if (found := other(self._reached, row)) is None else inner(found)
        if (kind, field.name) in LISTS:
            return self._list(kind, field)
        read = leaf(kind, field.name)
        return lambda row: shown(read(self._reached, row))

    def _list(self, kind: str, field: Selected) -> Member:
        many, show = LISTS[kind, field.name], self.members(field.kind, field.fields)
        wanted = self._wanted(field.kind, field.arguments)
        asked = order(self._reached, field.kind, field.arguments["orderBy"]) if "orderBy" in field.arguments else None
        most = _page_size(field.arguments["first"]) if "first" in field.arguments else None

        def rows(row: Row) -> list[Row]:
            found = [other for other in many(self._reached, row) if wanted(other)]
            return (asked.sorted(found) if asked else found)[:most]

        return lambda row: [show(other) for other in rows(row)]

    def _wanted(self, kind: str, arguments: Mapping[str, Any]) -> Callable[[Row], bool]:
        """Return the condition of the arguments `where` and `programme`."""
        conditions: list[Callable[[Row], bool]] = []
        if "where" in arguments:
            conditions.append(condition(self._reached, kind, arguments["where"]))
        if "programme" in arguments:
            code = programme_code(self._reached, arguments["programme"])
            conditions.append(condition(self._reached, kind, {"programme": {"code": {"eq": code}}}))
        return lambda row: all(holds(row) for holds in conditions)

    # Pages

    def _page(self, root: Selected, places: Mapping[str, Place]) -> Callable[[], Json]:
        kind, table = PAGES[root.name]
        asked = root.arguments
        first = _page_size(asked["first"])
        keys = order(self._reached, kind, asked["orderBy"]) if "orderBy" in asked else by_number()
        after = _place(kind, keys, asked.get("after"), places)
        wanted = self._page_condition(root, kind)
        page = _Page(self, kind, keys, first, after)
        shows = [(field.key, page.member(root.kind, field)) for field in root.fields]

        def answer() -> Json:
            page.cut(keys.sorted([row for row in getattr(self._reached, table) if wanted(row)]))
            return {key: show() for key, show in shows}

        return answer

    def _page_condition(self, root: Selected, kind: str) -> Callable[[Row], bool]:
        belongs, asked = _BELONGING.get(root.name, _every), root.arguments
        wanted = self._wanted(kind, asked)
        return lambda row: belongs(self._reached, row) and wanted(row)

    def row(self, place: Place) -> Row:
        """Return the row that stands at a place."""
        row = self._reached.by_id(place.kind.lower(), place.id)
        assert row is not None
        return row


def _every(_: Reached, __: Row) -> bool:
    return True


_BELONGING: dict[str, Callable[[Reached, Row], bool]] = {
    "pregnantWomen": lambda _, row: row["is_pregnant"] is True,
    "childrenUnderTwo": lambda reached, row: completed_months(row["birth_date"], reached.today) < 24,
    "trainingCandidates": lambda reached, row: reached.eligible(row, "HUNARMAND"),
}
"""What makes a person belong to a connection."""


class _Page:
    """One connection: the rows that its filter selects, and the page of them."""

    def __init__(self, oracle: Oracle, kind: str, keys: Order, first: int, after: Place | None) -> None:
        self._oracle, self._kind, self._keys, self._first, self._after = oracle, kind, keys, first, after
        self._rows: list[Row] = []
        self._following: list[Row] = []

    def cut(self, rows: list[Row]) -> None:
        """Take all rows of the connection, in order, and keep those that follow the place."""
        self._rows = self._following = rows
        if self._after is not None:
            here = self._oracle.row(self._after)
            line = self._keys.sorted([here, *(row for row in rows if row["id"] != here["id"])])
            self._following = line[line.index(here) + 1 :]

    def member(self, kind: str, field: Selected) -> Callable[[], Json]:
        match field.name:
            case "edges":
                shows = [(edge.key, self._edge(field.kind, edge)) for edge in field.fields]
                return lambda: [{key: show(row) for key, show in shows} for row in self._shown()]
            case "pageInfo":
                return lambda: {inner.key: self._info(inner.name) for inner in field.fields}
            case "totalCount":
                return lambda: len(self._rows)
            case _:
                return lambda: kind

    def _shown(self) -> list[Row]:
        return self._following[: self._first]

    def _edge(self, kind: str, field: Selected) -> Member:
        match field.name:
            case "node":
                return self._oracle.members(self._kind, field.fields)
            case "cursor":
                return self._place
            case _:
                return lambda _: kind

    def _place(self, row: Row) -> Place:
        return Place(self._keys.name, self._kind, row["id"])

    def _info(self, name: str) -> Json:
        shown_rows = self._shown()
        match name:
            case "hasNextPage":
                return len(self._following) > self._first
            case "hasPreviousPage":
                return self._after is not None
            case "startCursor":
                return self._place(shown_rows[0]) if shown_rows else None
            case "endCursor":
                return self._place(shown_rows[-1]) if shown_rows else None
            case _:
                return "PageInfo"


def _page_size(first: Any) -> int:
    if first is None or not 1 <= first <= 1000:
        raise Refused
    size: int = first
    return size


def _place(kind: str, keys: Order, cursor: Any, places: Mapping[str, Place]) -> Place | None:
    """Return the place of a cursor; one of other rows or of another order is refused."""
    if cursor is None:
        return None
    place = places.get(cursor)
    if place is None or (place.kind, place.order) != (kind, keys.name):
        raise Refused
    return place
