"""Whatever arrives at the token endpoint, the answer is below 500 and grants nothing."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auth.assertion import ASSERTION_TYPE
from tests.oauth_world import ISSUER, World, oauth_world, segment, signed

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
async def world(new_database: Callable[[], str]) -> AsyncIterator[World]:
    """An issuer with its clients, shared by all examples."""
    async with oauth_world(new_database) as world:
        yield world


NAMES = st.sampled_from(
    ["grant_type", "scope", "client_id", "client_secret", "client_assertion", "client_assertion_type", "other"]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["signer", "partner", "\x00", "\ud800", ISSUER]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
CLAIMS = st.dictionaries(st.sampled_from(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]), JSON)
HEADERS = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x"]), JSON)


@st.composite
def assertions(draw: st.DrawFn) -> str:
    """Draw something like an assertion: well signed over odd claims, or odd all over."""
    claims = {"iss": "signer", "sub": "signer", "aud": ISSUER} | draw(CLAIMS)
    if draw(st.booleans()):
        return signed(claims)
    head = segment({"alg": "ES256"} | draw(HEADERS))
    parts = [head, segment(claims), base64.urlsafe_b64encode(draw(st.binary(max_size=80)))]
    return b".".join(parts).decode() + draw(st.text(max_size=3))


VALUES = st.text(max_size=40) | st.sampled_from(["client_credentials", "person:read", ASSERTION_TYPE]) | assertions()
FORMS = st.lists(st.tuples(NAMES, VALUES), max_size=6).map(
    lambda pairs: urlencode(pairs, errors="surrogatepass").encode()
)
LIKELY = st.builds(
    lambda assertion: urlencode(
        {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion},
        errors="surrogatepass",
    ).encode(),
    assertions(),
)
BASIC = st.binary(max_size=60).map(lambda pair: b"Basic " + base64.b64encode(pair))
ODD = st.sampled_from(["\x00", "nul\x00", "é", " ", "", "n" * 300])
"""Names that a database or a header would stumble over."""

PAIRS = st.tuples(st.text(max_size=20) | ODD, st.text(max_size=20) | ODD).map(
    lambda pair: b"Basic " + base64.b64encode(":".join(pair).encode(errors="surrogatepass"))
)
AUTHORIZATION = st.lists(BASIC | PAIRS | st.binary(max_size=40), max_size=2)
KINDS = st.just(FORM.encode()) | st.binary(max_size=20)


async def _status(world: World, body: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/oauth/token", "headers": headers, "query_string": b""}
    await world.app(scope, receive, send)
    return int(sent[0]["status"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=FORMS | LIKELY | st.binary(max_size=200), authorization=AUTHORIZATION, kind=KINDS)
async def test_no_request_is_answered_with_a_failure(
    world: World, body: bytes, authorization: list[bytes], kind: bytes
) -> None:
    """Random forms, headers, bytes and assertions: each is refused with a 4xx, none reaches a token or a 500."""
    headers = [(b"authorization", value) for value in authorization]
    assert 400 <= await _status(world, body, [*headers, (b"content-type", kind)]) < 500


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=CLAIMS, jti=ODD | JSON, header=HEADERS)
async def test_an_assertion_with_odd_claims_is_no_failure(world: World, claims: Any, jti: Any, header: Any) -> None:
    """Signed with the right key, running, and odd in any other way, it is accepted or refused."""
    claims = {"iss": "signer", "sub": "signer", "aud": ISSUER, "exp": world.clock() + 60, "jti": jti} | claims
    headers = {key: value for key, value in header.items() if key != "alg"}
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
    body = urlencode(form | {"client_assertion": signed(claims, **headers)}).encode()
    assert 200 <= await _status(world, body, [(b"content-type", FORM.encode())]) < 500


async def test_the_fuzzed_endpoint_still_grants(world: World) -> None:
    """The twin of the refusals: the very endpoint gives tokens to those who should have them."""
    answers = await asyncio.gather(world.ask(), world.assert_with(signed(world.claims())))
    assert [answer.status_code for answer in answers] == [200, 200]
