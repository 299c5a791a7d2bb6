"""`/oauth/token`: client_credentials on Authlib's grant machinery, run over an asynchronous session. For auth/ only.

Authlib is synchronous. `AsyncSession.run_sync` runs it beside the event loop's own greenlet, so that its questions to
the database wait without blocking anyone, and no second copy of its machinery has to be written.
"""

from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Error
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from joserfc.jwk import ECKey
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse

from auth.authority import Authority
from auth.client_authentication import AuthenticatedClient, TokenRequest, by_assertion, by_secret, require_one_method
from auth.form import read_form
from auth.oauth_error import GrantTypeRefused, client_not_authorised, request_refused, scope_refused
from auth.registration import PRIVATE_KEY, SECRET_BASIC
from auth.scope import ScopeRefused, token_scopes
from auth.token import LIFETIME
from domain.agreement import Client
from domain.errors import GrantRefused

AUTHENTICATION_METHODS = [SECRET_BASIC, PRIVATE_KEY]
"""How clients may authenticate, as the metadata names it."""


class ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]
    """RFC 6749 4.4. Authlib's own last step writes the token into the debug log; this one does not."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTHENTICATION_METHODS

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Return status, body and headers of the answer to a validated request."""
        return 200, self.generate_token(scope=self.request.payload.scope), self.TOKEN_RESPONSE_HEADER


class TokenServer(AuthorizationServer):  # type: ignore[misc]
    """The authorization server for one request, in the transaction of one session."""

    def __init__(self, authority: Authority, key: ECKey, session: Session) -> None:
        super().__init__()
        self._authority = authority
        self._key = key
        self._session = session
        self.register_client_auth_method(SECRET_BASIC, by_secret)
        self.register_client_auth_method(PRIVATE_KEY, by_assertion(authority.assertions, session))
        self.register_grant(ClientCredentials)
        self.register_token_generator(ClientCredentials.GRANT_TYPE, self._new_token)

    def query_client(self, client_id: str) -> AuthenticatedClient | None:
        """Return the registered client of that id."""
        client = self._session.get(Client, client_id)
        return AuthenticatedClient(client) if client else None

    def get_token_grant(self, request: TokenRequest) -> ClientCredentialsGrant:
        """Return the grant that answers; a missing grant_type is malformed, another one is not supported."""
        if not request.grant_type:
            raise request_refused("The parameter grant_type is missing.")
        if request.grant_type != ClientCredentials.GRANT_TYPE:
            raise GrantTypeRefused(request.grant_type)
        return super().get_token_grant(request)

    def authenticate_client(self, request: TokenRequest, methods: list[str], endpoint: str = "token") -> Any:
        """Return the client that the request authenticates, in exactly one way."""
        require_one_method(request)
        return super().authenticate_client(request, methods, endpoint)

    def validate_requested_scope(self, scope: str | None) -> None:
        """Leave scopes to the making of the token, which refuses in the same step in which it narrows."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Authlib tells other programs of its steps; nobody listens here."""

    def create_oauth2_request(self, request: TokenRequest) -> TokenRequest:
        """Return the request as it is; `answer` has read it already."""
        return request

    def handle_response(self, status: int, body: dict[str, Any], headers: list[tuple[str, str]]) -> JSONResponse:
        """Return the HTTP response."""
        return _response(status, body, headers)

    def _new_token(self, client: AuthenticatedClient, scope: str | None, **_: object) -> dict[str, Any]:
        try:
            scopes = token_scopes(client.row, None if scope is None else scope.split(" "))
        except ScopeRefused as why:
            raise scope_refused(why.message) from None
        except GrantRefused as why:
            raise client_not_authorised(why.message) from None
        return {
            "access_token": self._authority.tokens.sign(self._key, client.row.id, scopes),
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": " ".join(scopes),
        }


async def answer(authority: Authority, request: Request) -> JSONResponse:
    """Answer a request for a token: with a token, or with a refusal of status 4xx whatever the request holds."""
    try:
        asked = TokenRequest(request.headers.getlist("authorization"), await read_form(request))
        return await _from_database(authority, asked)
    except OAuth2Error as refusal:
        return _response(*refusal())


def _response(status: int, body: dict[str, Any], headers: list[tuple[str, str]]) -> JSONResponse:
    return JSONResponse(body, status, dict(headers))


async def _from_database(authority: Authority, asked: TokenRequest) -> JSONResponse:
    key = await authority.keyring.newest()
    async with AsyncSession(authority.engine) as session, session.begin():

        def run(bound: Session) -> JSONResponse:
            response: JSONResponse = TokenServer(authority, key, bound).create_token_response(asked)
            return response

        return await session.run_sync(run)
