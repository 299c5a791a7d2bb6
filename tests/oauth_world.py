"""A small world for the tests of auth/: an issuer on a database of its own, a clock that can be moved, and clients."""

import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64encode
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import Session
from starlette.applications import Starlette

from auth.application import oauth_routes
from auth.assertion import ASSERTION_TYPE
from auth.authority import Authority
from auth.registration import register_client
from domain.agreement import AgreementStatus, DataSharingAgreement
from domain.grant import today
from server.settings import sqlalchemy_url

ISSUER = "https://nser.example"
SECRET = "a-secret-that-only-the-tests-know-0123456789"
GIVEN = ["person:read", "person:identity", "eligibility:read"]
"""What the agreement of this world gives to its clients, in the catalogue's order."""

KEYS: dict[str, Key] = {
    "ES256": ECKey.generate_key("P-256", {"kid": "ec"}),
    "PS256": RSAKey.generate_key(2048, {"kid": "rsa"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "ed"}),
}


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.time = float(int(time.time()))

    def __call__(self) -> float:
        return self.time


@dataclass
class World:
    """One issuer, its clients `partner` (a secret), `signer` (keys) and `other` (keys), and one agreement."""

    url: str
    engine: AsyncEngine
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.authority = self.another_process()
        self.app = Starlette(routes=oauth_routes(self.authority))

    def another_process(self) -> Authority:
        """Return a second issuer on the same database, as another server process would have it."""
        return Authority(self.engine, ISSUER, self.clock)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """Yield an ordinary session and commit what was done in it."""
        engine = create_engine(sqlalchemy_url(self.url, "psycopg"))
        with Session(engine) as session, session.begin():
            yield session
        engine.dispose()

    def http(self, app: Starlette | None = None) -> httpx2.AsyncClient:
        """Return an HTTP client of the OAuth server."""
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app or self.app), base_url=ISSUER)

    async def ask(self, *, secret: str = SECRET, client: str = "partner", **form: str) -> httpx2.Response:
        """Ask for a token by client_secret_basic."""
        async with self.http() as http:
            data = {"grant_type": "client_credentials", **form}
            return await http.post("/oauth/token", data=data, auth=(client, secret))

    async def assert_with(self, assertion: str, app: Starlette | None = None, **form: str) -> httpx2.Response:
        """Ask for a token by private_key_jwt."""
        data = {"grant_type": "client_credentials", "client_assertion": assertion}
        data |= {"client_assertion_type": ASSERTION_TYPE, **form}
        async with self.http(app) as http:
            return await http.post("/oauth/token", data=data)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return the claims of a good assertion of `signer` with `changes`; a change to `None` leaves the claim out."""
        now = int(self.clock())
        good = {
            "iss": "signer",
            "sub": "signer",
            "aud": ISSUER,
            "iat": now,
            "exp": now + 60,
            "jti": f"jti-{time.time_ns()}",
        }
        return {name: value for name, value in (good | changes).items() if value is not None}


def signed(claims: object, key: Key = KEYS["ES256"], alg: str = "ES256", **header: Any) -> str:
    """Return any claims signed under any header, right or wrong."""
    content = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    message = segment({"alg": alg, **header}) + b"." + urlsafe_b64encode(content)
    return (message + b"." + urlsafe_b64encode(JWSRegistry.algorithms[alg].sign(message, key))).decode()


def segment(value: object) -> bytes:
    """Return one segment of a compact JWS: base64url of JSON."""
    return urlsafe_b64encode(json.dumps(value).encode())


def agreement(**changes: Any) -> DataSharingAgreement:
    """Return a new agreement, in force today, that gives `GIVEN` and a bundle that its clients do not ask for."""
    stated = {
        "reference": "DSA-1",
        "title": "An agreement",
        "consumer": "A department",
        "legal_basis": "A law",
        "purposes": ["targeting"],
        "bundles": [*GIVEN, "household:score"],
        "territory_kind": "NATIONAL",
        "territory": [],
        "status": AgreementStatus.ACTIVE,
        "valid_from": today() - timedelta(days=1),
        "valid_until": today() + timedelta(days=1),
    }
    return DataSharingAgreement(**(stated | changes))


@contextlib.asynccontextmanager
async def oauth_world(new_database: Callable[[], str]) -> AsyncIterator[World]:
    """Yield a started issuer with its clients, on a fresh database."""
    url = new_database()
    engine = create_async_engine(sqlalchemy_url(url, "asyncpg"))
    world = World(url, engine)
    with world.session() as session:
        signed_agreement = agreement()
        asked = [*GIVEN, "person:maternal"]
        jwks = {"keys": [key.as_dict(private=False) for key in KEYS.values()]}
        register_client(
            session, client_id="partner", name="Partner", agreement=signed_agreement, scopes=asked, secret=SECRET
        )
        register_client(session, client_id="signer", name="Signer", agreement=signed_agreement, scopes=asked, jwks=jwks)
        other = {"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}
        register_client(session, client_id="other", name="Other", agreement=signed_agreement, scopes=asked, jwks=other)
    await world.authority.start()
    yield world
    await engine.dispose()
