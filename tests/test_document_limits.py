"""Documents and variables that are too large are refused quickly, with a sentence that names the limit."""

import time
from typing import Any

import pytest

from domain.agreement import TerritoryKind
from domain.catalogue import Bundle
from domain.errors import BadInput, LimitExceeded
from domain.grant import RowLimit
from resolvers.document import DocumentLimits, InvalidOperation
from resolvers.plan import Planner
from schema.registry import full_schema
from schema.visible import visible_schema

PLANNER = Planner(visible_schema(full_schema(), frozenset(Bundle)), DocumentLimits())
NATIONAL = RowLimit(TerritoryKind.NATIONAL)
QUICK = 1.0
"""Seconds of this process that a refusal may take at most; most take a hundredth of it."""


def _plan(text: str, variables: dict[str, Any] | None = None) -> None:
    PLANNER.plan(text, None, variables or {}, NATIONAL)


def _refused(text: str, variables: dict[str, Any] | None = None) -> str:
    """Return the sentence with which an operation is refused before it is planned, in little time."""
    begun = time.process_time()
    with pytest.raises((LimitExceeded, InvalidOperation)) as refusal:
        _plan(text, variables)
    assert time.process_time() - begun < QUICK
    error = refusal.value
    return error.errors[0].message if isinstance(error, InvalidOperation) else str(error)


def _nested(depth: int) -> str:
    """Return an operation whose fields are nested so deeply."""
    inner = "id"
    for at in range(depth - 4):
        inner = f"{'members' if at % 2 else 'household'} {{ {inner} }}"
    root = "persons" if depth % 2 else "households"
    return f"{{ {root} {{ edges {{ node {{ {inner} }} }} }} }}"


def _repeated(text: str, count: int) -> str:
    return " ".join([text] * count)


def _numbered(text: str, count: int) -> str:
    return " ".join(text.format(at=at, next=at + 1) for at in range(count))


@pytest.mark.parametrize(
    ("taken", "refused", "sentence"),
    [
        (_nested(15), _nested(16), "At most 15 levels of fields"),
        (
            "{ persons { edges { node { " + _numbered("m{at}: id ...F", 100) + " } } } } fragment F on Person { id }",
            "{ persons { edges { node { " + _numbered("m{at}: id", 101) + " } } } }",
            "At most 100 aliases",
        ),
        (
            "{" + _numbered("r{at}: __typename", 10) + "}",
            "{" + _numbered("r{at}: __typename", 11) + "}",
            "At most 10 root",
        ),
        (f"{{ {'a' * 63}: __typename }}", f"{{ {'a' * 64}: __typename }}", "At most 63 characters of a response key"),
        ("{ __typename }", f"{{ {'a' * 900_000} }}", "At most 63 characters of a response key"),
        (
            "{ persons { edges { node { " + _repeated("id", 100) + " } } } }",
            "{ persons { edges { node { " + _repeated("id", 101) + " } } } }",
            "At most 100 fields of one response key",
        ),
        (
            "{ __typename }",
            "{ __typename " + "#\n" * 5 + "," * 9 + _repeated("@skip(if: false)", 999) + "}",
            "4000 tokens",
        ),
    ],
)
def test_a_document_has_a_size(taken: str, refused: str, sentence: str) -> None:
    """At the limit it is planned, beyond it the sentence says what is limited and to how much."""
    _plan(taken)
    assert sentence in _refused(refused)


LEAVES = ("id", "name", "cnic", "bformNo", "sex", "birthDate", "ageYears", "ageMonths", "maritalStatus", "isPregnant")


def test_fields_count_as_often_as_their_fragment_is_spread() -> None:
    """Ten times three fields and a fragment of 97 are a thousand and planned; with one field more they are too many."""

    def document(size: int) -> str:
        spread = _numbered("r{at}: persons {{ edges {{ node {{ ...F }} }} }}", 10)
        return f"{{ {spread} }} fragment F on Person {{ {' '.join((LEAVES * 10)[:size])} }}"

    _plan(document(97))
    assert "At most 1000 fields" in _refused(document(98))


