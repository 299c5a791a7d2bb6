"""The issuer of access tokens: addresses, keys, and the one way to make and to check a token. server/ makes one.

Every address is built from the configured issuer, never from a request, so that a proxy in front changes nothing.
"""

import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from auth.assertion import Assertions
from auth.keyring import Keyring
from auth.scope import token_scopes
from auth.token import AccessTokens
from domain.agreement import Client
from domain.errors import GrantRefused

TOKEN_PATH = "/oauth/token"  # noqa: S105
JWKS_PATH = "/oauth/jwks"
RESOURCE_PATH = "/graphql"


class Authority:
    """One authorization server and its one protected resource, shared by every request of a process."""

    def __init__(self, engine: AsyncEngine, issuer: str, now: Callable[[], float] = time.time) -> None:
        """Serve as `issuer`, a URL of scheme, host and port only; raise `ValueError` for any other.

        `now` is the clock: seconds since 1970.
        """
        _require_origin(issuer)
        self.engine = engine
        self.issuer = issuer
        self.audience = issuer + RESOURCE_PATH
        self.token_endpoint = issuer + TOKEN_PATH
        self.jwks_uri = issuer + JWKS_PATH
        self.resource_metadata = f"{issuer}/.well-known/oauth-protected-resource{RESOURCE_PATH}"
        self.now = now
        self.keyring = Keyring(engine, now)
        self.tokens = AccessTokens(self.keyring, issuer, self.audience, now)
        self.assertions = Assertions((issuer, self.token_endpoint), now)

    async def start(self) -> None:
        """See to it that there is a signing key. Processes that start together make one between them."""
        await self.keyring.start()

    async def token_for(self, client_id: str, scopes: Sequence[str] | None = None) -> str:
        """Return a token for a client that need not prove itself: for whoever holds the database anyway.

        `None` asks for all scopes that are given. The rules are those of the token endpoint: raises `ScopeRefused`
        (a `BadInput`) and `GrantRefused`.
        """
        key = await self.keyring.newest()
        async with AsyncSession(self.engine) as session:
            client = await session.get(Client, client_id)
            if client is None:
                raise GrantRefused("There is no client of this name.")
            return self.tokens.sign(key, client.id, token_scopes(client, scopes))


def _require_origin(issuer: str) -> None:
    parts = urlsplit(issuer)
    if parts.scheme not in {"http", "https"} or not parts.hostname or issuer != f"{parts.scheme}://{parts.netloc}":
        raise ValueError("The base URL must be http(s)://host or http(s)://host:port, with nothing after it.")
