"""The token endpoint with a secret: who gets a token, with which scopes, and how everybody else is refused."""

import base64
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import update
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.applications import Starlette

from auth.application import oauth_routes
from auth.authority import Authority
from auth.scope import ScopeRefused
from domain.agreement import AgreementStatus, Client, DataSharingAgreement
from domain.errors import GrantRefused
from domain.grant import today
from tests.oauth_world import GIVEN, ISSUER, SECRET, World, oauth_world

CREDENTIALS = base64.b64encode(f"partner:{SECRET}".encode()).decode()
FORM = {"grant_type": "client_credentials"}


@pytest.fixture
async def world(new_database: Callable[[], str]) -> AsyncIterator[World]:
    """An issuer with its clients, of the test's own."""
    async with oauth_world(new_database) as world:
        yield world


@pytest.fixture(scope="module")
async def standing(new_database: Callable[[], str]) -> AsyncIterator[World]:
    """An issuer with its clients for tests that change nothing of it."""
    async with oauth_world(new_database) as world:
        yield world


def _refusal(response: httpx2.Response) -> tuple[int, str]:
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, response.json()["error"]


def _basic(pair: str | bytes) -> dict[str, str]:
    raw = pair if isinstance(pair, bytes) else pair.encode()
    return {"Authorization": "Basic " + base64.b64encode(raw).decode()}


async def _post(world: World, **options: Any) -> httpx2.Response:
    async with world.http() as http:
        return await http.post("/oauth/token", **options)


async def test_a_client_with_its_secret_gets_a_token_of_300_seconds_for_this_api(world: World) -> None:
    """Traps: Authlib's lifetime is ten days, its audience the client, its algorithm RS256, and it emits no `kid`."""
    response = await world.ask()
    answer = response.json()
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 300, " ".join(GIVEN))
    keys = KeySet.import_key_set(await world.authority.keyring.public_keys())  # type: ignore[arg-type]
    token = jwt.decode(answer["access_token"], keys, ["ES256"])
    assert token.header == {"alg": "ES256", "typ": "at+jwt", "kid": keys.keys[0].kid}
    assert len(token.claims.pop("jti")) >= 20
    now = int(world.clock())
    who = {"iss": ISSUER, "sub": "partner", "client_id": "partner", "aud": f"{ISSUER}/graphql"}
    assert token.claims == who | {"iat": now, "exp": now + 300, "scope": " ".join(GIVEN)}


async def test_an_unknown_client_and_a_wrong_secret_get_the_same_answer(world: World) -> None:
    """Trap: Authlib says that a client does not exist. Here nobody learns who is registered."""
    answers = [
        await world.ask(secret="wrong" * 10),
        await world.ask(client="nobody"),
        await world.ask(client="signer"),
        await world.ask(client="nob\x7fody"),
    ]
    assert (await world.ask()).status_code == 200
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert _refusal(answers[0]) == (401, "invalid_client")
    assert {answer.headers["www-authenticate"] for answer in answers} == {
        'Basic realm="NSER registry API", charset="UTF-8"'
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": AgreementStatus.SUSPENDED}, "DSA-1 is suspended"),
        ({"status": AgreementStatus.ENDED}, "DSA-1 is ended"),
        ({"valid_until": today() - timedelta(days=1)}, "DSA-1 answers from"),
        ({"valid_from": today() + timedelta(days=1)}, "DSA-1 answers from"),
        ({"bundles": ["household:income"]}, "DSA-1 gives this client no scope"),
        ({"bundles": ["person:everything"]}, "is not a bundle"),
    ],
)
async def test_an_agreement_that_is_not_in_force_gives_no_token(
    world: World, change: dict[str, Any], words: str
) -> None:
    """The client is known, so it is told why, and the command that needs no secret obeys the same rule."""
    assert (await world.ask()).status_code == 200
    assert await world.authority.token_for("partner")
    with world.session() as session:
        session.execute(update(DataSharingAgreement).values(**change))
    response = await world.ask()
    assert _refusal(response) == (400, "unauthorized_client")
    assert words in response.json()["error_description"]
    with pytest.raises(GrantRefused, match=words):
        await world.authority.token_for("partner")


async def test_a_disabled_client_gets_no_token(world: World) -> None:
    """One client is disabled and refused; the other, under the same agreement, goes on."""
    with world.session() as session:
        session.execute(update(Client).where(Client.id == "partner").values(disabled_at=datetime.now(UTC)))
    assert _refusal(await world.ask()) == (400, "unauthorized_client")
    assert await world.authority.token_for("signer")


