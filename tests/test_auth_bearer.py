"""Reading the bearer token of a request, and the challenges of RFC 6750 and RFC 9728."""

import pytest

from auth.bearer import HeaderMalformed, TokenMissing, bearer_token, challenge, insufficient_scope
from domain.errors import GrantRefused

METADATA = "https://nser.example/.well-known/oauth-protected-resource/graphql"
COMMON = f'realm="NSER registry API", resource_metadata="{METADATA}"'
OTHER = (b"accept", b"*/*")


@pytest.mark.parametrize("scheme", [b"Bearer", b"bearer", b"BEARER"])
def test_the_scheme_is_case_insensitive(scheme: bytes) -> None:
    """The token is what follows the scheme, and nothing of it is changed."""
    assert bearer_token([OTHER, (b"authorization", scheme + b" aB.c-_~+/="), OTHER]) == "aB.c-_~+/="
    assert bearer_token([(b"authorization", scheme + b"   token")]) == "token"


@pytest.mark.parametrize(
    "headers",
    [[], [OTHER], [(b"authorization", b"Basic eDp5")], [(b"authorization", b"DPoP t")], [(b"authorization", b"")]],
)
def test_a_request_without_a_bearer_token_is_challenged_without_an_error_code(
    headers: list[tuple[bytes, bytes]],
) -> None:
    """RFC 6750 3.1; the challenge says where tokens come from (RFC 9728 5.1)."""
    with pytest.raises(TokenMissing) as refused:
        bearer_token(headers)
    assert challenge(refused.value, METADATA) == (401, f"Bearer {COMMON}")


@pytest.mark.parametrize("value", [b"Bearer", b"Bearer ", b"Bearer t\xc3\xa9", b"Bearer " + b"t" * 8193])
def test_a_token_that_cannot_be_one_is_refused(value: bytes) -> None:
    """Empty, not ASCII, or longer than 8192 bytes; the longest that can be is read."""
    with pytest.raises(HeaderMalformed) as refused:
        bearer_token([(b"authorization", value)])
    assert challenge(refused.value, METADATA).status == 400
    assert bearer_token([(b"authorization", b"Bearer " + b"t" * 8192)]) == "t" * 8192


def test_two_authorization_headers_are_refused() -> None:
    """Nobody guesses which was meant, even when they are equal (RFC 6750 3.1: invalid_request)."""
    header = (b"authorization", b"Bearer token")
    assert bearer_token([header]) == "token"
    with pytest.raises(HeaderMalformed) as refused:
        bearer_token([header, OTHER, header])
    status, value = challenge(refused.value, METADATA)
    assert status == 400
    assert value.startswith('Bearer error="invalid_request", error_description="')


def test_a_refused_token_is_named_invalid_and_its_reason_is_quoted_safely() -> None:
    """A reason cannot break out of its quotes, nor bring a line break or a letter outside ASCII into a header."""
    status, value = challenge(GrantRefused('It "has"\\ expired\r\nX: é'), METADATA)
    assert status == 401
    assert value == f'Bearer error="invalid_token", error_description="It \'has\'? expired??X: ?", {COMMON}'


def test_a_lack_of_scope_names_all_scopes_that_are_needed() -> None:
    """Trap: Authlib's `InsufficientScopeError` sends no challenge."""
    status, value = insufficient_scope(["person:read", "person:birth"], METADATA)
    assert (status, value) == (403, f'Bearer error="insufficient_scope", scope="person:read person:birth", {COMMON}')
