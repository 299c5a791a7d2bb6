"""The grant: what one request may see. Made here from agreement, token and client; everything else only reads it.

A grant is read when the request arrives and checked once more inside the statement that answers it (`still_stands`),
so an agreement that is suspended or ends stops answering with the next statement, whatever tokens are still valid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Text, bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.agreement import AgreementStatus, Client, DataSharingAgreement, TerritoryKind
from domain.catalogue import Bundle
from domain.errors import GrantRefused
from domain.programme import Programme
from domain.region import DISTRICT, PROVINCE, Region

PAKISTAN = ZoneInfo("Asia/Karachi")
"""The registry's days begin and end at midnight in Pakistan; sessions of the database are set to this zone."""


def today() -> date:
    """Return the date in Pakistan."""
    return datetime.now(PAKISTAN).date()


@dataclass(frozen=True, slots=True)
class Cohort:
    """A limit to the persons whom a programme's rules hold eligible today."""

    programme_id: int
    code: str


@dataclass(frozen=True, slots=True)
class RowLimit:
    """Which rows a grant reaches. A place and a cohort narrow each other."""

    territory: TerritoryKind
    region_ids: tuple[int, ...] = ()
    region_codes: tuple[str, ...] = ()
    cohort: Cohort | None = None

    @property
    def shape(self) -> tuple[str, bool]:
        """The part of the limit that changes the statement rather than its parameters."""
        return self.territory.value, self.cohort is not None


@dataclass(frozen=True, slots=True)
class Grant:
    """What one request may see: agreement ∩ token ∩ client."""

    client_id: str
    client_name: str
    client_revision: int
    agreement_reference: str
    agreement_title: str
    agreement_revision: int
    purposes: tuple[str, ...]
    bundles: frozenset[Bundle]
    rows: RowLimit
    valid_until: date

    def parameters(self) -> dict[str, object]:
        """The parameters that `still_stands` and the row limits expect in every statement under this grant."""
        return {
            "grant_client": self.client_id,
            "grant_client_revision": self.client_revision,
            "grant_agreement_revision": self.agreement_revision,
            "grant_regions": list(self.rows.region_ids),
            "grant_cohort": self.rows.cohort.programme_id if self.rows.cohort else None,
        }


def still_stands() -> ColumnElement[bool]:
    """The condition, for use in any statement, that client and agreement are as they were when the grant was made."""
    return exists(
        select(1)
        .select_from(Client)
        .join(DataSharingAgreement, Client.agreement_id == DataSharingAgreement.id)
        .where(
            Client.id == bindparam("grant_client", type_=Text),
            Client.revision == bindparam("grant_client_revision", type_=Integer),
            Client.disabled_at.is_(None),
            DataSharingAgreement.revision == bindparam("grant_agreement_revision", type_=Integer),
            DataSharingAgreement.status == AgreementStatus.ACTIVE,
            func.current_date().between(DataSharingAgreement.valid_from, DataSharingAgreement.valid_until),
        )
        .correlate(None)
    )


async def read_grant(session: AsyncSession, client_id: str, token_scopes: Sequence[str]) -> Grant:
    """Return the grant of a client's token with `token_scopes`; raise `GrantRefused` when there is none."""
    client = await session.get(Client, client_id, populate_existing=True)
    if client is None or client.disabled_at is not None:
        raise GrantRefused("This client is not registered or has been disabled. Ask the agreement's focal point.")
    agreement = client.agreement
    require_in_force(agreement)
    return Grant(
        client_id=client.id,
        client_name=client.name,
        client_revision=client.revision,
        agreement_reference=agreement.reference,
        agreement_title=agreement.title,
        agreement_revision=agreement.revision,
        purposes=tuple(agreement.purposes),
        bundles=granted_bundles(client) & frozenset(map(_bundle, token_scopes)),
        rows=await _row_limit(session, agreement),
        valid_until=agreement.valid_until,
    )


def granted_bundles(client: Client) -> frozenset[Bundle]:
    """Return agreement ∩ client: the most that a token of this client can carry."""
    return frozenset(map(_bundle, client.agreement.bundles)) & frozenset(map(_bundle, client.scopes))


def require_in_force(agreement: DataSharingAgreement) -> None:
    """Raise `GrantRefused` unless the agreement is active and today lies within its validity."""
    if agreement.status is not AgreementStatus.ACTIVE:
        raise GrantRefused(f"The data-sharing agreement {agreement.reference} is {agreement.status.value.lower()}.")
    if not agreement.valid_from <= today() <= agreement.valid_until:
        raise GrantRefused(
            f"The data-sharing agreement {agreement.reference} answers from {agreement.valid_from} "
            f"to {agreement.valid_until}."
        )


def _bundle(name: str) -> Bundle:
    try:
        return Bundle(name)
    except ValueError:
        raise GrantRefused(f"{name!r} is not a bundle of this registry, so nothing is granted.") from None


async def _row_limit(session: AsyncSession, agreement: DataSharingAgreement) -> RowLimit:
    kind = TerritoryKind(agreement.territory_kind)
    ids = await _region_ids(session, kind, agreement) if agreement.territory else ()
    return RowLimit(kind, ids, tuple(agreement.territory), await _cohort(session, agreement))


async def _region_ids(session: AsyncSession, kind: TerritoryKind, agreement: DataSharingAgreement) -> tuple[int, ...]:
    level = PROVINCE if kind is TerritoryKind.PROVINCES else DISTRICT
    rows = await session.execute(
        select(Region.code, Region.id).where(Region.code.in_(agreement.territory), Region.level == level)
    )
    ids = dict(rows.all())
    missing = [code for code in agreement.territory if code not in ids]
    if missing:
        raise GrantRefused(
            f"The agreement {agreement.reference} names regions that are not loaded as its {kind.value.lower()}: "
            f"{', '.join(missing)}."
        )
    return tuple(sorted(ids.values()))


async def _cohort(session: AsyncSession, agreement: DataSharingAgreement) -> Cohort | None:
    if agreement.cohort_id is None:
        return None
    code = await session.scalar(select(Programme.code).where(Programme.id == agreement.cohort_id))
    if code is None:
        raise GrantRefused(f"The agreement {agreement.reference} names a cohort that does not exist.")
    return Cohort(agreement.cohort_id, code)
