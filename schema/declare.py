"""How the schema declares a field: its meaning, the bundle that gives it, how it is answered. For schema/ only.

The bundle of an attribute is written at its column in the domain; the declarations here carry it into the
`@requiresScopes` directive, which the SDL shows and from which the visible schema is cut.
"""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import strawberry
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.schema_directive import Location

from domain.base import Base
from domain.catalogue import Bundle, attribute_of
from resolvers.answer import ANSWER_KEY, Answer, Derived, Group, ToOne, Value
from schema import codes as _codes  # noqa: F401 - the vocabularies are enums before any type names them


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.ARGUMENT_DEFINITION, Location.INPUT_FIELD_DEFINITION],
    description="The coordinate is granted by the bundle of this name, which is also the OAuth scope.",
)
class RequiresScopes:
    """The bundles that give a coordinate; every one of them is needed."""

    scopes: list[str]


def requires(*bundles: Bundle) -> list[object]:
    """Return the directives of a coordinate that `bundles` give; without any it is open to every caller."""
    return [RequiresScopes(scopes=[bundle.value for bundle in bundles])] if bundles else []


def declared(answer: Answer, meaning: str, *bundles: Bundle) -> Any:
    """Declare a field with an answer of its own."""
    return strawberry.field(description=meaning, directives=requires(*bundles), metadata={ANSWER_KEY: answer})


def shared(
    column: InstrumentedAttribute[Any],
    *,
    shown: Callable[[ColumnElement[Any]], ColumnElement[Any]] | None = None,
    stored: Callable[[Any, str], Any] | None = None,
    order: InstrumentedAttribute[Any] | None = None,
) -> Any:
    """Declare a leaf that is a shareable column: bundle and meaning come from the catalogue."""
    described = attribute_of(column)
    return declared(Value(column, shown, stored, order), described.meaning, described.bundle)


def open_to_all(column: InstrumentedAttribute[Any], meaning: str, *bundles: Bundle) -> Any:
    """Declare a leaf of reference data, or one that only the bundles of its surroundings give."""
    return declared(Value(column), meaning, *bundles)


def derived(
    expression: Callable[[Callable[[InstrumentedAttribute[Any]], ColumnElement[Any]]], ColumnElement[Any]],
    meaning: str,
    bundle: Bundle,
) -> Any:
    """Declare a leaf computed from columns of the same bundle."""
    return declared(Derived(expression), meaning, bundle)


def group(meaning: str) -> Any:
    """Declare an object that stands in the row of its parent; it is visible when one of its fields is."""
    return declared(Group(), meaning)


def to_one(
    entity: type[Base],
    here: InstrumentedAttribute[Any],
    there: InstrumentedAttribute[Any],
    meaning: str,
    *bundles: Bundle,
) -> Any:
    """Declare an object that is another row."""
    return declared(ToOne(entity, here, there), meaning, *bundles)


def unplanned() -> NoReturn:
    """The resolver of every field that the planner answers. Reaching it means that a second way to read has opened."""
    raise AssertionError("a planned field was executed")


def planned(resolver: Callable[..., Any], answer: Answer, meaning: str, bundles: Sequence[Bundle] = ()) -> Any:
    """Declare a field with arguments, named by the signature of `resolver`, which is never called."""
    return strawberry.field(
        resolver=resolver, description=meaning, directives=requires(*bundles), metadata={ANSWER_KEY: answer}
    )
