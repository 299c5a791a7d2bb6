"""private_key_jwt: which assertions prove a client, and that each proves it once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.util import urlsafe_b64encode
from sqlalchemy import update
from starlette.applications import Starlette

from auth.application import oauth_routes
from auth.assertion import ASSERTION_TYPE, UsedAssertion
from auth.jose import BadToken, take_apart
from domain.agreement import Client
from tests.oauth_world import ISSUER, KEYS, World, oauth_world, segment, signed

OTHER = ECKey.generate_key("P-256", {"kid": "ec"})


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


def _refused(response: httpx2.Response) -> bool:
    if response.status_code == 200:
        return False
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert response.headers["www-authenticate"].startswith("Basic realm=")
    return True


@pytest.mark.parametrize(
    ("key", "alg", "header"),
    [
        ("ES256", "ES256", {"kid": "ec"}),
        ("PS256", "PS256", {"kid": "rsa"}),
        ("EdDSA", "EdDSA", {"kid": "ed"}),
        ("EdDSA", "Ed25519", {"kid": "ed"}),
        ("ES256", "ES256", {}),
        ("ES256", "ES256", {"typ": "client-authentication+jwt", "x5t": "some-thumbprint"}),
        ("ES256", "ES256", {"kid": "ec", "pad": "p" * 1000}),
    ],
)
async def test_a_client_with_a_registered_key_gets_a_token(standing: World, key: str, alg: str, header: Any) -> None:
    """By ES256, PS256 and Ed25519; a `kid` may be left out where one key fits. Trap: joserfc caps headers at 512 bytes
    and refuses parameters that it does not know."""
    response = await standing.assert_with(signed(standing.claims(), KEYS[key], alg, **header))
    assert response.status_code == 200
    assert (await standing.authority.tokens.verify(response.json()["access_token"])).client_id == "signer"


@pytest.mark.parametrize(
    ("key", "alg", "header"),
    [
        (KEYS["PS256"], "RS256", {"kid": "rsa"}),
        (OctKey.import_key("secret" * 8), "HS256", {}),
        (OctKey.import_key(KEYS["ES256"].as_dict(private=False)["x"]), "HS256", {"kid": "ec"}),  # type: ignore[arg-type]
        (ECKey.generate_key("P-384"), "ES384", {}),
        (RSAKey.generate_key(2048), "PS256", {"kid": "rsa"}),
        (OTHER, "ES256", {"kid": "ec"}),
        (OTHER, "ES256", {"kid": "ec", "jwk": OTHER.as_dict(private=False)}),
        (KEYS["ES256"], "ES256", {"kid": "ed"}),
        (KEYS["ES256"], "ES256", {"kid": "unknown"}),
        (KEYS["ES256"], "ES256", {"kid": "ec", "crit": ["exp"], "exp": 1}),
        (KEYS["ES256"], "ES256", {"kid": "ec", "pad": "p" * 3000}),
    ],
)
async def test_a_key_or_algorithm_that_is_not_registered_proves_nothing(
    standing: World, key: Any, alg: str, header: Any
) -> None:
    """Trap: Authlib accepts RS256 and HS256. And a key inside the assertion is no key of ours."""
    assert _refused(await standing.assert_with(signed(standing.claims(), key, alg, **header)))
    assert not _refused(await standing.assert_with(signed(standing.claims(), kid="ec")))


async def test_a_failed_signature_and_an_unknown_client_get_the_same_answer(world: World) -> None:
    """Also a client that has a secret instead of keys, and one whose registration cannot be used."""
    answers = [
        await world.assert_with(signed(world.claims(), OTHER)),
        await world.assert_with(signed(world.claims(iss="nobody", sub="nobody"))),
        await world.assert_with(signed(world.claims(iss="partner", sub="partner"))),
        await world.assert_with(signed(world.claims(iss="other", sub="other"))),
        await world.assert_with(signed(world.claims(sub=None))),
        await world.assert_with(signed(world.claims(sub="\x00"))),
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert not _refused(await world.assert_with(signed(world.claims())))


CLAIMS: list[tuple[dict[str, Any], bool]] = [
    ({"aud": f"{ISSUER}/oauth/token"}, True),
    ({"aud": [ISSUER]}, True),
    ({"aud": [ISSUER, "https://elsewhere.example"]}, False),
    ({"aud": [ISSUER, ISSUER]}, False),
    ({"aud": []}, False),
    ({"aud": {}}, False),
    ({"aud": None}, False),
    ({"aud": f"{ISSUER}/"}, False),
    ({"aud": f"{ISSUER}/graphql"}, False),
    ({"iss": "partner"}, False),
    ({"iss": None}, False),
    ({"jti": None}, False),
    ({"jti": ""}, False),
    ({"jti": 7}, False),
    ({"jti": "j" * 255}, True),
    ({"jti": "j" * 256}, False),
    ({"jti": "nul\x00"}, False),
    ({"exp": None}, False),
    ({"exp": "soon"}, False),
    ({"exp": True}, False),
    ({"exp": 10**400}, False),
    ({"iat": None}, True),
    ({"iat": "now"}, False),
    ({"nbf": "now"}, False),
]


@pytest.mark.parametrize(("changes", "good"), CLAIMS)
async def test_an_assertion_is_judged_by_its_claims(standing: World, changes: dict[str, Any], good: bool) -> None:
    """`aud` is this issuer or its token endpoint and nobody else besides; `exp` and `jti` are required."""
    assert _refused(await standing.assert_with(signed(standing.claims(**changes)))) is not good
    assert not _refused(await standing.assert_with(signed(standing.claims())))


@pytest.mark.parametrize(
    ("claim", "offset", "good"),
    [
        ("exp", 1, True),
        ("exp", 0, False),
        ("exp", -1, False),
        ("exp", 300, True),
        ("exp", 301, False),
        ("iat", 10, True),
        ("iat", 11, False),
        ("iat", -310, True),
        ("iat", -311, False),
        ("nbf", 10, True),
        ("nbf", 11, False),
        ("nbf", -100_000, True),
    ],
)
async def test_an_assertion_holds_for_five_minutes(standing: World, claim: str, offset: int, good: bool) -> None:
    """`exp` at most 300 seconds ahead (trap: Authlib accepts any), `iat` and `nbf` at most 10 seconds ahead of ours."""
    claims = standing.claims(**{claim: int(standing.clock()) + offset})
    assert _refused(await standing.assert_with(signed(claims))) is not good


async def test_an_assertion_is_used_once_whichever_process_it_reaches(world: World) -> None:
    """Replayed to the same process and to another it is refused; the same `jti` of another client is another use."""
    assertion = signed(world.claims(jti="once"))
    another = Starlette(routes=oauth_routes(world.another_process()))
    assert not _refused(await world.assert_with(assertion))
    assert _refused(await world.assert_with(assertion))
    assert _refused(await world.assert_with(assertion, another))
    with world.session() as session:
        session.execute(update(UsedAssertion).values(client_id="other"))
    assert not _refused(await world.assert_with(assertion, another))


async def test_of_many_uses_at_once_one_succeeds(world: World) -> None:
    """Ten requests race with the same assertion, over two processes."""
    assertion = signed(world.claims())
    apps = [world.app, Starlette(routes=oauth_routes(world.another_process()))] * 5
    answers = await asyncio.gather(*(world.assert_with(assertion, app) for app in apps))
    assert [answer.status_code for answer in answers].count(200) == 1


async def test_an_assertion_is_used_up_by_a_request_that_is_then_refused(world: World) -> None:
    """A refused scope does not give the assertion back; an assertion whose signature fails uses nothing up."""
    claims = world.claims()
    assert _refused(await world.assert_with(signed(claims, OTHER)))
    assert (await world.assert_with(signed(claims), scope="no:such")).json()["error"] == "invalid_scope"
    assert _refused(await world.assert_with(signed(claims)))


async def test_used_assertions_are_forgotten_an_hour_after_they_expired(world: World) -> None:
    """Until then a clock set back does not bring one back to life. A process looks for old ones once a minute."""
    old = signed(world.claims(jti="old"))
    await world.assert_with(old)
    world.clock.time += 3600
    await world.assert_with(signed(world.claims(jti="new")))
    world.clock.time -= 3600
    assert _refused(await world.assert_with(old))
    world.clock.time += 3661
    await world.assert_with(signed(world.claims(jti="newer")))
    with world.session() as session:
        assert sorted(use.jti for use in session.query(UsedAssertion)) == ["new", "newer"]


async def test_the_form_names_the_assertions_client_or_nobody(world: World) -> None:
    """`client_id` may be sent beside an assertion, and must then be the same (RFC 7521 4.2)."""
    assert (await world.assert_with(signed(world.claims()), client_id="signer")).status_code == 200
    response = await world.assert_with(signed(world.claims()), client_id="partner")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


async def test_an_assertion_comes_with_its_type_and_a_type_with_its_assertion(world: World) -> None:
    """Any other `client_assertion_type` is malformed; the type alone proves nothing."""
    response = await world.assert_with(signed(world.claims()), client_assertion_type="urn:other")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert _refused(await world.assert_with(""))
    halves = [{"client_assertion_type": ASSERTION_TYPE}, {"client_assertion": signed(world.claims())}]
    async with world.http() as http:
        for half in halves:
            response = await http.post("/oauth/token", data={"grant_type": "client_credentials"} | half)
            assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


async def test_two_registered_keys_that_fit_are_told_apart_by_kid_only(world: World) -> None:
    """Without a `kid` nobody guesses which of two keys was meant."""
    both = {"keys": [KEYS["ES256"].as_dict(private=False), OTHER.as_dict(private=False) | {"kid": "second"}]}
    with world.session() as session:
        session.get_one(Client, "signer").jwks = both
    assert _refused(await world.assert_with(signed(world.claims())))
    assert not _refused(await world.assert_with(signed(world.claims(), OTHER, kid="second")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "e30.e30.e30" + "A" * 8192,
        "e30.e30.é",
        "é.e30.e30",
        "W10.e30.e30",
        "e30=.e30.e30",
        "eyJhbGciOiJFUzI1NiJ9.W10.e30",
        signed({}).replace("ey", "e y", 1),
    ],
)
def test_what_is_not_a_signed_json_object_is_refused(text: str) -> None:
    """Whatever stands in a token's place, the answer is `BadToken`."""
    with pytest.raises(BadToken):
        take_apart(text, ["ES256"])
    assert take_apart(signed({"a": 1}), ["ES256"]).hearsay == {"a": 1}


