"""Cursors: sealed places in an order. Opaque and authenticated, so nobody reads a value in one or makes one up.

Sealing is deterministic (AES-SIV, RFC 5297): the same place in the same order gives the same client the same cursor.
The order and the client are sealed in as associated data, so a cursor of another order or client is refused.
"""

import base64
import binascii
import json
import re
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import BadInput

_LONGEST = 2_000
_MARK = re.compile(rb"(\d+)x([0-9a-f]+)")


class CursorKey:
    """The key with which a server, and every other server with the same secret, seals cursors."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(hashes.SHA256(), 64, salt=None, info=b"nser page cursors").derive(secret.encode())
        self._cipher = AESSIV(derived)

    def seal(self, place: bytes, order: str, client_id: str) -> bytes:
        """Return the cursor of a place, given as the JSON array of its key values."""
        return base64.urlsafe_b64encode(self._cipher.encrypt(place, [order.encode(), client_id.encode()])).rstrip(b"=")

    def open(self, cursor: str, order: str, client_id: str) -> list[Any]:
        """Return the key values of a cursor; raise `BadInput` unless it was sealed for this order and client."""
        try:
            if len(cursor) > _LONGEST:
                raise ValueError
            sealed = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True)
            place = self._cipher.decrypt(sealed, [order.encode(), client_id.encode()])
        except (ValueError, InvalidTag, binascii.Error):
            raise BadInput(
                "after: this is not a cursor of this order. Use a cursor of an earlier page with the same orderBy, "
                "fetched by the same client.",
                coordinate="after",
            ) from None
        values: list[Any] = json.loads(place)
        return values


def seal_all(body: bytes, nonce: str, orders: dict[str, str], key: CursorKey, client_id: str) -> bytes:
    """Replace every place that the statement marked with `nonce` by its sealed cursor.

    A mark is the nonce, the number of the page and the place in hexadecimal; nothing stored in the registry can look
    like one, because the nonce is drawn anew for every request.
    """
    first, *rest = body.split(nonce.encode())
    return b"".join([first, *(_sealed(part, orders, key, client_id) for part in rest)])


def _sealed(part: bytes, orders: dict[str, str], key: CursorKey, client_id: str) -> bytes:
    mark = _MARK.match(part)
    assert mark is not None, "a mark has a place"
    return key.seal(bytes.fromhex(mark[2].decode()), orders[mark[1].decode()], client_id) + part[mark.end() :]
