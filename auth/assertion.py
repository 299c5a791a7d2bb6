"""Client assertions (RFC 7523) that have been used, so that none is used twice, by any server process."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base


class UsedAssertion(Base):
    """A `jti` that a client has used, kept until the assertion would have expired anyway."""

    __tablename__ = "used_assertion"
    __table_args__ = (Index(None, "expires_at"),)

    client_id: Mapped[str] = mapped_column(primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
