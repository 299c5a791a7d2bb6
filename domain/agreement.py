"""Data-sharing agreements and the clients that act under them: what a grant is made of."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.base import Base, coded
from domain.codes import Code


class AgreementStatus(Code):
    """Where an agreement stands; only an active one answers."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


class TerritoryKind(StrEnum):
    """How an agreement limits rows by place. There is no kind that means everything by leaving something empty."""

    NONE = "NONE"
    """No rows of people or households at all: figures, administration, the record."""
    NATIONAL = "NATIONAL"
    PROVINCES = "PROVINCES"
    DISTRICTS = "DISTRICTS"


class DataSharingAgreement(Base):
    """What two agencies signed: which attributes, which rows, for what purpose, from when until when."""

    __tablename__ = "data_sharing_agreement"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("cardinality(purposes) >= 1", name="purposes"),
        CheckConstraint("territory_kind in ('NONE', 'NATIONAL', 'PROVINCES', 'DISTRICTS')", name="territory_kind"),
        CheckConstraint(
            "(territory_kind in ('PROVINCES', 'DISTRICTS')) = (cardinality(territory) >= 1)", name="territory"
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    consumer: Mapped[str]
    """The agency that asks."""
    legal_basis: Mapped[str]
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    bundles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The names of the bundles granted; a name outside the catalogue makes the agreement unusable."""
    territory_kind: Mapped[str]
    territory: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Codes of the provinces or districts, empty for the other kinds."""
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    """The programme whose eligible persons are the rows, empty for no such limit."""
    status: Mapped[AgreementStatus] = mapped_column(coded(AgreementStatus))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    """The last day on which it answers."""
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    """Rises with every change, so that a grant made from an earlier state is known to be stale."""


class Client(Base):
    """A partner's system, acting under one agreement."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("auth_method in ('client_secret_basic', 'private_key_jwt')", name="auth_method"),
        CheckConstraint("(auth_method = 'client_secret_basic') = (secret_digest is not null)", name="secret"),
        CheckConstraint("(auth_method = 'private_key_jwt') = (jwks is not null)", name="jwks"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    """The OAuth `client_id`."""
    name: Mapped[str] = mapped_column(unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("data_sharing_agreement.id"))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What this client may ask for at most; the agreement may give less."""
    auth_method: Mapped[str]
    secret_digest: Mapped[str | None]
    """SHA-256 (hex) of a secret of 256 random bits. A slow hash protects guessable secrets; this one is not."""
    jwks: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The client's public keys, a JWK set."""
    disabled_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default=text("1"))

    agreement: Mapped[DataSharingAgreement] = relationship(lazy="joined")