async def test_scopes_are_narrowed_to_what_is_asked_for_and_never_widened(standing: World) -> None:
    """The order of the request does not matter, and naming a scope twice names it once."""
    answer = (await standing.ask(scope="eligibility:read person:read person:read")).json()
    assert answer["scope"] == "person:read eligibility:read"


@pytest.mark.parametrize(
    ("scope", "named"),
    [
        ("person:read person:maternal", "person:maternal"),
        ("household:score", "household:score"),
        ("person:read no:such", "no:such"),
        ('person:read "<\\>é', "'<?>?"),
        ("person:read\tperson:identity", "?"),
        ("", "empty"),
        ("person:read  person:identity", "malformed"),
    ],
)
async def test_a_scope_that_is_not_given_is_named_and_refused(standing: World, scope: str, named: str) -> None:
    """Traps: Authlib checks nothing when `scopes_supported` is empty, splits at any white space, and raises
    `ValueError` for a description with a quote. Nothing is dropped in silence: not what only the client lists, not
    what only the agreement lists, not what nobody knows."""
    response = await standing.ask(scope=scope)
    assert _refusal(response) == (400, "invalid_scope")
    assert named in response.json()["error_description"]
    assert (await standing.ask(scope="person:read")).status_code == 200


async def test_the_command_narrows_by_the_same_rules(world: World) -> None:
    """`token_for` gives what the endpoint gives and refuses what the endpoint refuses."""
    verified = await world.authority.tokens.verify(await world.authority.token_for("partner", ["person:read"]))
    assert verified.scopes == ("person:read",)
    for scopes in (["person:maternal"], [""], []):
        with pytest.raises(ScopeRefused):
            await world.authority.token_for("partner", scopes)
    with pytest.raises(GrantRefused, match="no client"):
        await world.authority.token_for("nobody")


@pytest.mark.parametrize(
    "authorization",
    [
        {"Authorization": f"basic {CREDENTIALS}"},
        _basic(f"%70artner:{SECRET}"),
        _basic(f"partner:{SECRET.replace('-', '%2D')}"),
    ],
)
async def test_the_parts_of_basic_credentials_are_form_decoded(standing: World, authorization: dict[str, str]) -> None:
    """RFC 6749 2.3.1, and the scheme is case-insensitive (RFC 7235)."""
    assert (await _post(standing, headers=authorization, data=FORM)).status_code == 200


async def test_a_plus_in_basic_credentials_is_a_space(world: World) -> None:
    """Trap: Authlib undoes percent signs only, so a secret with a space would never fit."""
    spaced = "a secret with spaces that is long enough for this"
    with world.session() as session:
        client = session.get_one(Client, "partner")
        client.secret_digest = hashlib.sha256(spaced.encode()).hexdigest()
    assert (await _post(world, headers=_basic("partner:" + spaced.replace(" ", "+")), data=FORM)).status_code == 200
    assert (await _post(world, headers=_basic("partner:" + spaced.replace(" ", "-")), data=FORM)).status_code == 401


