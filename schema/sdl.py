"""The schema as text (SDL), with `@requiresScopes` on every granted coordinate. For `nser schema` and the reference."""

import copy

from strawberry.printer import print_schema

from domain.catalogue import Bundle
from schema.registry import SCHEMA, full_schema
from schema.visible import visible_schema


def render(bundles: frozenset[Bundle] | None = None) -> str:
    """Return the SDL of the full schema, or of what `bundles` give of it."""
    if bundles is None:
        return print_schema(SCHEMA) + "\n"
    shown = copy.copy(SCHEMA)
    shown._schema = visible_schema(full_schema(), bundles)
    return print_schema(shown) + "\n"
