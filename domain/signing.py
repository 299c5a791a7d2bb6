"""Writing down a data-sharing agreement, for the sandbox and the administration; nothing else writes one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.agreement import AgreementStatus, DataSharingAgreement, TerritoryKind
from domain.catalogue import Bundle, scopes_in_order
from domain.errors import BadInput
from domain.programme import Programme


@dataclass(frozen=True, slots=True)
class Terms:
    """What two agencies agree on. `cohort` is the code of a programme, or None for no such limit."""

    reference: str
    title: str
    consumer: str
    legal_basis: str
    purposes: Sequence[str]
    bundles: frozenset[Bundle]
    territory_kind: TerritoryKind
    territory: Sequence[str]
    cohort: str | None
    valid_from: date
    valid_until: date


def agreement_of(session: Session, reference: str) -> DataSharingAgreement:
    """Return the agreement with this reference; raise `BadInput` when there is none."""
    found = _found(session, reference)
    if found is None:
        raise BadInput("There is no data-sharing agreement with this reference.")
    return found


def put_in_force(session: Session, terms: Terms) -> DataSharingAgreement:
    """Make the agreement of these terms stand, active: a new one, or the one of its reference brought to the terms.

    The revision rises only when something changes. Raises `BadInput` for a cohort that is no programme.
    """
    columns = _columns(session, terms)
    standing = _found(session, terms.reference)
    if standing is None:
        standing = DataSharingAgreement(**columns)
        session.add(standing)
    elif changed := {name: value for name, value in columns.items() if getattr(standing, name) != value}:
        for name, value in changed.items():
            setattr(standing, name, value)
        standing.revision += 1
    session.flush()
    return standing


def _found(session: Session, reference: str) -> DataSharingAgreement | None:
    return session.scalar(select(DataSharingAgreement).where(DataSharingAgreement.reference == reference))


def _columns(session: Session, terms: Terms) -> dict[str, object]:
    columns = asdict(terms)
    cohort = columns.pop("cohort")
    return columns | {
        "purposes": list(terms.purposes),
        "bundles": scopes_in_order(terms.bundles),
        "territory_kind": terms.territory_kind.value,
        "territory": list(terms.territory),
        "cohort_id": _programme_id(session, cohort) if cohort else None,
        "status": AgreementStatus.ACTIVE,
    }


def _programme_id(session: Session, code: str) -> int:
    found = session.scalar(select(Programme.id).where(Programme.code == code))
    if found is None:
        raise BadInput(f"There is no programme {code}. Run `nser migrate`, which installs the known ones.")
    return found
