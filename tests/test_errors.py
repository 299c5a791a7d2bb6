"""Failures of a GraphQL request become answers that teach, with statuses for programs, and quote no value."""

import logging
from typing import Any

import orjson
import pytest
from graphql import GraphQLError
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.bearer import HeaderMalformed, TokenMissing
from domain.agreement import TerritoryKind
from domain.catalogue import Bundle
from domain.errors import BadInput, GrantRefused, LimitExceeded
from domain.grant import RowLimit
from resolvers.database import Ambiguous, TimedOut, Unavailable
from resolvers.document import DocumentLimits, InvalidOperation
from resolvers.plan import Planner
from schema.registry import full_schema
from schema.scopes import Needs
from schema.visible import visible_schema
from server.answering import InsufficientScope
from server.errors import ErrorPage, HTTPRefusal, Rendered
from server.redaction import redacted

PAGE = ErrorPage("https://nser.example/.well-known/oauth-protected-resource/graphql")
PLANNER = Planner(visible_schema(full_schema(), frozenset(Bundle)), DocumentLimits())
NATIONAL = RowLimit(TerritoryKind.NATIONAL)
NEEDS = Needs(["person:read", "person:identity"], {"Person.name": ["person:identity"]})


def _errors(rendered: Rendered) -> list[dict[str, Any]]:
    body: dict[str, Any] = orjson.loads(rendered.body)
    assert list(body) == ["errors"], "a failed request has no data"
    found: list[dict[str, Any]] = body["errors"]
    return found


@pytest.mark.parametrize(
    ("error", "status", "legacy", "code"),
    [
        (TokenMissing("Send a token."), 401, 401, "UNAUTHENTICATED"),
        (GrantRefused("The agreement is suspended."), 401, 401, "UNAUTHENTICATED"),
        (HeaderMalformed("Two headers."), 400, 400, "UNAUTHENTICATED"),
        (InsufficientScope(NEEDS), 403, 403, "INSUFFICIENT_SCOPE"),
        (InvalidOperation([GraphQLError("no such field")]), 400, 200, "GRAPHQL_VALIDATION_FAILED"),
        (BadInput("first: too many.", coordinate="first"), 400, 200, "BAD_USER_INPUT"),
        (LimitExceeded("Too deep.", limit=15), 400, 200, "LIMIT_EXCEEDED"),
        (Ambiguous("Two registrants."), 400, 200, "AMBIGUOUS"),
        (Unavailable("Later."), 503, 503, "UNAVAILABLE"),
        (TimedOut("Too long."), 503, 503, "TIMEOUT"),
        (HTTPRefusal(413, "Too large."), 413, 413, "BAD_REQUEST"),
        (RuntimeError("35202-1234567-1"), 500, 500, "INTERNAL_ERROR"),
    ],
)
def test_each_failure_has_its_status_and_its_code(error: Exception, status: int, legacy: int, code: str) -> None:
    """Under the plain media type only what is wrong with document or arguments is 200."""
    assert PAGE.render(error, legacy=False).status == status
    rendered = PAGE.render(error, legacy=True)
    assert rendered.status == legacy
    assert [told["extensions"]["code"] for told in _errors(rendered)] == [code]


def test_a_refusal_says_where() -> None:
    """What a refusal knows besides its sentence stands in the extensions, and headers are handed on."""
    (told,) = _errors(PAGE.render(BadInput("first: 1 to 1000.", coordinate="first"), legacy=False))
    assert told == {"message": "first: 1 to 1000.", "extensions": {"code": "BAD_USER_INPUT", "coordinate": "first"}}
    allowed = PAGE.render(HTTPRefusal(405, "Ask with POST.", ((b"allow", b"POST"),)), legacy=False)
    assert allowed.headers == ((b"allow", b"POST"),)
    challenged = PAGE.render(InsufficientScope(NEEDS), legacy=False)
    ((name, value),) = challenged.headers
    assert name == b"www-authenticate"
    assert b'scope="person:read person:identity"' in value


