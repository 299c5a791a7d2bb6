"""The page of types: every field and argument with meaning and scope, filters and orders by rule. From the schema."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
)

from domain.score import BAND_EDGES, HUNDREDTHS, ScoreBand
from schema.registry import full_schema
from schema.visible import required_bundles
from server.reference.markdown import code, codes, document, section, sentence, table

Kind = TypeVar("Kind", bound=GraphQLNamedType)

_INTRODUCTION = """\
A field is in a caller's schema when the grant holds every scope of its row. One without a scope is there when its
object is, and an object is there when one of its fields is. [`schema.graphql`](../schema.graphql) is the whole
schema as text."""

_CONNECTIONS = """\
A list at the root is a connection: `edges { node cursor } pageInfo totalCount`. `first` says how many rows a page
has, `after` is the `endCursor` of the page before. A cursor is sealed: it serves one client in one order, and
nothing can be read from it. `totalCount` counts the rows that the filter selects within the caller's rows, and is
counted only when asked for."""

_FILTERS = """\
Every object type that can be filtered has a filter of its own, derived from it: `PersonFilter` has a field for each
attribute of `Person`, and follows groups (`education`) and relations (`household`). The field of a filter needs the
scope of the attribute that it filters by. The exception is a filter by an identity number (`cnic`, `bformNo`),
which needs `lookup:cnic` whether or not the number may be read. A filter that a grant does not give is not in its
schema.

- All that is given in one filter must hold. `and`, `or` and `not` take filters; `not` also selects rows of which
  the inner condition is not known.
- A list of rows, such as `members`, takes `some` and `none`. Both speak of the rows that the caller reaches.
- `isEligibleFor` takes a programme's code and selects who is eligible today by its rules. `within` takes codes of
  places and selects these and all places in them.
