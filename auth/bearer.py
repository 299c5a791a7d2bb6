"""The bearer token of a request, and the challenges that answer one without (RFC 6750, RFC 9728). For server/."""

from collections.abc import Iterable
from typing import NamedTuple

from auth.jose import MAX_TOKEN_LENGTH
from auth.oauth_error import REALM, printable
from domain.errors import GrantRefused


class TokenMissing(GrantRefused):
    """The request shows no bearer token at all."""


class HeaderMalformed(GrantRefused):
    """The `Authorization` header cannot be read, or there are two."""


class Challenge(NamedTuple):
    """How a refusal is told: the HTTP status and the value of `WWW-Authenticate`."""

    status: int
    header: str


def bearer_token(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the bearer token among the headers of an ASGI scope, whose names are in lower case.

    Raises `TokenMissing` without an `Authorization: Bearer` and `HeaderMalformed` when there are two such headers or
    the token is empty, longer than 8192 bytes, or not ASCII. Whether the token is any good is not looked at.
    """
    found: bytes | None = None
    for name, value in headers:
        if name == b"authorization":
            if found is not None:
                raise HeaderMalformed("There are two Authorization headers. Send one.")
            found = value
    if found is None:
        raise TokenMissing("This API needs an access token: `Authorization: Bearer …`.")
    return _token(found)


def _token(value: bytes) -> str:
    scheme, _, token = value.partition(b" ")
    if scheme.lower() != b"bearer":
        raise TokenMissing("This API takes access tokens in the scheme Bearer only.")
    token = token.strip(b" ")
    if not token or len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise HeaderMalformed(f"The bearer token is empty, not ASCII, or longer than {MAX_TOKEN_LENGTH} bytes.")
    return token.decode("ascii")


def challenge(refusal: GrantRefused, resource_metadata: str) -> Challenge:
    """Return status and challenge for a refusal; `resource_metadata` is the URL of the resource's metadata.

    A request without credentials is told no error code, only where tokens come from (RFC 6750 3.1).
    """
    if isinstance(refusal, TokenMissing):
        return Challenge(401, _bearer(resource_metadata))
    if isinstance(refusal, HeaderMalformed):
        return Challenge(400, _bearer(resource_metadata, error="invalid_request", error_description=refusal.message))
    return Challenge(401, _bearer(resource_metadata, error="invalid_token", error_description=refusal.message))


def insufficient_scope(scopes: Iterable[str], resource_metadata: str) -> Challenge:
    """Return status and challenge for an operation that needs all of `scopes`, of which the token lacks some."""
    return Challenge(403, _bearer(resource_metadata, error="insufficient_scope", scope=" ".join(scopes)))


def _bearer(resource_metadata: str, **parameters: str) -> str:
    named = parameters | {"realm": REALM, "resource_metadata": resource_metadata}
    return "Bearer " + ", ".join(f'{name}="{printable(value)}"' for name, value in named.items())
