"""The signing keys as one server process knows them, read from the database and never older than a minute. For auth/.

Every process shares the keys. The newest signs; each that is not retired verifies. A key that is retired stops
verifying in every process within `KEYS_LIFE` seconds, and a key that another process made is known on first sight.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from joserfc.jwk import ECKey
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth.key import SigningKey

ALGORITHM = "ES256"
"""The algorithm of every access token."""

KEYS_LIFE = 60.0
"""Seconds after which the keys are read again, and so the longest that a retired key is honoured."""

KEYS_RETRY = 1.0
"""Seconds between two readings that tokens with an unknown `kid` can cause, however many of them arrive."""

_LOCK = 0x6E73_6572_6B65_79
"""The advisory lock under which the first key is made: `nserkey` in ASCII."""

_STANDING = text(
    "select kid, private_jwk from signing_key where retired_at is null order by created_at desc, kid"
).columns(SigningKey.kid, SigningKey.private_jwk)


class Keyring:
    """The keys that are not retired, the newest first."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], float]) -> None:
        self._engine = engine
        self._now = now
        self._keys: dict[str, ECKey] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def start(self) -> None:
        """Read the keys and make the first when there is none; processes that start together make one between them."""
        async with self._engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await self._read(connection)
            if not self._keys:
                await connection.execute(insert(SigningKey).values(**_new_key()))
                await self._read(connection)

    async def newest(self) -> ECKey:
        """Return the key that signs; it is made if every key has been retired."""
        await self._refresh(KEYS_LIFE)
        if not self._keys:
            await self.start()
        return next(iter(self._keys.values()))

    async def find(self, kid: str | None) -> ECKey | None:
        """Return the key named `kid`, or nothing when there is none or it has been retired."""
        await self._refresh(KEYS_LIFE)
        if kid not in self._keys:
            await self._refresh(KEYS_RETRY)
        return self._keys.get(kid) if kid else None

    async def public_keys(self) -> dict[str, Any]:
        """Return the JWK set that the world may see (RFC 7517): public members only."""
        await self._refresh(KEYS_LIFE)
        return {"keys": [key.as_dict(private=False) for key in self._keys.values()]}

    @property
    def known_until(self) -> float:
        """When what is known of the keys now is too old to be relied on, in seconds since 1970."""
        return self._read_at + KEYS_LIFE

    async def _refresh(self, age: float) -> None:
        if self._younger_than(age):
            return
        async with self._reading:
            if not self._younger_than(age):
                async with self._engine.connect() as connection:
                    await self._read(connection)

    def _younger_than(self, age: float) -> bool:
        return 0 <= self._now() - self._read_at < age

    async def _read(self, connection: AsyncConnection) -> None:
        at = self._now()
        rows = await connection.execute(_STANDING)
        self._keys = {kid: self._keys.get(kid) or ECKey.import_key(jwk) for kid, jwk in rows}
        self._read_at = at


def _new_key() -> dict[str, Any]:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    return {"kid": key.kid, "private_jwk": key.as_dict(private=True)}
