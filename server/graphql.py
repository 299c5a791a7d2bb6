"""GraphQL over HTTP: reads a request, finds its grant, and writes the answer or the refusal. The only GraphQL endpoint.

POST with a JSON body, or GET for a document without variables or about the schema alone. No batches, no other
encodings. The media type is chosen from `Accept`: `application/graphql-response+json` with meaningful status codes, or
`application/json`, under which what is refused before execution is answered with 200, as clients of that type expect.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import orjson
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from auth.bearer import bearer_token
from auth.caller import Callers
from domain.errors import BadInput, LimitExceeded
from domain.grant import Grant
from resolvers.database import Unavailable
from resolvers.document import InvalidOperation
from resolvers.lru import Lru
from server.answering import Answering, AsksRegistry, InsufficientScope, Request, StaleGrant
from server.errors import ErrorPage, HTTPRefusal, Rendered
from server.logs import describe

_LOG = logging.getLogger(__name__)
_UNREAD = (StaleGrant, AsksRegistry, InvalidOperation, InsufficientScope, BadInput, LimitExceeded)
"""What may come of a remembered grant that is not the caller's any more: no statement has asked whether it stands."""
RESPONSE_JSON = b"application/graphql-response+json"
PLAIN_JSON = b"application/json"
LARGEST_BODY = 1_000_000
"""Bytes of a request's body."""
WATCH_AFTER = 0.05
"""Seconds after which a statement that still runs is watched for a client that goes away."""


class ClientGone(Exception):
    """The client closed the connection before its answer was ready."""