@pytest.mark.parametrize(
    "authorization",
    [
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic é".encode("latin-1").decode("latin-1")},
        {"Authorization": f"Bearer {CREDENTIALS}"},
        {"Authorization": f"DPoP {CREDENTIALS}"},
        _basic("partner"),
        _basic(b"partner:\xff\xfe"),
        _basic("partner:%ff%fe"),
        _basic("partner:"),
        _basic(f":{SECRET}"),
        _basic("part\x00ner:secret"),
    ],
)
async def test_credentials_that_cannot_be_read_are_refused(standing: World, authorization: dict[str, str]) -> None:
    """Trap: bytes that are not UTF-8 give a 500 with Authlib's own reader."""
    headers = [("Authorization", authorization["Authorization"].encode("latin-1"))]
    assert _refusal(await _post(standing, headers=headers, data=FORM)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("headers", "form", "refusal"),
    [
        ([], {}, (401, "invalid_client")),
        ([], {"client_id": "partner", "client_secret": SECRET}, (401, "invalid_client")),
        ([("Authorization", f"Basic {CREDENTIALS}")], {"client_secret": SECRET}, (400, "invalid_request")),
        ([("Authorization", f"Basic {CREDENTIALS}")], {"client_assertion": "x"}, (400, "invalid_request")),
        ([("Authorization", f"Basic {CREDENTIALS}")], {"client_assertion_type": "x"}, (400, "invalid_request")),
        ([("Authorization", f"Basic {CREDENTIALS}")] * 2, {}, (400, "invalid_request")),
        ([("Authorization", f"Basic {CREDENTIALS}")], {"client_id": "signer"}, (400, "invalid_request")),
    ],
)
async def test_a_client_authenticates_in_exactly_one_way(
    standing: World, headers: list[tuple[str, str]], form: dict[str, str], refusal: tuple[int, str]
) -> None:
    """client_secret_post is not offered, two ways at once are malformed, and the form may only repeat the client_id."""
    assert _refusal(await _post(standing, headers=headers, data=FORM | form)) == refusal
    once = [("Authorization", f"Basic {CREDENTIALS}")]
    assert (await _post(standing, headers=once, data=FORM | {"client_id": "partner"})).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"grant_type": "client_credentials"}', "application/json", 400),
        (b"grant_type=client_credentials", "", 400),
        (b"grant_type=client_credentials&grant_type=client_credentials", "application/x-www-form-urlencoded", 400),
        (b"grant_type=client_credentials&unknown=1&unknown=2", "application/x-www-form-urlencoded", 400),
        (b"grant_type", "application/x-www-form-urlencoded", 400),
        (b"grant_type=%ff", "application/x-www-form-urlencoded", 400),
        (b"grant_type=\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % number for number in range(33)), "application/x-www-form-urlencoded", 400),
        (b"grant_type=" + b"c" * 16 * 1024, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_body_that_is_not_a_small_form_is_refused(standing: World, body: bytes, kind: str, status: int) -> None:
    """A form is read whatever its charset parameter says; JSON, repetition and anything large or broken is not."""
    authorised = {"Authorization": f"Basic {CREDENTIALS}"}
    response = await _post(standing, headers=authorised | {"Content-Type": kind}, content=body)
    assert _refusal(response) == (status, "invalid_request")
    good = authorised | {"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"}
    assert (await _post(standing, headers=good, content=b"grant_type=client_credentials")).status_code == 200


async def test_a_multipart_upload_is_refused(standing: World) -> None:
    """Trap: a file uploaded as `client_assertion` gives a 500 with Authlib behind a framework's form parser."""
    files = {"client_assertion": ("jwt", b"e30.e30.e30")}
    assert _refusal(await _post(standing, data=FORM, files=files)) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": 'é"\\'}, "unsupported_grant_type"),
    ],
)
async def test_the_only_grant_type_is_client_credentials(standing: World, form: dict[str, str], error: str) -> None:
    """What was asked for is not repeated in the answer."""
    response = await _post(standing, headers={"Authorization": f"Basic {CREDENTIALS}"}, data=form)
    assert _refusal(response) == (400, error)
    assert "authorization_code" not in response.text


async def test_a_token_is_asked_for_by_post_only(standing: World) -> None:
    """A GET would leave credentials in logs of addresses."""
    async with standing.http() as http:
        response = await http.get("/oauth/token", params=FORM, headers={"Authorization": f"Basic {CREDENTIALS}"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_no_log_holds_a_token_or_a_secret(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Trap: Authlib's client_credentials grant writes each token into the debug log."""
    caplog.set_level(logging.DEBUG)
    token = (await world.ask()).json()["access_token"]
    await world.ask(secret="wrong-" + SECRET)
    assert "authlib" in caplog.text
    assert token not in caplog.text
    assert SECRET not in caplog.text


async def test_a_database_out_of_reach_is_said_to_be_so(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The client is told to come back; the log names the kind of failure and nothing of the request."""
    broken = Authority(create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none"), ISSUER)
    async with world.http(Starlette(routes=oauth_routes(broken))) as http:
        responses = [
            await http.post("/oauth/token", data=FORM, auth=("partner", SECRET)),
            await http.get("/oauth/jwks"),
        ]
    for response in responses:
        assert _refusal(response) == (503, "temporarily_unavailable")
        assert response.headers["retry-after"] == "5"
    assert "the database does not answer" in caplog.text
    assert SECRET not in caplog.text


async def test_a_client_that_goes_away_is_no_failure(world: World) -> None:
    """The connection ends in the middle of the body; the answer is an ordinary refusal that nobody reads."""
    messages = iter([{"type": "http.request", "body": b"grant_", "more_body": True}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "path": "/oauth/token", "headers": headers, "query_string": b""}
    await world.app(scope, receive, send)
    assert sent[0]["status"] == 400
