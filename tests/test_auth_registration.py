"""Registering clients: what is stored, and what is refused."""

import hashlib
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from sqlalchemy.orm import Session

from auth.registration import RegisteredClient, digest_of, register_client, replace_secret
from domain.agreement import Client
from domain.errors import BadInput
from tests.oauth_world import SECRET, agreement

EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig", "alg": "ES256"}).as_dict(private=False)
RSA = RSAKey.generate_key(2048).as_dict(private=False)
ED = OKPKey.generate_key("Ed25519").as_dict(private=False)


def _register(session: Session, **changes: Any) -> RegisteredClient:
    options: dict[str, Any] = {"client_id": "c", "name": "C", "agreement": agreement(), "scopes": ["person:read"]}
    return register_client(session, **(options | changes))


def test_a_secret_is_shown_once_and_stored_as_a_digest(session: Session) -> None:
    """It has 256 random bits, so that a quick digest protects it; it does not appear in the object's text."""
    registered = _register(session)
    assert registered.secret is not None
    assert len(registered.secret) == 43
    assert registered.secret not in repr(registered)
    client = session.get_one(Client, "c")
    assert client.secret_digest == hashlib.sha256(registered.secret.encode()).hexdigest()
    assert (client.auth_method, client.jwks) == ("client_secret_basic", None)


def test_a_given_secret_is_kept(session: Session) -> None:
    """The sandbox names its own; scopes are stored in the catalogue's order."""
    assert _register(session, secret=SECRET, scopes=["person:birth", "person:read"]).secret == SECRET
    assert session.get_one(Client, "c").scopes == ["person:read", "person:birth"]


def test_keys_are_stored_with_their_public_members_only(session: Session) -> None:
    """Without a `kid` a key is named by its thumbprint (RFC 7638); what else the set says is left out."""
    assert _register(session, jwks={"keys": [EC | {"x5t": "abc"}, RSA, ED | {"alg": "EdDSA"}]}).secret is None
    session.expire_all()
    client = session.get_one(Client, "c")
    assert (client.auth_method, client.secret_digest) == ("private_key_jwt", None)
    assert client.jwks is not None
    assert [sorted(key) for key in client.jwks["keys"]] == [
        ["crv", "kid", "kty", "x", "y"],
        ["e", "kid", "kty", "n"],
        ["crv", "kid", "kty", "x"],
    ]
    assert client.jwks["keys"][0]["kid"] == "ec"
    assert client.jwks["keys"][1]["kid"] == RSAKey.import_key(RSA).thumbprint()


def test_a_secret_can_be_replaced_and_keys_cannot(session: Session) -> None:
    """The old secret is gone; a new one is as strong as the first, and given ones obey the same rule."""
    first = _register(session).secret
    client = session.get_one(Client, "c")
    second = replace_secret(client).secret
    assert second is not None
    assert second != first
    assert client.secret_digest == digest_of(second)
    assert replace_secret(client, SECRET).secret == SECRET
    with pytest.raises(BadInput, match="at least 32"):
        replace_secret(client, "")
    assert client.secret_digest == digest_of(SECRET)
    _register(session, client_id="k", name="K", agreement=client.agreement, jwks={"keys": [EC]})
    with pytest.raises(BadInput, match="no secret"):
        replace_secret(session.get_one(Client, "k"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": ""}, "client_id"),
        ({"client_id": "with:colon"}, "client_id"),
        ({"client_id": "é"}, "client_id"),
        ({"client_id": "c" * 101}, "client_id"),
        ({"scopes": []}, "without scopes"),
        ({"scopes": ["person:read", "no:such"]}, "No such scope: 'no:such'"),
        ({"secret": ""}, "at least 32"),
        ({"secret": "s" * 31}, "at least 32"),
        ({"secret": "é" * 40}, "ASCII"),
        ({"secret": SECRET, "jwks": {"keys": [EC]}}, "either a secret or keys"),
    ],
)
def test_a_registration_that_would_not_work_is_refused(session: Session, changes: dict[str, Any], words: str) -> None:
    """Each says what to mend, and leaves nothing behind."""
    with session.no_autoflush, pytest.raises(BadInput, match=words):
        _register(session, **changes)
    assert session.get(Client, "c") is None


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (None, "1 to 10 keys"),
        ([], "1 to 10 keys"),
        ([EC] * 11, "1 to 10 keys"),
        ([EC, EC], "same `kid`"),
        (["key"], "Key 1 is not"),
        ([EC, {"kty": "EC", "crv": "P-384"}], "Key 2 is not"),
        ([OctKey.generate_key(256).as_dict(private=True)], "Key 1 is not"),
        ([OKPKey.generate_key("Ed448").as_dict(private=False)], "Key 1 is not"),
        ([{"kty": [], "crv": {}}], "Key 1 is not"),
        ([ECKey.generate_key("P-256").as_dict(private=True)], "private members"),
        ([RSA | {"alg": "RS256"}], "something else than PS256"),
        ([EC | {"use": "enc"}], "something else than ES256"),
        ([EC | {"kid": ""}], "`kid` of key 1"),
        ([EC | {"kid": 7}], "`kid` of key 1"),
        ([{"kty": "EC", "crv": "P-256"}], "well-formed"),
        ([EC | {"x": EC["y"]}], "well-formed"),
    ],
)
def test_keys_that_could_not_prove_anything_are_refused(session: Session, keys: Any, words: str) -> None:
    """Each message names the key by its place; the same set with a good key is accepted."""
    with session.no_autoflush, pytest.raises(BadInput, match=words):
        _register(session, jwks={"keys": keys})
    assert _register(session, jwks={"keys": [EC]}).client_id == "c"


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_a_short_rsa_key_is_refused(session: Session) -> None:
    """Under 2048 bits it proves nothing today."""
    short = RSAKey.generate_key(1024).as_dict(private=False)
    with session.no_autoflush, pytest.raises(BadInput, match="RSA of 1024 bits"):
        _register(session, jwks={"keys": [short]})
    assert _register(session, jwks={"keys": [RSA]}).client_id == "c"
