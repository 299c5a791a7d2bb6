"""From a token to a grant, and what a process may remember of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from auth.caller import Callers
from auth.key import SigningKey
from domain.agreement import AgreementStatus, DataSharingAgreement
from domain.catalogue import Bundle
from domain.errors import GrantRefused
from tests.oauth_world import World, oauth_world


@pytest.fixture
async def world(new_database: Callable[[], str]) -> AsyncIterator[World]:
    """An issuer with its clients."""
    async with oauth_world(new_database) as world:
        yield world


def _change(world: World, **values: object) -> None:
    with world.session() as session:
        session.execute(update(DataSharingAgreement).values(revision=DataSharingAgreement.revision + 1, **values))


async def test_a_token_becomes_the_grant_of_agreement_token_and_client(world: World) -> None:
    """The token was narrowed, so the grant is; a second look needs no reading and gives the same object."""
    callers = Callers(world.authority)
    token = await world.authority.token_for("partner", ["person:read"])
    assert callers.cached(token) is None
    grant = await callers.resolve(token)
    assert grant.bundles == {Bundle.PERSON_READ}
    assert (grant.client_id, grant.agreement_reference) == ("partner", "DSA-1")
    assert callers.cached(token) is grant
    with pytest.raises(GrantRefused):
        await callers.resolve(token + "x")
    assert callers.cached(token + "x") is None


async def test_an_agreement_narrowed_after_the_token_was_issued_narrows_the_grant(world: World) -> None:
    """What the token says is the most, never a promise."""
    callers = Callers(world.authority)
    token = await world.authority.token_for("partner")
    assert Bundle.PERSON_IDENTITY in (await callers.resolve(token)).bundles
    _change(world, bundles=["person:read"])
    assert (await callers.resolve(token)).bundles == {Bundle.PERSON_READ}


async def test_a_forgotten_token_is_read_anew_and_refused_when_the_agreement_has_ended(world: World) -> None:
    """Verified for another five minutes, it is worth nothing once the agreement is suspended."""
    callers = Callers(world.authority)
    token = await world.authority.token_for("partner")
    await callers.resolve(token)
    _change(world, status=AgreementStatus.SUSPENDED)
    callers.forget(token)
    callers.forget(token)
    assert callers.cached(token) is None
    with pytest.raises(GrantRefused, match="suspended"):
        await callers.resolve(token)
    assert callers.cached(token) is None
    _change(world, status=AgreementStatus.ACTIVE)
    assert await callers.resolve(token) is callers.cached(token)


async def test_a_token_is_remembered_until_it_expires(world: World) -> None:
    """To the second, however fresh the keys are, and it cannot be resolved afterwards."""
    callers = Callers(world.authority)
    token = await world.authority.token_for("partner")
    world.clock.time += 299
    await callers.resolve(token)
    assert callers.cached(token)
    world.clock.time += 1
    assert callers.cached(token) is None
    with pytest.raises(GrantRefused, match="expired"):
        await callers.resolve(token)


async def test_a_clock_set_back_brings_no_token_back(world: World) -> None:
    """What was verified later than now is verified again, and then comes from the future."""
    callers = Callers(world.authority)
    world.clock.time += 1000
    token = await world.authority.token_for("partner")
    await callers.resolve(token)
    assert callers.cached(token)
    world.clock.time -= 1000
    assert callers.cached(token) is None
    with pytest.raises(GrantRefused, match="future"):
        await callers.resolve(token)


async def test_a_token_of_a_retired_key_leaves_the_cache_within_a_minute(world: World) -> None:
    """The cache trusts a token no longer than the keys that were known when it was verified."""
    callers = Callers(world.authority)
    token = await world.authority.token_for("partner")
    await callers.resolve(token)
    with world.session() as session:
        session.execute(update(SigningKey).values(retired_at=datetime.now(UTC)))
    world.clock.time += 59
    assert callers.cached(token)
    world.clock.time += 1
    assert callers.cached(token) is None
    with pytest.raises(GrantRefused, match="kid"):
        await callers.resolve(token)


async def test_the_token_not_used_for_longest_is_forgotten_first(world: World) -> None:
    """Memory is bounded, and a token in use stays."""
    callers = Callers(world.authority, capacity=2)
    first, second, third = [await world.authority.token_for("partner") for _ in range(3)]
    await callers.resolve(first)
    await callers.resolve(second)
    assert callers.cached(first)
    await callers.resolve(third)
    assert callers.cached(second) is None
    assert callers.cached(first)
    assert callers.cached(third)


async def test_callers_who_arrive_together_keep_their_own_grants(world: World) -> None:
    """Trap: rights cached under the wrong key once gave everybody user 1's."""
    callers = Callers(world.authority)
    scopes = ["person:read", "person:identity", "eligibility:read"]
    tokens = [await world.authority.token_for(client, [scope]) for client in ("partner", "signer") for scope in scopes]
    grants = await asyncio.gather(*(callers.resolve(token) for token in tokens * 5))
    assert [(grant.client_id, *grant.bundles) for grant in grants] == [
        (client, Bundle(scope)) for client in ("partner", "signer") for scope in scopes
    ] * 5
