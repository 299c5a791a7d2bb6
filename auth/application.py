"""The HTTP face of the OAuth server: four routes, which server/ mounts beside the API."""

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from auth import metadata, token_endpoint
from auth.authority import JWKS_PATH, RESOURCE_PATH, TOKEN_PATH, Authority

Endpoint = Callable[[Request], Awaitable[JSONResponse]]

_CACHED = {"Cache-Control": "public, max-age=300"}
_COME_BACK = {"Retry-After": "5", "Cache-Control": "no-store"}

_log = logging.getLogger(__name__)


def oauth_routes(authority: Authority) -> list[Route]:
    """Return the routes of the token endpoint, the public keys and the two metadata documents."""

    @_needs_database
    async def token(request: Request) -> JSONResponse:
        return await token_endpoint.answer(authority, request)

    @_needs_database
    async def public_keys(request: Request) -> JSONResponse:
        return JSONResponse(await authority.keyring.public_keys(), headers=_CACHED)

    return [
        Route(TOKEN_PATH, token, methods=["POST"]),
        Route(JWKS_PATH, public_keys),
        _document("/.well-known/oauth-authorization-server", metadata.authorization_server(authority)),
        _document(f"/.well-known/oauth-protected-resource{RESOURCE_PATH}", metadata.protected_resource(authority)),
    ]


def _needs_database(endpoint: Endpoint) -> Endpoint:
    """Say so when the database does not answer, and log no more than the kind of failure."""

    @functools.wraps(endpoint)
    async def guarded(request: Request) -> JSONResponse:
        try:
            return await endpoint(request)
        except (SQLAlchemyError, OSError) as failure:
            _log.error("oauth: the database does not answer (%s)", type(failure).__name__)
            return JSONResponse({"error": "temporarily_unavailable"}, 503, _COME_BACK)

    return guarded


def _document(path: str, content: dict[str, Any]) -> Route:
    async def document(request: Request) -> JSONResponse:
        return JSONResponse(content, headers=_CACHED)

    return Route(path, document)
