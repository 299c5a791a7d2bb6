"""The sandbox: a client and an agreement for each kind of partner, and `sandbox.json`, which tells them. For the demo.

Secrets and agreements stay as they are from one start to the next; what differs from the partners' table is mended.
"""

import hmac
import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from auth.authority import RESOURCE_PATH, TOKEN_PATH
from auth.registration import digest_of, register_client, replace_secret
from domain.agreement import Client, DataSharingAgreement, TerritoryKind
from domain.catalogue import scopes_in_order
from domain.places import fullest_district, province_named
from domain.sample import numbers_within
from domain.signing import Terms, put_in_force
from server.partners import PARTNERS, Partner
from server.settings import Settings

LEGAL_BASIS = "None: an invented agreement of the sandbox, over synthetic people only."
_FROM, _UNTIL = date(2025, 1, 1), date(2099, 12, 31)


def open_sandbox(connection: Connection, data_dir: Path, base_url: str) -> dict[str, Any]:
    """See that the sandbox's clients and agreements stand, write `sandbox.json` if it differs, and return its content.

    The file is for the owner alone (0600): it holds the clients' secrets. Raises `BadInput` when the registry has no
    Punjab or no household in it.
    """
    file = data_dir / "sandbox.json"
    known = {client["client_id"]: client["client_secret"] for client in read_sandbox(data_dir).get("clients", [])}
    with Session(connection) as session:
        clients = [_client(session, partner, known.get(partner.client_id)) for partner in PARTNERS]
        session.flush()
    sandbox = {
        "base_url": base_url,
        "graphql_url": base_url + RESOURCE_PATH,
        "token_url": base_url + TOKEN_PATH,
        "clients": clients,
    }
    _write_if_different(file, orjson.dumps(sandbox, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return sandbox


def read_sandbox(data_dir: Path) -> dict[str, Any]:
    """Return the content of `sandbox.json` in a data folder; nothing when there is none that can be read."""
    try:
        content = orjson.loads((data_dir / "sandbox.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def base_url_of(settings: Settings, data_dir: Path) -> str:
    """Return the address that tokens are made for: NSER_BASE_URL, or that of the demo in this data folder."""
    if "base_url" in settings.model_fields_set or settings.database_url:
        return settings.base_url
    return str(read_sandbox(data_dir).get("base_url", settings.base_url))


def _client(session: Session, partner: Partner, known_secret: str | None) -> dict[str, Any]:
    agreement = put_in_force(session, _terms(session, partner))
    secret = _registered(session, partner, agreement, known_secret)
    return {
        "name": partner.name,
        "client_id": partner.client_id,
        "client_secret": secret,
        "scopes": scopes_in_order(partner.bundles),
        "agreement": agreement.reference,
        "territory": " ".join(agreement.territory) or agreement.territory_kind,
        "cohort": partner.cohort,
        "example": _example(session, partner, agreement),
    }


def _terms(session: Session, partner: Partner) -> Terms:
    return Terms(
        reference=f"SANDBOX-{partner.client_id.upper()}",
        title=partner.title,
        consumer=partner.consumer,
        legal_basis=LEGAL_BASIS,
        purposes=partner.purposes,
        bundles=partner.bundles,
        territory_kind=partner.territory,
        territory=_territory(session, partner.territory),
        cohort=partner.cohort,
        valid_from=_FROM,
        valid_until=_UNTIL,
    )


def _territory(session: Session, kind: TerritoryKind) -> list[str]:
    match kind:
        case TerritoryKind.PROVINCES:
            return [province_named(session, "Punjab").code]
        case TerritoryKind.DISTRICTS:
            return [fullest_district(session, province_named(session, "Punjab")).code]
    return []


def _registered(session: Session, partner: Partner, agreement: DataSharingAgreement, known_secret: str | None) -> str:
    """Return the client's secret: the known one while it is the registered one, or else a new one."""
    client = session.get(Client, partner.client_id)
    secret = known_secret or secrets.token_urlsafe(32)
    scopes = scopes_in_order(partner.bundles)
    if client is None:
        register_client(
            session,
            client_id=partner.client_id,
            name=partner.name,
            agreement=agreement,
            scopes=scopes,
            secret=secret,
        )
        return secret
    if not hmac.compare_digest(client.secret_digest or "", digest_of(secret)):
        replace_secret(client, secret)
    if client.scopes != scopes:
        client.scopes = scopes
        client.revision += 1
    return secret


def _example(session: Session, partner: Partner, agreement: DataSharingAgreement) -> dict[str, Any]:
    numbers = numbers_within(session, agreement, partner.numbers) if partner.numbers else []
    return {"query": " ".join(partner.query.split()), "variables": partner.variables(numbers)}


def _write_if_different(file: Path, content: bytes) -> None:
    """Replace the file in one step, so that whoever reads it sees the old content or the new."""
    if file.exists() and file.read_bytes() == content:
        file.chmod(0o600)
        return
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
    unfinished.replace(file)
