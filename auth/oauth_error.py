"""The refusals of the OAuth endpoints (RFC 6749 section 5.2), made from Authlib's with its gaps closed. For auth/ only.

Closed here: Authlib raises `ValueError` for a description outside the characters that the RFC allows, its challenge
for Basic names no realm, and its own descriptions tell an unknown client from a wrong secret.
"""

import re

from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    UnauthorizedClientError,
    UnsupportedGrantTypeError,
)

REALM = "NSER registry API"
"""The protection space that challenges name."""

_FORBIDDEN = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")


def printable(text: str) -> str:
    """Return `text` in the characters of an `error_description`: double quotes become single, anything else `?`."""
    return _FORBIDDEN.sub("?", text.replace('"', "'"))


class ClientRefused(InvalidClientError):  # type: ignore[misc]
    """The client did not prove who it is: 401 with a challenge, whichever way it tried (RFC 6749 5.2, RFC 7617)."""

    status_code = 401
    description = "Client authentication failed. Check the client_id and its secret or key."

    def get_headers(self) -> list[tuple[str, str]]:
        """Return the headers of every OAuth error and the challenge for Basic."""
        challenge = ("WWW-Authenticate", f'Basic realm="{REALM}", charset="UTF-8"')
        return [*OAuth2Error.get_headers(self), challenge]


class GrantTypeRefused(UnsupportedGrantTypeError):  # type: ignore[misc]
    """Another grant type than client_credentials; what was asked for is not repeated."""

    description = "The only grant_type of this server is client_credentials."


def request_refused(why: str, status: int = 400) -> OAuth2Error:
    """Return `invalid_request`: the request is malformed, repeats something, or mixes two ways to authenticate."""
    return InvalidRequestError(printable(why), status_code=status)


def scope_refused(why: str) -> OAuth2Error:
    """Return `invalid_scope`: a scope does not exist or is not given."""
    return InvalidScopeError(printable(why))


def client_not_authorised(why: str) -> OAuth2Error:
    """Return `unauthorized_client`: the client is known, but gets no token as things stand."""
    return UnauthorizedClientError(printable(why))
