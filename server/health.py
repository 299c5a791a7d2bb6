"""Whether the process lives and whether it can answer partners, for whoever runs it. For the application only."""

import logging

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from server.migrations import newest_revision

_LOG = logging.getLogger(__name__)
_REVISION = text("select version_num from alembic_version")
_SIGNING_KEY = text("select exists (select from signing_key where retired_at is null)")


def health_routes(engine: AsyncEngine) -> list[Route]:
    """Return `/health/live`, which asks nothing, and `/health/ready`, which is 503 until all it names is true."""
    expected = newest_revision()

    async def ready(request: Request) -> JSONResponse:
        checks = await _checks(engine, expected)
        return JSONResponse(checks, 200 if all(checks.values()) else 503)

    return [Route("/health/live", _live), Route("/health/ready", ready)]


async def _live(request: Request) -> JSONResponse:
    return JSONResponse({"live": True})


async def _checks(engine: AsyncEngine, expected: str) -> dict[str, bool]:
    checks = {"database": False, "migrated": False, "signing_key": False}
    try:
        async with engine.connect() as connection:
            checks["database"] = True
            checks["migrated"] = await connection.scalar(_REVISION) == expected
            checks["signing_key"] = bool(await connection.scalar(_SIGNING_KEY))
    except (SQLAlchemyError, OSError) as failure:
        _LOG.warning("not ready: %s", type(failure).__name__)
    return checks
