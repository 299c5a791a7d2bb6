"""How a client proves who it is at the token endpoint: client_secret_basic or private_key_jwt. For auth/ only.

Both are Authlib authentication methods (`register_client_auth_method`). Until a signature or secret has been checked,
every failure is the same answer, so that nobody learns which clients exist.
"""

import base64
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from sqlalchemy.orm import Session

from auth.assertion import ASSERTION_TYPE, Assertions
from auth.client_key import ASSERTION_ALGORITHMS, key_for
from auth.jose import BadToken, is_name, take_apart
from auth.oauth_error import ClientRefused, printable, request_refused
from auth.registration import PRIVATE_KEY, SECRET_BASIC, digest_of
from domain.agreement import Client

FindClient = Callable[[str], "AuthenticatedClient | None"]

_NO_DIGEST = "0" * 64


class TokenRequest:
    """A request for a token as Authlib's machinery reads it: header, form and, once known, the client.

    It is no `OAuth2Request`, which raises for any `http:` address, as every request behind a proxy seems to have.
    """

    method = "POST"

    def __init__(self, authorization: list[str], form: dict[str, str]) -> None:
        self.authorization = authorization
        self.form = form
        self.payload = self
        self.client: AuthenticatedClient | None = None
        self.auth_method: str | None = None

    @property
    def grant_type(self) -> str | None:
        """What kind of grant is asked for."""
        return self.form.get("grant_type")

    @property
    def scope(self) -> str | None:
        """The scopes asked for, separated by spaces; nothing asks for all that are given."""
        return self.form.get("scope")


class AuthenticatedClient:
    """A registered client with the questions that Authlib asks of one."""

    def __init__(self, client: Client) -> None:
        self.row = client

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Tell whether the client is registered for this method; a client has exactly one."""
        return method == self.row.auth_method

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether the client may use a grant type: every client is a machine with client_credentials."""
        return grant_type == "client_credentials"


def require_one_method(request: TokenRequest) -> None:
    """Refuse a request that authenticates in two ways, in a way not offered, or not at all (RFC 6749 2.3)."""
    asserted = {"client_assertion", "client_assertion_type"} & request.form.keys()
    ways = len(request.authorization) + bool(asserted) + ("client_secret" in request.form)
    if ways > 1:
        raise request_refused("The request authenticates the client more than once. Use one way.")
    if "client_secret" in request.form or not ways:
        raise ClientRefused(f"Authenticate the client by {SECRET_BASIC} or {PRIVATE_KEY}.")
    if asserted and ("client_assertion" not in asserted or request.form.get("client_assertion_type") != ASSERTION_TYPE):
        raise request_refused(f"An assertion is a client_assertion with the client_assertion_type {ASSERTION_TYPE}.")


def by_secret(find_client: FindClient, request: TokenRequest) -> AuthenticatedClient | None:
    """Return the client whose id and secret the Basic header holds; nothing when there is no header."""
    if not request.authorization:
        return None
    client_id, secret = _basic_credentials(request.authorization[0])
    client = find_client(client_id)
    expected = (client.row.secret_digest if client else None) or _NO_DIGEST
    if not hmac.compare_digest(digest_of(secret), expected):
        raise ClientRefused()
    _check_named_client(request, client_id)
    return client


def _basic_credentials(header: str) -> tuple[str, str]:
    """Return id and secret, each form-decoded after the base64 (RFC 6749 2.3.1), which Authlib leaves half undone."""
    scheme, _, encoded = header.partition(" ")
    try:
        pair = base64.b64decode(encoded.strip(" "), validate=True).decode()
        client_id, secret = (unquote_plus(part, errors="strict") for part in pair.split(":", 1))
    except ValueError:
        raise ClientRefused() from None
    if scheme.lower() != "basic" or not is_name(client_id) or not is_name(secret):
        raise ClientRefused()
    return client_id, secret


def by_assertion(assertions: Assertions, session: Session) -> Callable[[FindClient, TokenRequest], AuthenticatedClient]:
    """Return the method private_key_jwt, which records each assertion's use in the session's transaction."""

    def authenticate(find_client: FindClient, request: TokenRequest) -> AuthenticatedClient:
        client, claims = _signed_by(find_client, request.form["client_assertion"])
        _check_named_client(request, client.row.id)
        try:
            assertions.accept(session, client.row.id, claims)
        except BadToken as why:
            raise ClientRefused(printable(f"The client_assertion is not accepted: {why}.")) from None
        return client

    return authenticate


def _signed_by(find_client: FindClient, assertion: str) -> tuple[AuthenticatedClient, dict[str, Any]]:
    try:
        token = take_apart(assertion, ASSERTION_ALGORITHMS)
        client_id = token.hearsay.get("sub")
        client = find_client(client_id) if is_name(client_id) else None
        if client is None or client.row.jwks is None:
            raise BadToken("nobody registered can have signed it")
        return client, token.verified_by(key_for(client.row.jwks, token.alg, token.kid))
    except BadToken:
        raise ClientRefused() from None


def _check_named_client(request: TokenRequest, client_id: str) -> None:
    if request.form.get("client_id", client_id) != client_id:
        raise request_refused("The client_id of the form is not the client that authenticates.")
