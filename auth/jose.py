"""Signed tokens that come from outside (JWS in compact form): the one place that meets a hostile token. For auth/ only.

joserfc's defaults are closed here: it would accept HS256 and RS256, parse nested JSON until Python's recursion limit,
cap the header at 512 bytes, and warn on every use of `EdDSA`. No key is ever taken from the token itself.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

MAX_TOKEN_LENGTH = 8192
"""The longest token that is looked at, in characters."""

SKEW = 10
"""Seconds by which another clock may be ahead of ours (FAPI 2.0 Security Profile 5.3.2.1)."""


class BadToken(Exception):
    """A token that cannot be trusted. The message says why in words that hold nothing of the token."""


_FULLY_SPECIFIED = {"EdDSA": "Ed25519"}
"""RFC 9864: under the older name joserfc would take Ed448 too, and warn."""


class _Registry(JWSRegistry):
    max_header_length = 2048

    def get_alg(self, name: str) -> JWSAlgModel:
        return super().get_alg(_FULLY_SPECIFIED.get(name, name))


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """A token that has been taken apart. Its claims are hearsay until `verified_by` has returned them."""

    text: str
    alg: str
    kid: str | None
    typ: str
    hearsay: dict[str, Any]

    def verified_by(self, key: Key) -> dict[str, Any]:
        """Return the claims if `key` signed them with the algorithm of the header; raise `BadToken` otherwise."""
        allowed = _FULLY_SPECIFIED.get(self.alg, self.alg)
        registry = _Registry(algorithms=(allowed,), strict_check_header=False)
        try:
            jws.deserialize_compact(self.text, key, registry=registry)
        except (JoseError, ValueError, TypeError, RecursionError):
            raise BadToken("its signature does not fit the key") from None
        return self.hearsay


def take_apart(text: str, algorithms: Collection[str]) -> UnverifiedToken:
    """Return the parts of a signed token whose `alg` is one of `algorithms`; raise `BadToken` for anything else."""
    segments = text.split(".")
    if len(text) > MAX_TOKEN_LENGTH or len(segments) != 3:
        raise BadToken("it is not a signed JWT in compact form")
    header, claims = _json_object(segments[0]), _json_object(segments[1])
    alg, kid, typ = header.get("alg"), header.get("kid"), header.get("typ", "")
    if not isinstance(alg, str) or alg not in algorithms:
        raise BadToken(f"its alg is not {' or '.join(sorted(algorithms))}")
    if not isinstance(kid, str | None) or not isinstance(typ, str) or "crit" in header or "b64" in header:
        raise BadToken("its header is malformed or asks for an extension")
    return UnverifiedToken(text, alg, kid, typ, claims)


def _json_object(segment: str) -> dict[str, Any]:
    try:
        value = orjson.loads(urlsafe_b64decode(segment.encode("ascii")))
    except ValueError:
        raise BadToken("it is not base64url of JSON") from None
    if not isinstance(value, dict):
        raise BadToken("it does not hold JSON objects")
    return value


def is_time(value: object) -> TypeGuard[float]:
    """Tell whether a claim is a NumericDate (RFC 7519): a finite number; true and false are none."""
    return not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value)


def is_name(value: object, longest: int = 255) -> TypeGuard[str]:
    """Tell whether a claim or parameter is 1 to `longest` printable ASCII characters, which any database takes."""
    return isinstance(value, str) and 0 < len(value) <= longest and value.isascii() and value.isprintable()
