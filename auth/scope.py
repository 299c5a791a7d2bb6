"""Which scopes a token may carry: the same rules for the token endpoint and for the `nser token` command. For auth/."""

from collections.abc import Sequence

from domain.agreement import Client
from domain.catalogue import Bundle, scopes_in_order
from domain.errors import BadInput, GrantRefused
from domain.grant import granted_bundles, require_in_force

_KNOWN = frozenset(bundle.value for bundle in Bundle)


class ScopeRefused(BadInput):
    """A scope that does not exist, or that agreement or client do not give; the message names it."""

    code = "INVALID_SCOPE"


def token_scopes(client: Client, requested: Sequence[str] | None) -> list[str]:
    """Return the scopes of a new token, in the catalogue's order: those requested, or all that are given for `None`.

    Nothing is dropped in silence: raises `ScopeRefused` when a requested scope is not given, and `GrantRefused` when
    the client is disabled, its agreement is not in force, or nothing is given at all.
    """
    if client.disabled_at is not None:
        raise GrantRefused("This client has been disabled. Ask the agreement's focal point.")
    require_in_force(client.agreement)
    given = granted_bundles(client)
    if not given:
        raise GrantRefused(f"The data-sharing agreement {client.agreement.reference} gives this client no scope.")
    if requested is None:
        return scopes_in_order(given)
    return scopes_in_order(frozenset(_each_given(requested, given, client)))


def _each_given(requested: Sequence[str], given: frozenset[Bundle], client: Client) -> list[Bundle]:
    if not requested or not all(requested):
        raise ScopeRefused("The scope is empty or malformed. Name scopes with one space between them, or leave it out.")
    if unknown := [name for name in requested if name not in _KNOWN]:
        raise ScopeRefused(f"No such scope: {' '.join(unknown)}")
    if refused := [name for name in requested if name not in given]:
        raise ScopeRefused(
            f"Not given to this client under the agreement {client.agreement.reference}: {' '.join(refused)}"
        )
    return [Bundle(name) for name in requested]
