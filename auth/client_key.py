"""The public keys of clients that sign assertions: which are accepted, and which one fits an assertion. For auth/.

The key decides the algorithm, never the assertion alone: P-256 signs ES256, RSA signs PS256, Ed25519 signs EdDSA
(under that name or, as RFC 9864 has it, `Ed25519`).
"""

from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import Key, RSAKey, import_key

from auth.jose import BadToken, is_name
from domain.errors import BadInput

ASSERTION_ALGORITHMS = ("ES256", "PS256", "Ed25519", "EdDSA")
"""With what a client may sign, as the metadata names it."""

_KINDS = {
    "ES256": ("EC", "P-256"),
    "PS256": ("RSA", None),
    "Ed25519": ("OKP", "Ed25519"),
    "EdDSA": ("OKP", "Ed25519"),
}
_PUBLIC = {"EC": ("kty", "crv", "x", "y"), "RSA": ("kty", "n", "e"), "OKP": ("kty", "crv", "x")}
_SECRET = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_RSA_BITS = range(2048, 8193)
_MOST_KEYS = 10


def accepted_jwks(jwks: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JWK set as it is stored: public members only, each key with a `kid` of its own (its thumbprint if none).

    Raises `BadInput` that names the key by its place in the set, for a private key, for one that fits none of
    `ASSERTION_ALGORITHMS`, and for RSA of fewer than 2048 or more than 8192 bits.
    """
    keys = jwks.get("keys")
    if not isinstance(keys, list) or not 1 <= len(keys) <= _MOST_KEYS:
        raise BadInput(f"A JWK set holds 1 to {_MOST_KEYS} keys in its member `keys`.")
    accepted = [_accepted_key(place, key) for place, key in enumerate(keys, 1)]
    if len({key["kid"] for key in accepted}) < len(accepted):
        raise BadInput("Two keys of the JWK set have the same `kid`. Give each its own.")
    return {"keys": accepted}


def key_for(jwks: Mapping[str, Any], alg: str, kid: str | None) -> Key:
    """Return the one registered key that fits the header of an assertion; raise `BadToken` for none or several."""
    fitting = [jwk for jwk in jwks["keys"] if _kind(jwk) == _KINDS[alg] and kid in (None, jwk["kid"])]
    if len(fitting) != 1:
        raise BadToken("no registered key, or more than one, fits its alg and kid")
    return import_key(fitting[0])


def _accepted_key(place: int, jwk: object) -> dict[str, Any]:
    if not isinstance(jwk, dict) or _kind(jwk) not in _KINDS.values():
        raise BadInput(f"Key {place} is not P-256, RSA or Ed25519.")
    if _SECRET & jwk.keys():
        raise BadInput(f"Key {place} holds private members. Register the public key, and keep the private one.")
    if jwk.get("alg") not in {None, *_algorithms(jwk)} or jwk.get("use", "sig") != "sig":
        raise BadInput(f"Key {place} is meant for something else than {' or '.join(_algorithms(jwk))} signatures.")
    if not is_name(jwk.get("kid", "-")):
        raise BadInput(f"The `kid` of key {place} is not 1 to 255 visible ASCII characters.")
    public = {member: jwk.get(member) for member in _PUBLIC[jwk["kty"]]}
    thumbprint = _sound(place, public).thumbprint()
    return public | {"kid": jwk.get("kid", thumbprint)}


def _sound(place: int, public: dict[str, Any]) -> Key:
    try:
        key = import_key(public)
    except (JoseError, ValueError, TypeError):
        raise BadInput(f"Key {place} is not a well-formed JWK.") from None
    if isinstance(key, RSAKey) and key.public_key.key_size not in _RSA_BITS:
        raise BadInput(f"Key {place} is RSA of {key.public_key.key_size} bits; 2048 to 8192 are accepted.")
    return key


def _kind(jwk: Mapping[str, Any]) -> tuple[object, object]:
    return jwk.get("kty"), jwk.get("crv")


def _algorithms(jwk: Mapping[str, Any]) -> list[str]:
    return [alg for alg in ASSERTION_ALGORITHMS if _KINDS[alg] == _kind(jwk)]