BOMBS = {
    "exponential spreads": "{ ...F0 } "
    + _numbered("fragment F{at} on Query {{ ...F{next} ...F{next} ...F{next} }}", 150)
    + " fragment F150 on Query { __typename }",
    "a long chain of spreads": "{ ...F0 } "
    + _numbered("fragment F{at} on Query {{ ...F{next} }}", 480)
    + " fragment F480 on Query { __typename }",
    "a fragment within itself": "{ ...F } fragment F on Query { viewer { client } ...F }",
    "a cycle of fragments": "{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A }",
    "overlapping fields": "{ persons { edges { node { "
    + _repeated("household { id region { code } }", 240)
    + " } } } }",
    "overlapping fields in fragments": "{ persons { edges { node { "
    + _numbered("...F{at}", 240)
    + " } } } } "
    + _numbered("fragment F{at} on Person {{ household {{ id }} }}", 240),
    "nested selections": "{ persons " + "{ edges { node { household { members " * 300 + "}" * 1200 + "}",
    "nested inline fragments": "{ " + "... { " * 1000 + "__typename" + " }" * 1001,
    "nested input objects": "{ persons(where: " + "{not: " * 1000 + "{}" + "}" * 1000 + ") { totalCount } }",
    "nested lists": "{ household(id: " + "[" * 1900 + "]" * 1900 + ") { id } }",
    "nested types": "query($x: " + "[" * 1900 + "Int" + "]" * 1900 + ") { __typename }",
    "introspection of introspection": "{ __schema { types { fields"
    + " { type { fields" * 3
    + " { name }"
    + " } }" * 3
    + " } } }",
    "many unknown fields": "{ persons { edges { node { " + _numbered("zz{at}", 900) + " } } } }",
    "many unused variables": "query(" + _numbered("$a{at}: Int", 900) + ") { __typename }",
    "many operations": _numbered("query Q{at} {{ __typename }}", 700),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_before_it_goes_off(bomb: str) -> None:
    """What is small to send and large to look at costs a sentence and no time."""
    assert _refused(bomb)


WHERE = "query($w: PersonFilter) { persons(where: $w) { totalCount } }"
MALE = {"sex": {"eq": "MALE"}}


def _filter(depth: int, how: str) -> dict[str, Any]:
    """Return a filter nested so deeply by `and`, `or`, `not` or relations."""
    found: dict[str, Any] = MALE
    for _ in range(depth - 1):
        found = {how: found if how == "not" else [found]}
    return found


@pytest.mark.parametrize("how", ["not", "and", "or"])
def test_a_filter_has_a_depth(how: str) -> None:
    """Eleven levels and the operator make twelve; one more is refused, as a variable and as a literal."""
    _plan(WHERE, {"w": _filter(12, how)})
    assert "at most 12 levels" in _refused(WHERE, {"w": _filter(13, how)})
    literal = "{sex: {eq: MALE}}"
    for _ in range(12):
        literal = f"{{{how}: {literal}}}"
    assert "at most 12 levels" in _refused(f"{{ persons(where: {literal}) {{ totalCount }} }}")


def test_a_relation_is_a_level_of_a_filter() -> None:
    """Household, members and `some` lead on without end, so they count."""
    nested: dict[str, Any] = MALE
    for _ in range(5):
        nested = {"household": {"members": {"some": nested}}}
    _plan(WHERE, {"w": nested})
    assert "at most 12 levels" in _refused(WHERE, {"w": {"household": {"members": {"some": {"not": nested}}}}})


def test_an_operation_has_so_many_conditions() -> None:
    """Two hundred fields of filters are planned, however they are spread over root fields; one more is not."""
    _plan(WHERE, {"w": {"or": [MALE] * 199}})
    assert "at most 200 conditions" in _refused(WHERE, {"w": {"or": [MALE] * 200}})
    twice = "query($w: PersonFilter) { a: persons(where: $w) { totalCount } b: persons(where: $w) { totalCount } }"
    _plan(twice, {"w": {"or": [MALE] * 99}})
    assert "at most 200 conditions" in _refused(twice, {"w": {"or": [MALE] * 100}})


def test_variables_have_a_size() -> None:
    """Nothing is made of variables before they are counted: a megabyte of conditions costs no time."""
    assert "At most 1000 input objects" in _refused(WHERE, {"w": {"or": [MALE] * 500}})
    assert "At most 20000 values" in _refused(WHERE, {"w": {"or": [MALE] * 30_000}})
    assert "At most 20000 values" in _refused(
        "query($c: [String!]!) { crossCheck(cnics: $c) { cnic } }", {"c": [""] * 99_999}
    )
    assert _refused(WHERE, {"w": _filter(900, "not")})
    assert _refused(WHERE, {"w": [[[[]]]] * 100})
    _plan("query($c: [String!]!) { crossCheck(cnics: $c) { cnic } }", {"c": [""] * 19_000})


def test_the_sizes_of_lists_and_orders_are_limited() -> None:
    """A thousand values are planned and bound; an order has one to five fields, and each names one."""
    order = "query($o: [PersonOrder!]) { persons(orderBy: $o) { totalCount } }"
    _plan(order, {"o": [{"sex": "ASC"}, {"ageYears": "DESC"}] * 2})
    refusals: list[Any] = [[], None, [{"sex": "ASC"}] * 6, [{}], [{"sex": "ASC", "ageYears": "ASC"}], [{"sex": None}]]
    for refused in refusals:
        with pytest.raises(BadInput):
            _plan(order, {"o": refused})


def test_a_null_condition_of_a_directive_is_refused() -> None:
    """A variable that may be left out may not be null: neither skipping nor including would be what was meant."""
    query = "query($b: Boolean = true) { persons @include(if: $b) { totalCount } }"
    _plan(query)
    _plan(query, {"b": False})
    with pytest.raises(BadInput, match=r"\$b: null decides neither"):
        _plan(query, {"b": None})
