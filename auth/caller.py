"""From a token to a grant: the one path. server/ asks `cached` first, and `resolve` when it knows nothing.

A cached grant is used without reading anything, because every statement that answers checks `still_stands` itself. An
answer that runs no statement must call `resolve`. A token is remembered until it expires, but not longer than the keys
are trusted (`keyring.KEYS_LIFE`): then it is verified again, and one whose key has been retired is refused.
"""

from collections import OrderedDict

from sqlalchemy.ext.asyncio import AsyncSession

from auth.authority import Authority
from domain.grant import Grant, read_grant

CAPACITY = 10_000
"""How many tokens a process remembers; the one not used for longest goes first."""


class Callers:
    """The grants of the tokens that this process has seen lately."""

    def __init__(self, authority: Authority, capacity: int = CAPACITY) -> None:
        self._authority = authority
        self._now = authority.now
        self._capacity = capacity
        self._known: OrderedDict[str, tuple[float, float, Grant]] = OrderedDict()

    def cached(self, token: str) -> Grant | None:
        """Return the grant of a token that was verified lately and still runs, or nothing; it never waits."""
        known = self._known.get(token)
        if known is None:
            return None
        since, until, grant = known
        if since <= self._now() < until:
            self._known.move_to_end(token)
            return grant
        del self._known[token]
        return None

    async def resolve(self, token: str) -> Grant:
        """Verify a token and read client and agreement anew; raise `GrantRefused` when they give no grant."""
        since = self._now()
        verified = await self._authority.tokens.verify(token)
        async with AsyncSession(self._authority.engine) as session:
            grant = await read_grant(session, verified.client_id, verified.scopes)
        self._known[token] = (since, verified.trusted_until, grant)
        self._known.move_to_end(token)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return grant

    def forget(self, token: str) -> None:
        """Forget a token whose grant a statement found stale; the next `resolve` reads everything anew."""
        self._known.pop(token, None)
