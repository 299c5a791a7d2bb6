"""Client assertions (private_key_jwt, RFC 7523): their rules, and the record by which none is used twice. For auth/.

Authlib's own are not used: they accept RS256 and HS256, any lifetime and any list of audiences, and their errors tell
an unknown client from a wrong signature.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Index, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from auth.jose import SKEW, BadToken, is_name, is_time
from domain.base import Base

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""The only `client_assertion_type` (RFC 7523 2.2)."""

LONGEST = 300
"""How far ahead the `exp` of an assertion may lie, in seconds."""

_CLEANING = 60.0
_KEPT_AFTER_EXPIRY = 3600.0
"""Used assertions are kept an hour longer than they live, so that a clock set back does not bring one back to life."""


class UsedAssertion(Base):
    """A `jti` that a client has used, kept for an hour after its assertion has expired."""

    __tablename__ = "used_assertion"
    __table_args__ = (Index(None, "expires_at"),)

    client_id: Mapped[str] = mapped_column(primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class Assertions:
    """What one process needs to judge assertions: the audiences that mean this server, and a clock."""

    def __init__(self, audiences: tuple[str, ...], now: Callable[[], float]) -> None:
        self._audiences = audiences
        self._now = now
        self._cleaned_at = float("-inf")

    def accept(self, session: Session, client_id: str, claims: dict[str, Any]) -> None:
        """Use an assertion whose signature has been verified; raise `BadToken` if it breaks a rule or was used before.

        The use is recorded in the session's transaction. A second process that tries the same assertion waits for it.
        """
        self._check_addressing(client_id, claims)
        expires = self._check_times(claims)
        jti = claims.get("jti")
        if not is_name(jti):
            raise BadToken("its jti is not 1 to 255 visible ASCII characters")
        self._clean(session)
        if not _recorded(session, client_id, jti, expires):
            raise BadToken("its jti has been used before")

    def _check_addressing(self, client_id: str, claims: dict[str, Any]) -> None:
        if claims.get("iss") != client_id or claims.get("sub") != client_id:
            raise BadToken("its iss and sub are not the client_id")
        if claims.get("aud") not in [*self._audiences, *([audience] for audience in self._audiences)]:
            raise BadToken(f"its aud is not {self._audiences[0]}")

    def _check_times(self, claims: dict[str, Any]) -> float:
        now, expires = self._now(), claims.get("exp")
        if not is_time(expires) or not now < expires <= now + LONGEST:
            raise BadToken(f"its exp is missing, in the past or more than {LONGEST} seconds ahead")
        issued, begins = claims.get("iat", now), claims.get("nbf", now)
        if not is_time(issued) or not now - LONGEST - SKEW <= issued <= now + SKEW:
            raise BadToken(f"its iat is in the future or more than {LONGEST} seconds ago")
        if not is_time(begins) or begins > now + SKEW:
            raise BadToken("its nbf is in the future")
        return expires

    def _clean(self, session: Session) -> None:
        now = self._now()
        if now - self._cleaned_at >= _CLEANING:
            self._cleaned_at = now
            forgotten = datetime.fromtimestamp(now - _KEPT_AFTER_EXPIRY, UTC)
            session.execute(delete(UsedAssertion).where(UsedAssertion.expires_at < forgotten))


def _recorded(session: Session, client_id: str, jti: str, expires: float) -> bool:
    """Record a use; tell whether it is the first."""
    use = insert(UsedAssertion).values(client_id=client_id, jti=jti, expires_at=datetime.fromtimestamp(expires, UTC))
    return session.scalar(use.on_conflict_do_nothing().returning(UsedAssertion.jti)) is not None
