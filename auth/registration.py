"""Registering clients, on an ordinary session: for the sandbox and for the administration of agreements."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from auth.client_key import accepted_jwks
from auth.jose import is_name
from domain.agreement import Client, DataSharingAgreement
from domain.catalogue import Bundle, scopes_in_order
from domain.errors import BadInput

SECRET_BASIC = "client_secret_basic"  # noqa: S105
"""A client that shows a secret; its name in the metadata and in `Client.auth_method`."""

PRIVATE_KEY = "private_key_jwt"
"""A client that signs assertions with a key of its own."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")
_SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A client just registered. The secret is shown here and never again; a client with keys has none."""

    client_id: str
    secret: str | None = field(repr=False)


def register_client(
    session: Session,
    *,
    client_id: str,
    name: str,
    agreement: DataSharingAgreement,
    scopes: Iterable[str],
    secret: str | None = None,
    jwks: Mapping[str, Any] | None = None,
) -> RegisteredClient:
    """Register a client under an agreement and return its secret: the one given, or a new one of 256 random bits.

    With `jwks` the client signs assertions instead and has no secret. `scopes` are the most it may ever ask for; the
    agreement may give less. Raises `BadInput` for a client_id outside letters, digits and `._~-`, an unknown scope or
    none, a secret under 32 characters, both a secret and keys, or keys that `accepted_jwks` refuses.
    """
    if not _CLIENT_ID.fullmatch(client_id):
        raise BadInput("A client_id is 1 to 100 letters, digits and `._~-`, and begins with a letter or digit.")
    if secret is not None and jwks is not None:
        raise BadInput("A client has either a secret or keys. Give one of them.")
    client = Client(id=client_id, name=name, agreement=agreement, scopes=_known_scopes(scopes))
    if jwks is not None:
        client.auth_method, client.jwks = PRIVATE_KEY, accepted_jwks(jwks)
    else:
        secret = _strong(secret)
        client.auth_method, client.secret_digest = SECRET_BASIC, digest_of(secret)
    session.add(client)
    session.flush()
    return RegisteredClient(client_id, secret)


def replace_secret(client: Client, secret: str | None = None) -> RegisteredClient:
    """Give a registered client another secret: the one given, or a new one. Tokens that it holds run until they end.

    Raises `BadInput` for a client with keys, and for a secret under 32 characters.
    """
    if client.secret_digest is None:
        raise BadInput("This client signs with its own keys and has no secret.")
    shown = _strong(secret)
    client.secret_digest = digest_of(shown)
    return RegisteredClient(client.id, shown)


def digest_of(secret: str) -> str:
    """Return what is stored of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _strong(secret: str | None) -> str:
    if secret is None:
        return secrets.token_urlsafe(32)
    if not is_name(secret) or len(secret) < _SHORTEST_SECRET:
        raise BadInput(f"A secret is random and at least {_SHORTEST_SECRET} visible ASCII characters.")
    return secret


def _known_scopes(scopes: Iterable[str]) -> list[str]:
    try:
        bundles = frozenset(Bundle(name) for name in scopes)
    except ValueError as unknown:
        raise BadInput(f"No such scope: {unknown.args[0].split(' ')[0]}") from None
    if not bundles:
        raise BadInput("A client without scopes can ask for nothing. Name at least one.")
    return scopes_in_order(bundles)
