"""The page of scopes: each bundle in words with the coordinates that it opens, from the catalogue and the schema."""

from collections.abc import Iterator

from graphql import GraphQLInputObjectType, GraphQLObjectType

from domain.catalogue import WORDS, Bundle
from schema.registry import full_schema
from schema.visible import required_bundles
from server.partners import PARTNERS
from server.reference.markdown import code, codes, document, section, sentence, table

_INTRODUCTION = """\
A scope is a named bundle of attributes that a data-sharing agreement grants together. A token carries scopes; a
request sees what agreement, client and token all give.

A coordinate needs every scope that its row names. An object that needs none itself, such as `Person.education`, is
there as soon as one of its fields is. The filter and the order of an attribute need the scope of the attribute, so
they are not listed here; the exception is a filter by an identity number, which needs `lookup:cnic`. Whatever a
grant does not give is not in its schema: `nser schema --scopes "person:read"` prints what a set of scopes shows."""


def page() -> str:
    """Return the page of scopes."""
    return document("Scopes", _INTRODUCTION, _open_to_all(), *map(_scope, Bundle))


def _open_to_all() -> str:
    query = full_schema().query_type
    assert query is not None
    free = [name for name, field in query.fields.items() if not required_bundles(field)]
    return f"Every token may ask {codes(free)}, with any scope and whatever its rows."


def _scope(bundle: Bundle) -> str:
    opened = list(_opened(bundle))
    rows = table(("coordinate", "meaning"), ((code(name), meaning) for name, meaning in opened))
    none = "" if opened else "The schema has no coordinate under this scope yet."
    holders = [partner.client_id for partner in PARTNERS if bundle in partner.bundles]
    held = f"In the sandbox: {codes(holders)}." if holders else "No client of the sandbox holds it."
    return section(code(bundle.value), sentence(WORDS[bundle]), rows, none, held)


def _opened(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Yield the fields that need the bundle; for asking by an identity number also the filters that do."""
    for name, type_ in full_schema().type_map.items():
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            continue
        if isinstance(type_, GraphQLInputObjectType) and bundle is not Bundle.LOOKUP_CNIC:
            continue
        for field_name, field in type_.fields.items():
            if bundle in required_bundles(field):
                yield f"{name}.{field_name}", field.description or ""
