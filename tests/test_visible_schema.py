"""The visible schema of a set of bundles: exactly what they give, and nothing that only others would give."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_leaf_type,
    print_schema,
    validate_schema,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from domain import tables
from domain.base import Base
from domain.catalogue import Attribute, Bundle, attribute_of
from domain.score import Score
from resolvers.answer import Derived, Value, answer_of
from schema import sdl
from schema.registry import full_schema
from schema.visible import Coordinates, required_bundles, visible_schema

FULL = full_schema()
REQUIRED = Coordinates.of(FULL).required
EVERYTHING = frozenset(Bundle)
DATA_BUNDLES = frozenset(chain.from_iterable(REQUIRED.values()))
"""The bundles that give anything of the schema as it stands."""
bundles = st.frozensets(st.sampled_from(sorted(DATA_BUNDLES)))

OPEN = {"Programme", "Region", "Scorecard", "Viewer", "ViewerScope", "ViewerCoordinate", "PageInfo"}
"""Types of which every caller may see everything."""
SURROUNDED = {
    "Household.housing",
    "Household.assets",
    "Household.score",
    "Household.members",
    "Person.household",
    "Person.education",
    "Person.employment",
    "Person.disability",
    "Person.verification",
    *(f"Query.{name}" for name in ("viewer", "programmes", "programme", "regions", "scorecards")),
}
"""The coordinates of output types that require nothing themselves: they are visible when something in them is."""


def _types(schema: GraphQLSchema) -> Iterator[GraphQLObjectType | GraphQLInputObjectType]:
    for name, type_ in schema.type_map.items():
        if not name.startswith("__") and isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            yield type_


def _visible(held: frozenset[Bundle]) -> frozenset[str]:
    return frozenset(Coordinates.of(visible_schema(FULL, held)).required)


def _grounded(held: frozenset[Bundle]) -> set[str]:
    """Return the types from which granted fields lead to a leaf, by asking again until nothing is added."""
    found = {name for name, type_ in FULL.type_map.items() if is_leaf_type(type_)}
    while more := {
        type_.name
        for type_ in _types(FULL)
        if type_.name not in found
        and any(
            required_bundles(field) <= held and get_named_type(field.type).name in found
            for field in type_.fields.values()
        )
    }:
        found |= more
    return found


def _expected(held: frozenset[Bundle]) -> frozenset[str]:
    """Return the coordinates that `held` should give: granted, leading somewhere, and reached from the root."""
    grounded, unseen, seen = _grounded(held), ["Query"], {"Query"}
    found = set()
    while unseen:
        parent: Any = FULL.type_map[unseen.pop()]
        for name, field in parent.fields.items():
            place = f"{parent.name}.{name}"
            if not required_bundles(field) <= held or get_named_type(field.type).name not in grounded:
                continue
            arguments = field.args if isinstance(field, GraphQLField) else {}
            granted = {f"{place}({at}:)": a for at, a in arguments.items() if get_named_type(a.type).name in grounded}
            found |= {place, *granted}
            reached = {get_named_type(each.type) for each in (field, *granted.values())}
            unseen += [t.name for t in reached if hasattr(t, "fields") and t.name not in seen]
            seen |= {type_.name for type_ in reached}
    return frozenset(found)


@settings(max_examples=25, deadline=None)
@given(held=bundles, more=st.sampled_from(sorted(DATA_BUNDLES)))
def test_a_visible_schema_is_what_its_bundles_give(held: frozenset[Bundle], more: Bundle) -> None:
    """A valid schema with every coordinate that is granted and reached, and no other; a bundle more only adds."""
    schema = visible_schema(FULL, held)
    assert validate_schema(schema) == []
    found = Coordinates.of(schema).required
    assert all(required <= held for required in found.values())
    assert frozenset(found) == _expected(held)
    assert frozenset(found) <= _visible(held | {more})


@settings(max_examples=8, deadline=None)
@given(held=bundles)
def test_the_sdl_of_a_visible_schema_is_that_schema(held: frozenset[Bundle]) -> None:
    """What is printed can be read again, and shows `@requiresScopes` on every coordinate that requires anything."""
    printed = sdl.render(held)
    schema = visible_schema(FULL, held)
    read = build_schema(printed)
    assert validate_schema(read) == []
    assert _names(read) == _names(schema)
    shown = Coordinates.of(schema).required
    assert printed.count(' @requiresScopes(scopes: ["') == sum(1 for required in shown.values() if required)


def _names(schema: GraphQLSchema) -> dict[str, list[str]]:
    return {type_.name: list(type_.fields) for type_ in _types(schema)}


def test_no_bundle_and_every_bundle_are_the_ends() -> None:
    """Without a bundle a caller sees the reference data and itself; with all of them, all there is."""
    nothing = _visible(frozenset())
    assert {name.split(".")[0] for name in nothing} <= {"Query", *OPEN} | {
        name for name in FULL.type_map if name.startswith("Region") or name.endswith("Filter")
    }
    assert not any(name.startswith(("Person", "Household")) for name in nothing)
    assert _visible(EVERYTHING) == frozenset(REQUIRED)
    assert _names(visible_schema(FULL, EVERYTHING)) == _names(FULL)
    assert "PersonFilter" not in print_schema(visible_schema(FULL, frozenset()))


@pytest.mark.parametrize("bundle", sorted(DATA_BUNDLES))
def test_a_coordinate_goes_with_its_bundle(bundle: Bundle) -> None:
    """All bundles but one give all coordinates but those that require it, or that only they lead to."""
    gone = frozenset(REQUIRED) - _visible(EVERYTHING - {bundle})
    assert {name for name, required in REQUIRED.items() if bundle in required} <= gone
    assert gone == frozenset(REQUIRED) - _expected(EVERYTHING - {bundle})


def _shareable() -> list[tuple[str, Column[Any], Attribute]]:
    """Return every column of the models that names a bundle."""
    return [
        (f"{table.name}.{column.name}", column, column.info["attribute"])
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if "attribute" in column.info
    ]


def _leaves() -> list[tuple[str, GraphQLField, Value]]:
    """Return every field of an output type that shows a column."""
    return [
        (f"{type_.name}.{name}", field, answer)
        for type_ in _types(FULL)
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if isinstance(answer := answer_of(field), Value)
    ]


def _column(attribute: InstrumentedAttribute[Any]) -> Column[Any]:
    column: Column[Any] = attribute.property.columns[0]
    return column


@pytest.mark.parametrize(("name", "column", "described"), _shareable(), ids=[name for name, *_ in _shareable()])
def test_every_shareable_column_is_shown_under_its_bundle(name: str, column: Column[Any], described: Attribute) -> None:
    """One field, or more, shows it, and each carries exactly the bundle and the meaning that the model names."""
    shown = [(field, answer) for _, field, answer in _leaves() if _column(answer.column) is column]
    ordered = [field for _, field, answer in _leaves() if answer.order is not None and _column(answer.order) is column]
    assert shown or ordered
    for field, _ in shown:
        assert required_bundles(field) == {described.bundle}
        assert field.description == described.meaning
    assert all(required_bundles(field) == {described.bundle} for field in ordered)


def test_a_column_without_a_bundle_is_shown_only_where_it_is_open_or_named() -> None:
    """A field that shows such a column is reference data, or the one that its surroundings give."""
    for name, field, answer in _leaves():
        if "attribute" not in _column(answer.column).info:
            assert name.split(".")[0] in OPEN or required_bundles(field), name
    with pytest.raises(LookupError, match="names no bundle"):
        attribute_of(tables.Person.line_no)


def test_a_field_may_be_empty_exactly_where_its_column_may() -> None:
    """Neither a promise that the database does not keep, nor an emptiness that cannot be."""
    for name, field, answer in _leaves():
        assert isinstance(field.type, GraphQLNonNull) is not _column(answer.column).nullable, name


def test_every_coordinate_names_a_bundle_or_is_known_to_need_none() -> None:
    """A field that is added without a bundle is found here before anybody sees it."""
    bare = {
        f"{type_.name}.{name}"
        for type_ in _types(FULL)
        if isinstance(type_, GraphQLObjectType) and not type_.name.endswith(("Connection", "Edge"))
        for name, field in type_.fields.items()
        if not required_bundles(field) and type_.name not in OPEN
    }
    assert bare == SURROUNDED


def test_a_derived_field_requires_what_it_is_computed_from() -> None:
    """Its columns are given by the bundle of the field."""
    fields = [field for type_ in _types(FULL) for field in type_.fields.values()]
    derived = [(answer, field) for field in fields if isinstance(answer := answer_of(field), Derived)]
    assert derived
    for answer, field in derived:
        assert required_bundles(field)
        assert _read(answer) <= required_bundles(field)


def _read(answer: Derived) -> frozenset[Bundle]:
    """Return the bundles of the columns that an expression reads."""
    found = set()

    def read(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
        found.add(attribute_of(column).bundle)
        return column.expression

    answer.expression(read)
    return frozenset(found)


@pytest.mark.parametrize("kind", ["Filter", "Order"])
def test_a_filter_and_an_order_require_what_their_field_does(kind: str) -> None:
    """Filtering by a column and sorting by it are reading it; asking by an identity number has a bundle of its own."""
    compared = 0
    for type_ in _types(FULL):
        derived = FULL.type_map.get(f"{type_.name}{kind}")
        if not isinstance(type_, GraphQLObjectType) or not isinstance(derived, GraphQLInputObjectType):
            continue
        for name, field in derived.fields.items():
            if name in ("and", "or", "not", "isEligibleFor", "within"):
                continue
            asked_by_number = kind == "Filter" and f"{type_.name}.{name}" in ("Person.cnic", "Person.bformNo")
            expected = {Bundle.LOOKUP_CNIC} if asked_by_number else required_bundles(type_.fields[name])
            assert required_bundles(field) == expected, f"{derived.name}.{name}"
            assert answer_of(field) == answer_of(type_.fields[name])
            compared += 1
    assert compared > 20


def test_eligibility_as_a_filter_requires_eligibility() -> None:
    """`isEligibleFor` reads determinations; `within` reads places, which are open."""
    person, household, region = (FULL.type_map[f"{name}Filter"] for name in ("Person", "Household", "Region"))
    assert isinstance(person, GraphQLInputObjectType)
    assert isinstance(household, GraphQLInputObjectType)
    assert isinstance(region, GraphQLInputObjectType)
    for type_ in (person, household):
        assert required_bundles(type_.fields["isEligibleFor"]) == {Bundle.ELIGIBILITY_READ}
    assert required_bundles(region.fields["within"]) == frozenset()


def test_the_band_does_not_order_by_the_score() -> None:
    """With the band alone neither value nor rank is in the schema, nor a column behind them in any answer."""
    schema = visible_schema(FULL, frozenset({Bundle.HOUSEHOLD_READ, Bundle.HOUSEHOLD_BAND}))
    hidden = {_column(Score.value), _column(Score.rank), _column(Score.scored_at)}
    for type_ in _types(schema):
        for field in type_.fields.values():
            answer = answer_of(field)
            if isinstance(answer, Value):
                assert _column(answer.column) not in hidden
                assert answer.order is None or _column(answer.order) not in hidden
    order = schema.type_map["ScoreOrder"]
    assert isinstance(order, GraphQLInputObjectType)
    assert list(order.fields) == ["band"]


def test_enums_and_scalars_of_withheld_fields_are_not_in_the_schema() -> None:
    """A vocabulary that only withheld fields use is no type of the visible schema."""
    schema = visible_schema(FULL, frozenset({Bundle.PERSON_READ}))
    assert {"Sex", "RelationToHead"} <= set(schema.type_map)
    for name in (
        "MaritalStatus",
        "ScoreBand",
        "Tenure",
        "EnrolmentStatus",
        "Decision",
        "TenureFilter",
        "CrossCheckStatus",
    ):
        assert name in FULL.type_map
        assert name not in schema.type_map