def test_a_parse_failure_is_told_from_a_validation_failure() -> None:
    """Both with the places in the document."""
    for text, code in (("{ persons", "GRAPHQL_PARSE_FAILED"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED")):
        (told,) = _errors(PAGE.render(_refusal(text, {}), legacy=False))
        assert told["extensions"] == {"code": code}
        assert told["locations"]


def test_what_is_our_fault_is_told_by_an_id_only(caplog: pytest.LogCaptureFixture) -> None:
    """The id leads from the answer to the log; the text of the exception is in neither."""
    with caplog.at_level(logging.DEBUG):
        (told,) = _errors(PAGE.render(ValueError("Zainab 35202-1234567-1"), legacy=False))
    (record,) = caplog.records
    assert told["extensions"]["id"] in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert "Zainab" not in caplog.text + str(told)


# No value in an error


def _refusal(text: str, variables: dict[str, Any]) -> Exception:
    """Return the refusal of an operation."""
    try:
        PLANNER.plan(text, None, variables, NATIONAL)
    except (InvalidOperation, BadInput, LimitExceeded) as refusal:
        return refusal
    raise AssertionError(f"{text} is not refused")


LITERALS = (
    "{ person(cnic: %s) { nothing } }",
    "{ person(cnic: [%s]) { id } }",
    "{ person(cnic: {a: %s}) { id } }",
    "{ persons(where: %s) { totalCount } }",
    "{ persons(where: {birthDate: {eq: %s}}) { totalCount } }",
    "{ persons(where: {sex: {eq: %s}}) { totalCount } }",
    "{ persons(where: {sex: {eqs: %s}}) { totalCount } }",
    "{ persons(where: {nothing: %s}) { totalCount } }",
    "{ persons(first: %s) { totalCount } }",
    "{ person(cnic: %s { id } }",
    "{ person(cnic: 1 %s) { id } }",
    "{ %s }",
    "%s",
    "query($a: Int = %s) { persons(first: $a) { totalCount } }",
    "{ household(id: {a: %s}) { id } }",
    "{ persons @include(if: %s) { totalCount } }",
)
VARIABLES = (
    ("query($v: String!) { person(cnic: $v) { id } }", ["{}"]),
    ("query($v: Int!) { persons(first: $v) { totalCount } }", "{}"),
    ("query($v: PersonFilter) { persons(where: $v) { totalCount } }", "{}"),
    ("query($v: PersonFilter) { persons(where: $v) { totalCount } }", {"name": "{}"}),
    ("query($v: PersonFilter) { persons(where: $v) { totalCount } }", {"birthDate": {"eq": "{}"}}),
    ("query($v: PersonFilter) { persons(where: $v) { totalCount } }", {"sex": {"in": ["FEMALE", "{}"]}}),
    ("query($v: PersonFilter) { persons(where: $v) { totalCount } }", {"name": {"eq": "{}", "nam": "{}"}}),
    ("query($v: [String!]!) { crossCheck(cnics: $v) { cnic } }", ["1", {"a": "{}"}]),
    ("query($v: Boolean!) { persons @skip(if: $v) { totalCount } }", "{}"),
)
PERSONAL = st.one_of(
    st.from_regex(r"[0-9]{5}-[0-9]{7}-[0-9]", fullmatch=True),
    st.from_regex(r"[0-9]{13}", fullmatch=True),
    st.text("Qzxj '\"\\{}:.,علی", min_size=5, max_size=12).filter(lambda text: len(set(text) & set("Qzxjعلی")) > 3),
)
"""Numbers and names as people write them, in letters that no message of ours has."""


def _placed(value: Any, personal: str) -> Any:
    if isinstance(value, dict):
        return {key: _placed(inner, personal) for key, inner in value.items()}
    return [_placed(inner, personal) for inner in value] if isinstance(value, list) else value.replace("{}", personal)


def _told(error: Exception) -> str:
    return " ".join(told["message"] for told in _errors(PAGE.render(error, legacy=False)))


@settings(max_examples=60, deadline=None)
@given(personal=PERSONAL)
def test_no_error_repeats_a_value(personal: str) -> None:
    """A number or a name, as a literal or in a variable, well placed or not, is in no message of a refusal."""
    written = orjson.dumps(personal).decode()
    said = [_told(_refusal(text.replace("%s", written), {})) for text in LITERALS]
    said += [_told(_refusal(text, {"v": _placed(value, personal)})) for text, value in VARIABLES]
    for message in said:
        assert personal not in message
        assert personal.strip("'\"\\ ") not in message
        assert not set("Qzxj").issubset(message)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('Int cannot represent non-integer value: "35202"', "Int cannot represent non-integer value."),
        ("Value cannot represent a Date: \"x\". Invalid isoformat string: 'x'", "Value cannot represent a Date."),
        (
            "Variable '$w' has invalid value at .name: Expected value of type 'F' to be an object, found: 'x'.",
            "Variable '$w' has invalid value at .name: Expected value of type 'F' to be an object.",
        ),
        (
            "Expected value not to include unknown field 'cnics'. Did you mean 'cnic'? Found: { cnics: 1 }.",
            "Expected value not to include unknown field 'cnics'. Did you mean 'cnic'?",
        ),
        ("Value 'ALI' does not exist in 'Sex' enum.", "This value does not exist in 'Sex' enum."),
        ("Syntax Error: Expected Name, found String 'Ali'.", "Syntax Error: Expected Name, found String."),
        ("Syntax Error: Expected Name, found '{'.", "Syntax Error: Expected Name, found '{'."),
        ("Unknown type 'Persn'. Did you mean 'Person'?", "Unknown type 'Persn'. Did you mean 'Person'?"),
        ("Variable '$a' of type '[Int!]' used", "Variable '$a' of type '[Int!]' used"),
        ("unknown field '35202-1234567-1'", "unknown field '…'"),
        ("unknown field 'it's 35202-1234567-1'", "unknown field 'it's …'"),
    ],
)
def test_a_message_keeps_names_and_loses_values(said: str, told: str) -> None:
    """What the caller named is repeated, what the caller meant by it is not."""
    assert redacted(said) == told
