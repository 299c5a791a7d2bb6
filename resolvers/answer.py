"""How each field of the schema is answered: what a declaration in schema/ says and the planner reads.

A field of the schema carries one answer in its metadata. The same object serves the field, the filter and the order
that are derived from it, so that all three read one column under one bundle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from graphql import GraphQLArgument, GraphQLField, GraphQLInputField
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from domain.base import Base

ANSWER_KEY = "answer"
"""The key under which a Strawberry field's metadata holds its answer."""

Column: TypeAlias = InstrumentedAttribute[Any]
Read: TypeAlias = Callable[[Column], ColumnElement[Any]]
"""Reads a mapped column of the row at hand."""


@dataclass(frozen=True, slots=True)
class Value:
    """A leaf that is one column of the row, or of a row that stands one to one beside it."""

    column: Column
    shown: Callable[[ColumnElement[Any]], ColumnElement[Any]] | None = None
    """How the stored value is shown, where it is stored in another unit."""
    stored: Callable[[Any, str], Any] | None = None
    """How a filter's value becomes the stored one, given the operator; raises `ValueError` with a sentence."""
    order: Column | None = None
    """The column that an order by this field reads, where it is not the column itself."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A leaf computed from columns of the row, all given by the bundle of the field."""

    expression: Callable[[Read], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Group:
    """An object whose fields stand in the row of its parent."""


@dataclass(frozen=True, slots=True)
class ToOne:
    """An object that is another row."""

    entity: type[Base]
    here: Column
    there: Column


@dataclass(frozen=True, slots=True)
class ToMany:
    """A list of the rows that point here, in the order given unless the caller asks for another."""

    entity: type[Base]
    here: Column
    there: Column
    order: tuple[Column, ...]
    only: Callable[[Read], ColumnElement[bool]] | None = None
    own: bool = False
    """Whether the rows say something about the very subject they hang on, so that they are visible whenever it is."""


@dataclass(frozen=True, slots=True)
class Page:
    """A root connection over an entity, in keyset pages."""

    entity: type[Base]
    only: Callable[[Read], ColumnElement[bool]] | None = None
    """What makes a row belong to this connection."""
    eligible_for: str | None = None
    """The programme whose eligible persons make up this connection."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A root list of all rows of a small reference table."""

    entity: type[Base]
    order: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A root object found by a key that the caller holds. Two rows under one key are an error."""

    entity: type[Base]
    argument: str
    columns: tuple[Column, ...]
    parse: Callable[[Any, str], Any] | None = None
    """How the argument becomes the stored value, given the operator `eq`; raises `ValueError` with a sentence."""


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """The root list that tells for each of many numbers what the person and the household are enrolled in."""


class Special(Enum):
    """Filters that are not the field of a type."""

    WITHIN = "within"
    """The region, or a region in which it lies, bears one of these codes."""
    ELIGIBLE = "isEligibleFor"
    """The rules of the named programme hold the person, or a member of the household, eligible today."""


Answer: TypeAlias = Value | Derived | Group | ToOne | ToMany | Page | Listing | Lookup | CrossCheck | Special


def answer_of(coordinate: GraphQLField | GraphQLInputField | GraphQLArgument) -> Answer | None:
    """Return the answer that a field of the schema carries, or none where it is executed (introspection, `viewer`)."""
    definition = (coordinate.extensions or {}).get("strawberry-definition")
    metadata = getattr(definition, "metadata", None) or {}
    answer: Answer | None = metadata.get(ANSWER_KEY)
    return answer
