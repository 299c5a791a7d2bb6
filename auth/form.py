"""The body of a request to an OAuth endpoint: a form and nothing else, small, each parameter once. For auth/ only."""

from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from auth.oauth_error import request_refused

MAX_BODY = 16 * 1024
"""The largest body that is read, in bytes."""

_FORM = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> dict[str, str]:
    """Return the parameters of a form; raise Authlib's `invalid_request` for anything else (RFC 6749 3.2)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise request_refused(f"Send the parameters as {_FORM}.")
    pairs = _pairs(await _body(request))
    form = dict(pairs)
    if len(form) < len(pairs):
        raise request_refused("A parameter is given more than once.")
    return form


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise request_refused(f"The body is larger than {MAX_BODY} bytes.", status=413)
    except ClientDisconnect:
        raise request_refused("The body ended early.") from None
    return body


def _pairs(body: bytes) -> list[tuple[str, str]]:
    if not body:
        return []
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=32)
    except ValueError:
        raise request_refused("The body is not a well-formed form of at most 32 parameters in UTF-8.") from None
