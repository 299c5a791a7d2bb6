"""The bare line: an ASGI route that runs one hand-written statement through asyncpg's pool and does nothing else.

No token, no schema, no row limit, no limits of any kind: what is left when everything that this project exists for is
taken away. `POST /json/W1` lets PostgreSQL make the JSON, `POST /rows/W1` encodes rows with orjson.
"""

import os
from typing import Any

import asyncpg
import orjson

from benchmarks.workloads import ALL

_HEADERS = [(b"content-type", b"application/json; charset=utf-8")]


class Bare:
    """The bare ASGI application."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        _, form, name = scope["path"].split("/")
        workload = ALL[name]
        body = b""
        more = True
        while more:
            message = await receive()
            body += message["body"]
            more = message.get("more_body", False)
        arguments = workload.arguments(orjson.loads(body)["variables"])
        if form == "json":
            answer = (await self._pool.fetchval(workload.json_sql, *arguments)).encode()
        else:
            answer = orjson.dumps(workload.shape(await self._pool.fetch(workload.rows_sql, *arguments)))
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, length]})
        await send({"type": "http.response.body", "body": answer})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(
            self._url, min_size=1, max_size=10, server_settings={"timezone": "Asia/Karachi", "jit": "off"}
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})


def from_environment() -> Bare:
    """Return the application on the database that the benchmark names."""
    return Bare(os.environ["NSER_DATABASE_URL"])
