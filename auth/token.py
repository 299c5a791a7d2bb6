"""Access tokens: RFC 9068 JWTs that live 300 seconds, made and checked. For auth/ only.

Authlib's generator and validator are not used: the one reads the system's clock, takes RS256 and ten days as its
defaults and the client as the audience, and emits no `kid`; the other accepts a token without `typ`, and a
sender-constrained token as a bearer token.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from auth.jose import SKEW, BadToken, is_name, is_time, take_apart
from auth.keyring import ALGORITHM, Keyring
from domain.errors import GrantRefused

LIFETIME = 300
"""How long a token lives, in seconds."""

_TYPES = ("at+jwt", "application/at+jwt")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a verified token says."""

    client_id: str
    scopes: tuple[str, ...]
    trusted_until: float
    """When it must be verified again, in seconds since 1970: its end, or sooner when its key may have been retired."""


class AccessTokens:
    """The tokens of one issuer for one audience."""

    def __init__(self, keyring: Keyring, issuer: str, audience: str, now: Callable[[], float]) -> None:
        self._keyring = keyring
        self._issuer = issuer
        self._audience = audience
        self._now = now

    def sign(self, key: ECKey, client_id: str, scopes: Sequence[str]) -> str:
        """Return a token for a client with `scopes`, signed with `key`."""
        issued = int(self._now())
        claims = {
            "iss": self._issuer,
            "sub": client_id,
            "client_id": client_id,
            "aud": self._audience,
            "iat": issued,
            "exp": issued + LIFETIME,
            "jti": secrets.token_urlsafe(16),
            "scope": " ".join(scopes),
        }
        return jwt.encode({"alg": ALGORITHM, "typ": _TYPES[0], "kid": key.kid}, claims, key, [ALGORITHM])

    async def verify(self, text: str) -> AccessToken:
        """Return what a token says if it is one of ours, for this API, and still runs; raise `GrantRefused` if not."""
        try:
            claims = await self._verified_claims(text)
            self._check_addressing(claims)
            expires = self._check_times(claims)
        except BadToken as why:
            raise GrantRefused(
                f"This access token is not accepted: {why}. Ask the token endpoint for a new one."
            ) from None
        scopes = tuple(claims["scope"].split(" "))
        return AccessToken(claims["client_id"], scopes, min(expires, self._keyring.known_until))

    async def _verified_claims(self, text: str) -> dict[str, Any]:
        token = take_apart(text, (ALGORITHM,))
        if token.typ.lower() not in _TYPES:
            raise BadToken("its typ is not at+jwt")
        key = await self._keyring.find(token.kid)
        if key is None:
            raise BadToken("its kid is not a key of this server")
        return token.verified_by(key)

    def _check_addressing(self, claims: dict[str, Any]) -> None:
        if claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            raise BadToken("it was not issued by this server for this API")
        if "cnf" in claims:
            raise BadToken("it is bound to a key, so it is not a bearer token")
        if not is_name(claims.get("client_id")) or claims.get("sub") != claims["client_id"]:
            raise BadToken("it does not name one client as its subject")
        if not is_name(claims.get("jti")):
            raise BadToken("it has no jti")
        if not is_name(claims.get("scope"), longest=4096):
            raise BadToken("it has no scope")

    def _check_times(self, claims: dict[str, Any]) -> float:
        issued, expires, now = claims.get("iat"), claims.get("exp"), self._now()
        if not is_time(issued) or not is_time(expires):
            raise BadToken("it does not say from when until when it runs")
        if issued > now + SKEW or expires - issued > LIFETIME:
            raise BadToken("it runs from the future or for too long")
        if expires <= now:
            raise BadToken("it has expired")
        return expires
