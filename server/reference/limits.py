"""The page of limits, from the constants that set them."""

from auth.assertion import LONGEST
from auth.form import MAX_BODY
from auth.jose import MAX_TOKEN_LENGTH, SKEW
from auth.keyring import KEYS_LIFE
from auth.token import LIFETIME
from domain.errors import LimitExceeded
from domain.intake.roster import LARGEST_ROSTER
from resolvers.binding import LONGEST_LIST
from resolvers.document import DocumentLimits
from resolvers.filters import DEEPEST_FILTER, MOST_CONDITIONS
from resolvers.order import MOST_KEYS
from schema.query import PAGE_SIZE
from server.graphql import LARGEST_BODY
from server.reference.markdown import document, section, table
from server.settings import Settings

_DOCUMENT = {
    "tokens": "lexical tokens of a document",
    "depth": "levels of a selection",
    "fields": "fields of an operation",
    "root_fields": "root fields of an operation",
    "aliases": "aliases of an operation",
    "key": "characters of a response key",
    "repeats": "times that one response key is written",
    "values": "values in the variables",
    "objects": "input objects in the variables",
}

Limits = list[tuple[str, str]]


def page() -> str:
    """Return the page of limits."""
    return document(
        "Limits",
        section(
            "Documents",
            "Fragments count as often as they are spread. A larger document is refused before anything is read, as "
            f"[`{LimitExceeded.code}`](errors.md#limit_exceeded); one with too many tokens is not even parsed.",
            _table(_documents()),
        ),
        section(
            "Arguments",
            "A value outside these limits is `BAD_USER_INPUT`, unless another code is named.",
            _table(_arguments()),
        ),
        section("Requests", "", _table(_requests())),
        section("Tokens", "", _table(_tokens())),
        section("Survey files", "", _table([("members of a roster", f"{LARGEST_ROSTER}")])),
    )


def _table(limits: Limits) -> str:
    return table(("what", "at most"), limits)


def _documents() -> Limits:
    limits = DocumentLimits()
    return [(_DOCUMENT[name], f"{getattr(limits, name):,}") for name in DocumentLimits.__dataclass_fields__]


def _arguments() -> Limits:
    return [
        (f"rows of a page (`first`; {PAGE_SIZE} when left out)", f"{LONGEST_LIST:,}"),
        ("values of a list, such as `cnics` of `crossCheck`; at least one", f"{LONGEST_LIST:,}"),
        ("fields of an order (`orderBy`); at least one", f"{MOST_KEYS}"),
        ("conditions of all filters of an operation (`LIMIT_EXCEEDED`)", f"{MOST_CONDITIONS}"),
        ("levels of a filter (`LIMIT_EXCEEDED`)", f"{DEEPEST_FILTER}"),
    ]


def _requests() -> Limits:
    milliseconds = Settings.model_fields["statement_timeout_ms"].default
    return [
        ("bytes of a request's body; more is HTTP 413", f"{LARGEST_BODY:,}"),
        ("milliseconds of a statement (`NSER_STATEMENT_TIMEOUT_MS`); more is `TIMEOUT`", f"{milliseconds:,}"),
        ("operations of a request: no batches", "1"),
    ]


def _tokens() -> Limits:
    return [
        ("seconds that an access token lives", f"{LIFETIME}"),
        ("seconds for which a retired signing key is still honoured", f"{KEYS_LIFE:.0f}"),
        ("seconds by which the `exp` of a client assertion may lie ahead", f"{LONGEST}"),
        ("seconds by which a client's clock may be ahead", f"{SKEW}"),
        ("characters of a token", f"{MAX_TOKEN_LENGTH:,}"),
        ("bytes of a request to `/oauth/token`", f"{MAX_BODY:,}"),
    ]
