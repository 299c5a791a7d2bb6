"""The page of errors: every code with its status, its meaning and what to do. Codes and statuses come from the code."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSyntaxError, Source

import auth
import domain
import resolvers
import schema
from auth import oauth_error
from domain.catalogue import Bundle
from domain.errors import Refusal
from resolvers.document import InvalidOperation
from schema.scopes import Needs
from server import graphql as endpoint
from server.answering import InsufficientScope
from server.errors import ErrorPage, HTTPRefusal
from server.reference.error_words import GRAPHQL, OAUTH
from server.reference.markdown import code, document, section, words

_INTRODUCTION = """\
A failed request to `/graphql` is answered with `errors`, each with a `message` for people and an `extensions.code`
for programs. The message says what, where and what to do, and never repeats a number or a name of a person. There
are no partial answers: with errors there is no `data`.

The status given here is that of the media type `application/graphql-response+json`. A client that does not ask for
it gets `application/json`, under which a bad document or a bad argument is answered with the status 200, as clients
of that type expect; every other refusal keeps its status."""

_COMMANDS = "The commands print the message of these on stderr and end with status 1. No request is answered with them."

_OAUTH = """\
`/oauth/token` answers as RFC 6749 section 5.2 says: `error` is one of these codes, and `error_description` is for
people. Until a secret or a signature has been checked, every failure is the same answer, so that nobody learns
which clients exist."""


def page() -> str:
    """Return the page of errors."""
    return document(
        "Errors",
        _INTRODUCTION,
        *(_error(name, statuses) for name, statuses in graphql_errors().items()),
        section("Errors of commands", _COMMANDS),
        *(section(code(kind.code), words(kind.__doc__), level=3) for kind in _refusals() if _is_of_commands(kind)),
        section("Errors of the token endpoint", _OAUTH),
        *(_oauth(name, statuses) for name, statuses in oauth_errors().items()),
    )


def command_codes() -> list[str]:
    """Return the codes of refusals that only commands meet."""
    return [kind.code for kind in _refusals() if _is_of_commands(kind)]


def graphql_errors() -> dict[str, list[int]]:
    """Return the codes that `/graphql` answers with, each with its statuses, as the error page renders them."""
    found: dict[str, list[int]] = {}
    page = ErrorPage("https://registry.example/.well-known/oauth-protected-resource/graphql")
    for example in _examples():
        rendered = page.render(example, legacy=False)
        name = orjson.loads(rendered.body)["errors"][0]["extensions"]["code"]
        statuses = found.setdefault(name, [])
        if rendered.status not in statuses:
            statuses.append(rendered.status)
            statuses.sort()
    # Not rendered: the page would log an error that nobody is to look for.
    return dict(sorted((found | {"INTERNAL_ERROR": [500]}).items()))


def oauth_errors() -> dict[str, list[int]]:
    """Return the codes of the token endpoint, each with its statuses."""
    examples: list[Any] = [
        oauth_error.request_refused(""),
        oauth_error.request_refused("", status=413),
        oauth_error.ClientRefused(),
        oauth_error.GrantTypeRefused(""),
        oauth_error.scope_refused(""),
        oauth_error.client_not_authorised(""),
    ]
    found: dict[str, list[int]] = {}
    for example in examples:
        found.setdefault(example.error, []).append(example.status_code)
    return found | {"temporarily_unavailable": [503], "server_error": [500]}


def _examples() -> Iterator[Exception]:
    """Yield a failure of each kind."""
    for kind in _refusals():
        if kind is InsufficientScope:
            scopes = [Bundle.PERSON_IDENTITY.value]
            yield InsufficientScope(Needs(scopes, {"Person.name": scopes}))
        elif not _is_of_commands(kind):
            yield kind("")
    yield InvalidOperation([GraphQLSyntaxError(Source(""), 0, "")])
    yield InvalidOperation([GraphQLError("")])
    for status in _http_statuses():
        yield HTTPRefusal(status, "")


def _http_statuses() -> list[int]:
    """Return the statuses with which the endpoint refuses what is no GraphQL request, read from its source."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(endpoint))) if isinstance(node, ast.Call)]
    raised = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "HTTPRefusal"]
    return sorted({ast.literal_eval(call.args[0]) for call in raised})


def _refusals() -> list[type[Refusal]]:
    """Return every kind of refusal of the program, in the order of their codes."""
    for package in (domain, auth, resolvers, schema):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return sorted(_below(Refusal), key=lambda kind: (kind.code, kind.__qualname__))


def _below(kind: type[Refusal]) -> set[type[Refusal]]:
    found = set()
    for each in kind.__subclasses__():
        found |= {each} | _below(each)
    return found


def _is_of_commands(kind: type[Refusal]) -> bool:
    """Tell whether only commands meet it: a refusal of a service of the domain, or of the scopes of `nser token`."""
    return kind.__module__ == "auth.scope" or (
        kind.__module__.startswith("domain.") and kind.__module__ != "domain.errors"
    )


def _error(name: str, statuses: list[int]) -> str:
    means, mend = GRAPHQL[name]
    return section(code(name), f"HTTP {_either(statuses)}. {means}", mend)


def _oauth(name: str, statuses: list[int]) -> str:
    means, mend = OAUTH[name]
    return section(code(name), f"HTTP {_either(statuses)}. {means}", mend, level=3)


def _either(statuses: list[int]) -> str:
    return " or ".join(map(str, statuses))