class GraphQLEndpoint:
    """The ASGI application at `/graphql`."""

    def __init__(self, callers: Callers, answering: Answering, errors: ErrorPage) -> None:
        self._callers = callers
        self._answering = answering
        self._errors = errors
        self._accepted: Lru[bytes, bytes] = Lru(200)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        media_type = RESPONSE_JSON
        try:
            media_type = self._media_type(scope["headers"])
            token = bearer_token(scope["headers"])
            request = await _read(scope, receive)
            data = await _while_connected(self._answer(token, request), receive)
        except ClientGone:
            return
        except Exception as error:  # the one place where any failure becomes an answer
            await _send(send, media_type, self._errors.render(error, legacy=media_type == PLAIN_JSON))
            return
        await _send(send, media_type, Rendered(200, b'{"data":' + data + b"}"))

    async def _answer(self, token: str, request: Request) -> bytes:
        try:
            return await self._granted(token, request)
        except AsksRegistry:
            told = "Variables of questions to the registry are taken by POST only: addresses end up in logs."
            raise HTTPRefusal(405, told, ((b"allow", b"POST"),)) from None

    async def _granted(self, token: str, request: Request) -> bytes:
        """Answer under the remembered grant; where the statement finds it stale, read it anew and try once more."""
        grant = self._callers.cached(token)
        if grant is not None:
            try:
                return await self._answering.answer(grant, request)
            except _UNREAD:
                self._callers.forget(token)
        return await self._answering.answer(await self._resolved(token), request)

    async def _resolved(self, token: str) -> Grant:
        try:
            return await self._callers.resolve(token)
        except (SQLAlchemyError, OSError) as failure:
            _LOG.warning("no grant can be read: %s", describe(failure))
            raise Unavailable("The database is not available. Try again in a moment.") from None

    def _media_type(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        accept = next((value for name, value in headers if name == b"accept"), b"*/*")
        known = self._accepted.get(accept)
        if known is None:
            known = negotiated(accept)
            self._accepted.put(accept, known)
        return known


def negotiated(accept: bytes) -> bytes:
    """Return the media type that an `Accept` header prefers; raise `HTTPRefusal` 406 when it takes neither."""
    best, quality = b"", 0.0
    for part in accept.lower().split(b","):
        name, *parameters = (piece.strip() for piece in part.split(b";"))
        offered = {
            RESPONSE_JSON: RESPONSE_JSON,
            PLAIN_JSON: PLAIN_JSON,
            b"application/*": RESPONSE_JSON,
            b"*/*": PLAIN_JSON,
        }.get(name)
        weight = _quality(parameters)
        if offered is not None and weight > quality:
            best, quality = offered, weight
    if not best:
        raise HTTPRefusal(406, "Accept application/graphql-response+json or application/json.")
    return best


def _quality(parameters: list[bytes]) -> float:
    for parameter in parameters:
        if parameter.startswith(b"q="):
            try:
                return min(float(parameter[2:]), 1.0)
            except ValueError:
                return 0.0
        if parameter.startswith(b"charset=") and parameter.strip(b'"') not in (b"charset=utf-8", b'charset="utf-8'):
            return 0.0
    return 1.0


async def _read(scope: Scope, receive: Receive) -> Request:
    if scope["method"] == "POST":
        return _from_body(scope["headers"], await _body(receive))
    if scope["method"] == "GET":
        return _from_query(scope["query_string"])
    raise HTTPRefusal(405, "Ask with POST.", ((b"allow", b"GET, POST"),))


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > LARGEST_BODY:
            raise HTTPRefusal(413, f"The body is larger than {LARGEST_BODY} bytes.")
        if not message.get("more_body"):
            return body


def _from_body(headers: list[tuple[bytes, bytes]], body: bytes) -> Request:
    content_type = next((value for name, value in headers if name == b"content-type"), b"")
    if content_type != PLAIN_JSON and not _is_json(content_type):
        raise HTTPRefusal(415, "Send the request as application/json in UTF-8.")
    parameters = _json(body, "The body is not JSON.")
    if not isinstance(parameters, dict):
        raise HTTPRefusal(400, "The body is not a JSON object with a query. Batches are not taken.")
    return _request(parameters)


def _json(text: bytes, otherwise: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise HTTPRefusal(400, otherwise) from None


def _is_json(content_type: bytes) -> bool:
    name, *parameters = (part.strip().lower() for part in content_type.split(b";"))
    return name == PLAIN_JSON and all(p.replace(b'"', b"") in (b"charset=utf-8", b"") for p in parameters)


def _from_query(query_string: bytes) -> Request:
    """Read a GET. One with variables may ask about the schema only, because addresses end up in logs."""
    given: dict[str, Any] = {name: values[0] for name, values in parse_qs(query_string.decode("latin-1")).items()}
    for name in given.keys() & {"variables", "extensions"}:
        given[name] = _json(given[name].encode(), f"`{name}` is not JSON.")
    return replace(_request(given), schema_only=bool(given.get("variables")))


def _request(parameters: dict[str, Any]) -> Request:
    query, name = parameters.get("query"), parameters.get("operationName")
    variables, extensions = parameters.get("variables"), parameters.get("extensions")
    if not isinstance(query, str):
        raise HTTPRefusal(400, "`query` must be a string.")
    if name is not None and not isinstance(name, str):
        raise HTTPRefusal(400, "`operationName` must be a string.")
    if variables is not None and not isinstance(variables, dict):
        raise HTTPRefusal(400, "`variables` must be an object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise HTTPRefusal(400, "`extensions` must be an object.")
    return Request(query, name or None, variables or {})


async def _while_connected(answering: Coroutine[Any, Any, bytes], receive: Receive) -> bytes:
    """Await an answer; cancel it, and with it the statement, when the client goes away in the meantime."""
    loop = asyncio.get_running_loop()
    current = asyncio.current_task()
    assert current is not None
    watchers: list[asyncio.Task[None]] = []

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        current.cancel("client gone")

    timer = loop.call_later(WATCH_AFTER, lambda: watchers.append(loop.create_task(watch())))
    try:
        return await answering
    except asyncio.CancelledError as cancelled:
        if cancelled.args == ("client gone",):
            raise ClientGone from None
        raise
    finally:
        timer.cancel()
        for watcher in watchers:
            watcher.cancel()


async def _send(send: Send, media_type: bytes, answer: Rendered) -> None:
    headers = [
        (b"content-type", media_type + b"; charset=utf-8"),
        (b"content-length", str(len(answer.body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
