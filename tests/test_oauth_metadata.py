"""What the server says about itself: RFC 8414, RFC 9728 and the public keys."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from sqlalchemy.ext.asyncio import create_async_engine

from auth.authority import Authority
from domain.catalogue import Bundle
from tests.oauth_world import ISSUER, World, oauth_world


@pytest.fixture
async def world(new_database: Callable[[], str]) -> AsyncIterator[World]:
    """An issuer with its clients."""
    async with oauth_world(new_database) as world:
        yield world


async def _get(world: World, url: str) -> dict[str, Any]:
    async with world.http() as http:
        response = await http.get(url)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "public, max-age=300"
    content: dict[str, Any] = response.json()
    return content


async def test_the_issuers_metadata_name_what_exists_and_nothing_else(world: World) -> None:
    """RFC 8414: every address is the issuer's, every named endpoint answers, revocation is not promised."""
    metadata = await _get(world, get_well_known_url(ISSUER, external=True))
    assert metadata["issuer"] == ISSUER
    assert metadata["token_endpoint"] == f"{ISSUER}/oauth/token"
    assert metadata["grant_types_supported"] == ["client_credentials"]
    assert metadata["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "private_key_jwt"]
    assert metadata["token_endpoint_auth_signing_alg_values_supported"] == ["ES256", "PS256", "Ed25519", "EdDSA"]
    assert metadata["scopes_supported"] == [bundle.value for bundle in Bundle]
    assert {name for name in metadata if name.endswith(("_endpoint", "_uri"))} == {"token_endpoint", "jwks_uri"}
    assert await _get(world, metadata["jwks_uri"])


async def test_authlib_finds_the_issuers_metadata_sound(world: World) -> None:
    """Authlib's own reading of RFC 8414 agrees, but for the empty `response_types_supported`, which it wants filled."""
    metadata = await _get(world, "/.well-known/oauth-authorization-server")
    with pytest.raises(ValueError, match="response_types_supported"):
        AuthorizationServerMetadata(metadata).validate()
    AuthorizationServerMetadata(metadata | {"response_types_supported": ["code"]}).validate()


async def test_the_resources_metadata_lead_to_the_issuer(world: World) -> None:
    """RFC 9728: the resource is the audience of tokens, and its metadata lie where the challenge says."""
    metadata = await _get(world, world.authority.resource_metadata)
    assert metadata["resource"] == world.authority.audience == f"{ISSUER}/graphql"
    assert metadata["authorization_servers"] == [ISSUER]
    assert metadata["bearer_methods_supported"] == ["header"]


async def test_the_key_set_holds_public_keys_only(world: World) -> None:
    """Each key has its `kid`, use and algorithm, and no private member."""
    keys = (await _get(world, "/oauth/jwks"))["keys"]
    assert [sorted(key) for key in keys] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]
    assert (keys[0]["alg"], keys[0]["crv"], keys[0]["use"]) == ("ES256", "P-256", "sig")


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "nser.example",
        "ftp://nser.example",
        "https://",
        "https://nser.example/",
        "https://a/b",
        "https://a?b",
        "https://a#b",
    ],
)
def test_an_issuer_is_an_origin(issuer: str) -> None:
    """Addresses are built by appending to it, so that a path or a slash at the end would make them wrong."""
    engine = create_async_engine("postgresql+asyncpg://")
    with pytest.raises(ValueError, match="base URL"):
        Authority(engine, issuer)
    assert Authority(engine, "http://127.0.0.1:8000").audience == "http://127.0.0.1:8000/graphql"