- An empty filter, an empty list and a null are errors: nothing is ever widened in silence. A question about what
  was not answered is `isNull`."""

_ORDERS = """\
`orderBy` takes a list of objects with exactly one field each, such as `[{household: {score: {band: ASC}}}, {name:
DESC}]`. Rows that are equal in it are ordered by their number, so that paging neither repeats nor loses a row. Only
what is never empty can be ordered by."""

_SCALARS = {
    "Boolean": "`true` or `false`.",
    "Date": "A day, written `2026-03-01`.",
    "DateTime": "A moment, written with its distance from UTC: `2026-03-01T14:30:00+05:00`.",
    "Float": "A number with decimals.",
    "ID": "An id of this registry. It says nothing about whom it stands for.",
    "Int": "A whole number from -2,147,483,648 to 2,147,483,647.",
    "String": "Text.",
}

_ARGUMENT = ("argument", "type", "meaning")
_BY_RULE = {"where": "Which rows: see [filters](#filters).", "orderBy": "In which order: see [orders](#orders)."}

_BANDS = "The band is read off the score, so `household:band` gives it without the value."


def page() -> str:
    """Return the page of types."""
    return document(
        "Types",
        _INTRODUCTION,
        section("Questions", _fields(_query(), "Query")),
        *(_arguments(name, field) for name, field in _query().fields.items() if field.args and not _is_page(field)),
        section(
            "Connections",
            _CONNECTIONS,
            table(_ARGUMENT, _described_arguments(next(filter(_is_page, _query().fields.values())))),
            table(("field", "type", "meaning"), _page_info()),
        ),
        *map(_object, _objects()),
        section("Filters", _FILTERS, _operators()),
        section("Orders", _ORDERS, table(("order", "fields"), _orders())),
        section("Vocabularies", ""),
        *map(_vocabulary, _of_kind(GraphQLEnumType)),
        section("Scalars", "", table(("scalar", "meaning"), _scalars())),
    )


def _query() -> GraphQLObjectType:
    query = full_schema().query_type
    assert query is not None
    return query


def _of_kind(kind: type[Kind]) -> list[Kind]:
    types = sorted(full_schema().type_map.items())
    return [type_ for name, type_ in types if isinstance(type_, kind) and not name.startswith("__")]


def _objects() -> Iterator[GraphQLObjectType]:
    """Yield the object types that are neither the root nor the shape of a page."""
    for type_ in _of_kind(GraphQLObjectType):
        if type_.name not in ("Query", "PageInfo") and not type_.name.endswith(("Connection", "Edge")):
            yield type_


def _object(type_: GraphQLObjectType) -> str:
    return section(code(type_.name), sentence(type_.description or ""), _fields(type_, type_.name))


def _fields(type_: GraphQLObjectType, parent: str) -> str:
    header = ("question" if parent == "Query" else "field", "type", "meaning", "scope")
    return table(header, ((code(name), *_described(field)) for name, field in type_.fields.items()))


def _described(field: GraphQLField) -> tuple[str, str, str]:
    return code(field.type), field.description or "", _scopes(field)


def _scopes(field: GraphQLField) -> str:
    return codes(sorted(bundle.value for bundle in required_bundles(field)))


def _is_page(field: GraphQLField) -> bool:
    return "after" in field.args


def _arguments(name: str, field: GraphQLField) -> str:
    return section(code(f"Query.{name}"), table(_ARGUMENT, _described_arguments(field)), level=3)


def _described_arguments(field: GraphQLField) -> Iterator[tuple[str, str, str]]:
    """Yield the arguments of a field; where and orderBy of a page are of the filter and the order of its type."""
    for name, argument in field.args.items():
        type_ = {"where": "the filter of the type", "orderBy": "a list of its order"}.get(name) or code(argument.type)
        yield code(name), type_, argument.description or _BY_RULE.get(name, "")


def _page_info() -> Iterator[tuple[str, str, str]]:
    type_ = full_schema().type_map["PageInfo"]
    assert isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items():
        yield code(f"pageInfo.{name}"), code(field.type), field.description or ""


def _operators() -> str:
    """Return the operators with the types whose values take them."""
    takers: dict[str, list[str]] = {}
    meanings: dict[str, str] = {}
    for type_ in _of_kind(GraphQLInputObjectType):
        if {"eq", "isNull"} <= type_.fields.keys():
            for name, field in type_.fields.items():
                takers.setdefault(name, []).append(type_.name.removesuffix("Filter"))
                meanings[name] = field.description or ""
    everything = takers["eq"]
    rows = ((code(name), meanings[name], _takers(taking, everything)) for name, taking in takers.items())
    return table(("operator", "meaning", "of values of the types"), rows)


def _takers(taking: list[str], everything: list[str]) -> str:
    missing = [name for name in everything if name not in taking]
    if not missing:
        return "all"
    return f"all but {codes(missing)}" if len(missing) < len(taking) else codes(taking)


def _orders() -> Iterator[tuple[str, str]]:
    for type_ in _of_kind(GraphQLInputObjectType):
        if type_.name.endswith("Order"):
            yield code(type_.name), codes(type_.fields)


def _vocabulary(type_: GraphQLEnumType) -> str:
    bands = [_BANDS, _band_edges()] if type_.name == "ScoreBand" else []
    return section(code(type_.name), sentence(type_.description or ""), codes(type_.values), *bands, level=3)


def _band_edges() -> str:
    return table(("band", "scores"), _edges(BAND_EDGES.items()))


def _edges(edges: Iterable[tuple[ScoreBand, int]]) -> Iterator[tuple[str, str]]:
    below = "0"
    for band, edge in edges:
        highest = f"{edge / HUNDREDTHS:.2f}"
        yield code(band.value), f"{below} to {highest}" if below == "0" else f"above {below}, up to {highest}"
        below = highest
    yield code(ScoreBand.E.value), f"above {below}"
    yield code(ScoreBand.UNSCORED.value), "no score, because answers are missing"


def _scalars() -> Iterator[tuple[str, str]]:
    for type_ in _of_kind(GraphQLScalarType):
        yield code(type_.name), _SCALARS[type_.name]
