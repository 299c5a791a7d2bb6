"""A grant is agreement ∩ token ∩ client, read from the database; whatever it cannot make sense of gives nothing."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from domain.agreement import AgreementStatus, Client, DataSharingAgreement, TerritoryKind
from domain.catalogue import Bundle
from domain.errors import GrantRefused
from domain.grant import Cohort, Grant, read_grant, still_stands, today
from server.settings import sqlalchemy_url
from tests.registry import small_registry

SCOPES = ["person:read", "person:birth", "enrolment:read"]


@dataclass
class World:
    """A registry with one client `c` under one agreement."""

    url: str
    session: Session

    def change(self, **values: Any) -> None:
        """Change the client or its agreement."""
        client = self.session.get_one(Client, "c")
        for name, value in values.items():
            setattr(client if hasattr(Client, name) and name != "revision" else client.agreement, name, value)
        self.session.commit()

    def grant(self, scopes: Sequence[str] = SCOPES, client: str = "c") -> Grant:
        """Return the grant of a token."""
        return asyncio.run(_read(self.url, client, scopes))

    def stands(self, grant: Grant) -> bool:
        """Tell whether a statement under the grant would answer."""
        self.session.rollback()
        return self.session.scalars(select(still_stands()), grant.parameters()).one()


async def _read(url: str, client: str, scopes: Sequence[str]) -> Grant:
    engine = create_async_engine(sqlalchemy_url(url, "asyncpg"))
    try:
        async with AsyncSession(engine) as session:
            return await read_grant(session, client, scopes)
    finally:
        await engine.dispose()


@pytest.fixture
def world(registry_url: str) -> Iterator[World]:
    """A client whose agreement is as it should be."""
    engine = create_engine(sqlalchemy_url(registry_url, "psycopg"))
    with Session(engine) as session:
        session.merge(
            DataSharingAgreement(
                id=1,
                reference="DSA",
                title="An agreement",
                consumer="A department",
                legal_basis="A law",
                purposes=["targeting"],
                bundles=["person:read", "person:birth", "person:identity"],
                territory_kind="NATIONAL",
                territory=[],
                cohort_id=None,
                status=AgreementStatus.ACTIVE,
                valid_from=today(),
                valid_until=today(),
                revision=1,
            )
        )
        client = {"id": "c", "name": "C", "agreement_id": 1, "auth_method": "client_secret_basic"}
        scopes = ["person:read", "person:birth", "enrolment:read"]
        session.merge(Client(**client, scopes=scopes, secret_digest="none", disabled_at=None, revision=1))
        session.commit()
        yield World(registry_url, session)
    engine.dispose()


@pytest.fixture(scope="module")
def registry_url(new_database: Callable[[], str]) -> str:
    """A small registry."""
    url = new_database()
    engine = create_engine(sqlalchemy_url(url, "psycopg"))
    small_registry(households=20).write(engine)
    engine.dispose()
    return url


def test_a_grant_is_what_agreement_client_and_token_all_give(world: World) -> None:
    """A bundle that any of the three lacks is not granted; the order of the token's scopes says nothing."""
    assert world.grant().bundles == {Bundle.PERSON_READ, Bundle.PERSON_BIRTH}
    assert world.grant(["person:birth", "person:identity"]).bundles == {Bundle.PERSON_BIRTH}
    world.change(scopes=["person:read"])
    assert world.grant().bundles == {Bundle.PERSON_READ}
    assert world.grant(["person:birth"]).bundles == frozenset()


@pytest.mark.parametrize("where", ["token", "agreement", "client"])
def test_a_name_that_is_no_bundle_gives_nothing_at_all(world: World, where: str) -> None:
    """A misspelt bundle is not skipped: what was signed is not known, so nothing is granted."""
    assert world.grant().bundles
    if where != "token":
        world.change(**{"scopes" if where == "client" else "bundles": ["person:read", "person:all"]})
    with pytest.raises(GrantRefused, match="'person:all' is not a bundle"):
        world.grant(["person:read", "person:all"] if where == "token" else SCOPES)


def test_an_unknown_or_disabled_client_has_no_grant(world: World) -> None:
    """The client itself is looked up at every reading."""
    with pytest.raises(GrantRefused, match="not registered or has been disabled"):
        world.grant(client="nobody")
    assert world.grant()
    world.change(disabled_at="2026-01-01T00:00:00Z")
    with pytest.raises(GrantRefused, match="not registered or has been disabled"):
        world.grant()