@pytest.mark.parametrize(
    "header", [{"alg": 1}, {"alg": None}, {"kid": 7}, {"typ": 7}, {"crit": ["b64"]}, {"b64": False}]
)
def test_a_header_is_read_strictly(header: dict[str, Any]) -> None:
    """A wrong type or an extension is refused before any key is looked for."""
    text = segment({"alg": "ES256"} | header).decode()
    with pytest.raises(BadToken):
        take_apart(f"{text}.e30.AAAA", ["ES256"])


@pytest.mark.parametrize("depth", [10, 300, 980, 5000])
async def test_deeply_nested_json_is_refused(standing: World, depth: int) -> None:
    """Trap: Python's JSON parser ends in a `RecursionError`, which joserfc does not catch, and a 500."""
    nested = b"[" * depth + b"]" * depth
    claims = signed(standing.claims())
    assert _refused(await standing.assert_with(signed(b'{"x": ' + nested + b"}")))
    header = urlsafe_b64encode(b'{"alg": "ES256", "x": ' + nested + b"}").decode()
    assert _refused(await standing.assert_with(f"{header}.{claims.split('.', 1)[1]}"))
    assert not _refused(await standing.assert_with(claims))


def test_times_of_use_are_kept_in_utc(world: World) -> None:
    """What is stored is a moment, whatever the zone of the session."""
    with world.session() as session:
        session.add(UsedAssertion(client_id="signer", jti="x", expires_at=datetime(2026, 1, 1, tzinfo=UTC)))
    with world.session() as session:
        assert session.query(UsedAssertion).one().expires_at == datetime(2026, 1, 1, tzinfo=UTC)
