"""Access tokens and the keys that sign them: what is accepted, what is refused, and what happens when keys change."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import delete, event, update

from auth.key import SigningKey
from auth.keyring import Keyring
from domain.errors import GrantRefused
from tests.oauth_world import ISSUER, World, oauth_world, segment, signed


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


def _claims(world: World, **changes: Any) -> dict[str, Any]:
    now = int(world.clock())
    good: dict[str, Any] = {"iss": ISSUER, "aud": f"{ISSUER}/graphql", "sub": "partner", "client_id": "partner"}
    good |= {"jti": "t", "iat": now, "exp": now + 300, "scope": "person:read person:identity"}
    return {name: value for name, value in (good | changes).items() if value is not None}


async def _verified(world: World, claims: Any, **header: Any) -> tuple[str, ...]:
    key = await world.authority.keyring.newest()
    token = signed(claims, key, **({"typ": "at+jwt", "kid": key.kid} | header))
    return (await world.authority.tokens.verify(token)).scopes


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+JWT"])
async def test_a_token_of_ours_says_who_and_what(standing: World, typ: str) -> None:
    """`typ` is a media type: its case and the prefix `application/` do not matter (RFC 9068 4, RFC 7515 4.1.9)."""
    assert await _verified(standing, _claims(standing), typ=typ) == ("person:read", "person:identity")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iss": "https://elsewhere.example"}, "not issued by this server for this API"),
        ({"iss": None}, "not issued by this server for this API"),
        ({"aud": ISSUER}, "not issued by this server for this API"),
        ({"aud": "partner"}, "not issued by this server for this API"),
        ({"aud": [f"{ISSUER}/graphql"]}, "not issued by this server for this API"),
        ({"aud": None}, "not issued by this server for this API"),
        ({"cnf": {"jkt": "thumbprint"}}, "not a bearer token"),
        ({"sub": "signer"}, "one client"),
        ({"sub": None}, "one client"),
        ({"client_id": None}, "one client"),
        ({"client_id": "\x00", "sub": "\x00"}, "one client"),
        ({"jti": None}, "no jti"),
        ({"scope": None}, "no scope"),
        ({"scope": ""}, "no scope"),
        ({"scope": ["person:read"]}, "no scope"),
        ({"exp": None}, "from when until when"),
        ({"iat": None}, "from when until when"),
        ({"exp": "later"}, "from when until when"),
        ({"exp": True}, "from when until when"),
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(standing: World, changes: dict[str, Any], words: str) -> None:
    """Even signed with our key. Traps: Authlib takes a token bound to a key (`cnf`) as a bearer token, and OpenG2P
    checked neither issuer nor audience."""
    with pytest.raises(GrantRefused, match=words):
        await _verified(standing, _claims(standing, **changes))
    assert await _verified(standing, _claims(standing))


@pytest.mark.parametrize(
    ("issued", "expires", "words"),
    [
        (-299, 1, None),
        (10, 310, None),
        (11, 311, "future"),
        (0, 301, "too long"),
        (-300, 0, "expired"),
        (-400, -100, "expired"),
        (-10, -10, "expired"),
    ],
)
async def test_a_token_runs_for_at_most_300_seconds(
    standing: World, issued: int, expires: int, words: str | None
) -> None:
    """From its `iat`, which may be 10 seconds ahead of our clock, until just before its `exp`."""
    now = int(standing.clock())
    claims = _claims(standing, iat=now + issued, exp=now + expires)
    if words is None:
        assert await _verified(standing, claims)
    else:
        with pytest.raises(GrantRefused, match=words):
            await _verified(standing, claims)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"typ": "JWT"}, "typ"),
        ({"typ": ""}, "typ"),
        ({"typ": "at+jwt "}, "typ"),
        ({"kid": "unknown"}, "kid"),
        ({"kid": ""}, "kid"),
        ({"alg": "none"}, "alg is not ES256"),
        ({"alg": "EdDSA"}, "alg is not ES256"),
    ],
)
async def test_a_token_with_a_wrong_header_is_refused(standing: World, header: dict[str, Any], words: str) -> None:
    """Trap: Authlib's validator accepts a token without `typ`, so that any JWT of the issuer would do."""
    key = await standing.authority.keyring.newest()
    head: dict[str, Any] = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid} | header
    token = signed(_claims(standing), key, **{name: value for name, value in head.items() if name != "alg"})
    with pytest.raises(GrantRefused, match=words):
        await standing.authority.tokens.verify(segment(head).decode() + "." + token.split(".", 1)[1])