@pytest.mark.parametrize("status", [s for s in AgreementStatus if s is not AgreementStatus.ACTIVE])
def test_only_an_active_agreement_gives_a_grant(world: World, status: AgreementStatus) -> None:
    """A draft, a suspended and an ended one are told apart, and none answers."""
    grant = world.grant()
    assert world.stands(grant)
    world.change(status=status)
    assert not world.stands(grant)
    with pytest.raises(GrantRefused, match=f"DSA is {status.value.lower()}"):
        world.grant()


@pytest.mark.parametrize(
    ("first", "last", "answers"), [(0, 0, True), (-9, 0, True), (0, 9, True), (1, 9, False), (-9, -1, False)]
)
def test_an_agreement_answers_on_its_first_and_its_last_day(world: World, first: int, last: int, answers: bool) -> None:
    """Both days belong to it; the day before and the day after do not."""
    grant = world.grant()
    world.change(valid_from=today() + timedelta(days=first), valid_until=today() + timedelta(days=last))
    assert world.stands(grant) is answers
    if answers:
        assert world.grant().valid_until == today() + timedelta(days=last)
    else:
        with pytest.raises(GrantRefused, match="answers from"):
            world.grant()


def test_a_changed_agreement_or_client_makes_a_grant_stale(world: World) -> None:
    """Every change raises a revision; a grant made before it stands no longer, one made after it does."""
    for change in ({"title": "Another"}, {"revision": 7}):
        before = world.grant()
        world.change(**change)
        assert world.stands(before) is ("title" in change), "only the revision counts"
        assert world.stands(world.grant())
    before = world.grant()
    client = world.session.get_one(Client, "c")
    client.revision = 2
    world.session.commit()
    assert not world.stands(before)
    assert world.stands(world.grant())


def test_the_places_of_an_agreement_become_the_rows_of_its_grant(world: World) -> None:
    """Provinces and districts by code; a shape that a statement depends on, and parameters that it does not."""
    national = world.grant().rows
    assert (national.territory, national.region_ids) == (TerritoryKind.NATIONAL, ())
    world.change(territory_kind="PROVINCES", territory=["P1", "P0"])
    provinces = world.grant().rows
    assert provinces.region_codes == ("P1", "P0")
    assert len(provinces.region_ids) == 2
    assert provinces.shape == ("PROVINCES", False)
    world.change(territory_kind="DISTRICTS", territory=["P0D1"])
    grant = world.grant()
    assert grant.parameters()["grant_regions"] == list(grant.rows.region_ids)
    world.change(territory_kind="NONE", territory=[])
    assert world.grant().rows.territory is TerritoryKind.NONE


@pytest.mark.parametrize(
    ("kind", "codes"), [("PROVINCES", ["P0", "P9"]), ("PROVINCES", ["P0D0"]), ("DISTRICTS", ["P0"])]
)
def test_a_place_that_is_not_loaded_gives_no_grant(world: World, kind: str, codes: list[str]) -> None:
    """A place missing, or of another level, is never read as no limit or as fewer places."""
    world.change(territory_kind=kind, territory=codes)
    with pytest.raises(GrantRefused, match=f"not loaded as its {kind.lower()}: {codes[-1]}"):
        world.grant()


def test_a_cohort_is_a_programme(world: World) -> None:
    """The agreement's programme is named in the grant and handed to every statement."""
    assert world.grant().parameters()["grant_cohort"] is None
    world.change(cohort_id=2)
    grant = world.grant()
    assert grant.rows.cohort == Cohort(2, "NASHONUMA")
    assert grant.rows.shape == ("NATIONAL", True)
    assert grant.parameters()["grant_cohort"] == 2


async def test_a_cohort_that_is_gone_gives_no_grant() -> None:
    """The foreign key forbids it; should it happen all the same, it is not read as no cohort."""
    agreement = DataSharingAgreement(reference="DSA", cohort_id=99, territory=[], territory_kind="NATIONAL", bundles=[])
    agreement.status, agreement.valid_from, agreement.valid_until = AgreementStatus.ACTIVE, today(), today()
    client = Client(id="c", name="C", agreement=agreement, scopes=[], revision=1)
    agreement.title, agreement.purposes, agreement.revision = "t", [], 1

    class Empty:
        """A session that finds the client and no programme."""

        async def get(self, *_: object, **__: object) -> Client:
            return client

        async def scalar(self, *_: object) -> None:
            return None

    with pytest.raises(GrantRefused, match="cohort that does not exist"):
        await read_grant(Empty(), "c", [])  # type: ignore[arg-type]
