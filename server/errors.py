"""Every failure of a GraphQL request, rendered in one place: status, error list, challenge. Used by the endpoint.

What a caller can mend says what and where. What is our fault is masked: the caller gets an id, the log gets the same id
with the kind and place of the failure, and neither gets a value of the registry.
"""

import logging
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSyntaxError

from auth.bearer import challenge, insufficient_scope
from domain.errors import GrantRefused, Refusal
from resolvers.database import TimedOut, Unavailable
from resolvers.document import InvalidOperation
from schema.scopes import Needs
from server.answering import InsufficientScope
from server.logs import describe, new_error_id
from server.redaction import redacted

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer ready to be sent."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class HTTPRefusal(Exception):
    """Something that is no GraphQL request, with the status that says so."""

    status: int
    message: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


class ErrorPage:
    """Renders failures; knows where the metadata of the protected resource are."""

    def __init__(self, resource_metadata: str) -> None:
        self._resource_metadata = resource_metadata

    def render(self, error: Exception, *, legacy: bool) -> Rendered:
        """Return the answer to a failed request.

        Under `legacy` (`application/json`) what is refused before execution has the status 200, for that media type
        leaves a client no other way to tell an answer of the API from one of a machine in between.
        """
        match error:
            case InsufficientScope():
                told = insufficient_scope(error.needs.scopes, self._resource_metadata)
                return self._challenged(told, _withheld(error.needs))
            case GrantRefused():
                return self._challenged(challenge(error, self._resource_metadata), [_error(error.message, error.code)])
            case InvalidOperation():
                return _rendered(200 if legacy else 400, [_formatted(each) for each in error.errors])
            case Unavailable() | TimedOut():
                return _rendered(503, [_error(error.message, error.code)])
            case Refusal():
                return _rendered(200 if legacy else 400, [_error(error.message, error.code, **error.extensions)])
            case HTTPRefusal():
                return _rendered(error.status, [_error(error.message, "BAD_REQUEST")], error.headers)
            case _:
                return _masked(error)

    def _challenged(self, told: Any, errors: list[dict[str, Any]]) -> Rendered:
        return _rendered(told.status, errors, ((b"www-authenticate", told.header.encode("latin-1")),))


def _rendered(status: int, errors: list[dict[str, Any]], headers: tuple[tuple[bytes, bytes], ...] = ()) -> Rendered:
    return Rendered(status, orjson.dumps({"errors": errors}), headers)


def _error(message: str, code: str, **extensions: object) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code, **extensions}}


def _formatted(error: GraphQLError) -> dict[str, Any]:
    syntax = isinstance(error, GraphQLSyntaxError)
    code = "GRAPHQL_PARSE_FAILED" if syntax else "GRAPHQL_VALIDATION_FAILED"
    formatted: dict[str, Any] = {**error.formatted, "message": redacted(error.message)}
    formatted["extensions"] = {"code": code, **(error.extensions or {})}
    return formatted


def _withheld(needs: Needs) -> list[dict[str, Any]]:
    return [
        _error(
            f"{coordinate} needs the scope {' and '.join(scopes)}, which this grant does not hold.",
            InsufficientScope.code,
            coordinate=coordinate,
            requiredScopes=scopes,
        )
        for coordinate, scopes in needs.missing.items()
    ]


def _masked(error: Exception) -> Rendered:
    error_id = new_error_id()
    _LOG.error("unexpected error %s: %s", error_id, describe(error))
    message = f"Something went wrong on our side. Quote the id {error_id} when you report it."
    return _rendered(500, [_error(message, "INTERNAL_ERROR", id=error_id)])