async def test_a_token_without_a_typ_or_a_kid_is_refused(world: World) -> None:
    """Leaving a header parameter out is not a way around it."""
    key = await world.authority.keyring.newest()
    headers: list[dict[str, Any]] = [{"kid": key.kid}, {"typ": "at+jwt"}]
    for header in headers:
        with pytest.raises(GrantRefused):
            await world.authority.tokens.verify(signed(_claims(world), key, **header))


async def test_a_token_that_our_key_did_not_sign_is_refused(world: World) -> None:
    """Signed by another key under our `kid`, by HS256 with our public key as the secret, or changed by one letter."""
    key = await world.authority.keyring.newest()
    public = OctKey.import_key(str(key.as_dict(private=False)["x"]))
    header: dict[str, Any] = {"typ": "at+jwt", "kid": key.kid}
    good = signed(_claims(world), key, **header)
    changed = good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1]
    for bad in (
        signed(_claims(world), ECKey.generate_key("P-256"), **header),
        signed(_claims(world), public, "HS256", **header),
        changed,
        good + "é",
        "",
    ):
        with pytest.raises(GrantRefused) as refused:
            await world.authority.tokens.verify(bad)
        assert refused.value.code == "UNAUTHENTICATED"
    assert await world.authority.tokens.verify(good)


async def test_processes_that_start_together_make_one_key(world: World) -> None:
    """On an empty table, eight at once."""
    with world.session() as session:
        session.execute(delete(SigningKey))
    processes = [Keyring(world.engine, world.clock) for _ in range(8)]
    await asyncio.gather(*(process.start() for process in processes))
    with world.session() as session:
        assert session.query(SigningKey).count() == 1
    assert len({(await process.newest()).kid for process in processes}) == 1


async def test_the_newest_key_signs_and_every_standing_key_verifies(world: World) -> None:
    """A key made by another process is known on first sight, and signs here within a minute."""
    before = await world.authority.token_for("partner")
    with world.session() as session:
        second = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        session.add(SigningKey(kid=second.kid, private_jwk=second.as_dict(private=True)))
    world.clock.time += 2
    foreign = await world.another_process().token_for("partner")
    assert await world.authority.tokens.verify(foreign)
    assert await world.authority.tokens.verify(before)
    assert (await world.authority.keyring.public_keys())["keys"][0]["kid"] == second.kid
    assert (await world.authority.keyring.newest()).kid == second.kid


async def test_a_retired_key_stops_verifying_within_a_minute(world: World) -> None:
    """And when every key has been retired a new one is made."""
    token = await world.authority.token_for("partner")
    retired = (await world.authority.keyring.newest()).kid
    with world.session() as session:
        session.execute(update(SigningKey).values(retired_at=datetime.now(UTC)))
    world.clock.time += 59
    assert await world.authority.tokens.verify(token)
    world.clock.time += 1
    with pytest.raises(GrantRefused, match="kid"):
        await world.authority.tokens.verify(token)
    assert await world.authority.tokens.verify(await world.authority.token_for("partner"))
    assert (await world.authority.keyring.newest()).kid != retired


async def test_unknown_keys_cause_one_reading_a_second(world: World) -> None:
    """However many tokens with made-up keys arrive, at once or one after another."""
    readings = 0

    def count(*arguments: Any) -> None:
        nonlocal readings
        readings += 1

    event.listen(world.engine.sync_engine, "before_cursor_execute", count)
    made_up = signed(_claims(world), ECKey.generate_key("P-256"), typ="at+jwt", kid="made-up")
    for _ in range(3):
        world.clock.time += 1
        answers = [world.authority.tokens.verify(made_up) for _ in range(20)]
        assert all(isinstance(a, GrantRefused) for a in await asyncio.gather(*answers, return_exceptions=True))
    assert readings == 3


async def test_a_clock_set_back_does_not_keep_old_keys(world: World) -> None:
    """Keys that seem to have been read in the future are read again."""
    with world.session() as session:
        session.execute(update(SigningKey).values(retired_at=datetime.now(UTC)))
    world.clock.time -= 1000
    assert (await world.authority.keyring.public_keys())["keys"] == []
