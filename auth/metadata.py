"""What the server says about itself to machines: RFC 8414 for the issuer, RFC 9728 for the resource. For auth/ only."""

from typing import Any

from auth.authority import Authority
from auth.client_key import ASSERTION_ALGORITHMS
from auth.token_endpoint import AUTHENTICATION_METHODS, ClientCredentials
from domain.catalogue import Bundle


def authorization_server(authority: Authority) -> dict[str, Any]:
    """Return the metadata of the authorization server (RFC 8414). It names nothing that does not exist."""
    return {
        "issuer": authority.issuer,
        "token_endpoint": authority.token_endpoint,
        "jwks_uri": authority.jwks_uri,
        "scopes_supported": _scopes(),
        # Required by RFC 8414 section 2, and empty: there is no authorization endpoint.
        "response_types_supported": [],
        "grant_types_supported": [ClientCredentials.GRANT_TYPE],
        "token_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "protected_resources": [authority.audience],
    }


def protected_resource(authority: Authority) -> dict[str, Any]:
    """Return the metadata of the GraphQL API as a protected resource (RFC 9728)."""
    return {
        "resource": authority.audience,
        "authorization_servers": [authority.issuer],
        "scopes_supported": _scopes(),
        "bearer_methods_supported": ["header"],
        "resource_name": "National Socio-Economic Registry",
    }


def _scopes() -> list[str]:
    return [bundle.value for bundle in Bundle]
