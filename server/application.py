"""The composition root: every part of the program is made and joined here, for `nser serve`, `nser demo` and tests."""

import contextlib
import logging
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from auth.application import oauth_routes
from auth.authority import RESOURCE_PATH, Authority
from auth.caller import Callers
from resolvers.cursor import CursorKey
from resolvers.database import Database
from resolvers.document import DocumentLimits
from server.answering import Answering
from server.database import async_engine
from server.errors import ErrorPage
from server.failure import CannotStart
from server.graphiql import graphiql_assets, graphiql_page
from server.graphql import GraphQLEndpoint
from server.headers import SecureHeaders
from server.health import health_routes
from server.logs import describe, new_error_id
from server.settings import Settings, read_settings, require_secret_key

_LOG = logging.getLogger(__name__)


def build(settings: Settings) -> ASGIApp:
    """Return the application on `settings.database_url`, which must name a migrated database.

    Raises `CannotStart` when a setting that serving needs is missing or cannot be used.
    """
    require_secret_key(settings)
    engine = async_engine(settings.database_url, settings)
    authority = _authority(engine, settings.base_url)
    database = Database(
        settings.database_url, size=settings.pool_size, statement_timeout_ms=settings.statement_timeout_ms
    )
    answering = Answering(database, CursorKey(settings.secret_key.get_secret_value()), DocumentLimits())
    endpoint = GraphQLEndpoint(Callers(authority), answering, ErrorPage(authority.resource_metadata))
    return Application(endpoint, _routed(engine, authority, database))


def from_environment() -> ASGIApp:
    """Return the application on the settings of the environment: what each worker process calls."""
    return build(read_settings())


class Application:
    """Sends GraphQL operations straight to the endpoint and everything else through Starlette's routes."""

    def __init__(self, endpoint: ASGIApp, routed: ASGIApp) -> None:
        self._endpoint = endpoint
        self._routed = routed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] == RESOURCE_PATH and not _wants_page(scope):
            await self._endpoint(scope, receive, send)
        else:
            await self._routed(scope, receive, send)


def _wants_page(scope: Scope) -> bool:
    """Tell whether a browser asks for the page rather than a client for data."""
    if scope["method"] not in {"GET", "HEAD"} or scope["query_string"]:
        return False
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _authority(engine: AsyncEngine, base_url: str) -> Authority:
    try:
        return Authority(engine, base_url)
    except ValueError as failure:
        raise CannotStart(f"NSER_BASE_URL cannot be used: {failure}") from None


def _routed(engine: AsyncEngine, authority: Authority, database: Database) -> ASGIApp:
    page = Route(RESOURCE_PATH, graphiql_page, methods=["GET"])

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await authority.start()
        await database.open()
        yield
        await database.close()
        await engine.dispose()

    app = Starlette(
        routes=[*oauth_routes(authority), *health_routes(engine), graphiql_assets(), page],
        exception_handlers={Exception: _unexpected},
        lifespan=lifespan,
    )
    return SecureHeaders(app)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    error_id = new_error_id()
    _LOG.error("unexpected error %s: %s", error_id, describe(error))
    return JSONResponse({"error": "server_error", "error_id": error_id}, status_code=500)
