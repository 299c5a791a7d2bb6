"""Thousands of values in one parameter of a statement. Only intake and verification use it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Cast, Text, Uuid, cast, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import NullType


def many_ids(ids: Iterable[UUID | str]) -> Cast[Any]:
    """Return ids as one array, however many: the statement stays the same for every batch."""
    return _array(ids, ARRAY(Uuid))


def many_texts(texts: Iterable[str]) -> Cast[Any]:
    """Return form numbers or identity numbers as one array; neither can hold a quotation mark or a backslash."""
    return _array(texts, ARRAY(Text))


def _array(values: Iterable[UUID | str], kind: ARRAY[Any]) -> Cast[Any]:
    """The array is spelled here, since the driver looks at every element by itself, which takes it longer than the
    database needs for its look-up. The parameter has no type of its own: so it is an array as soon as it arrives, and
    the planner sees its length; were it text first, the planner would expect ten elements."""
    quoted = '","'.join(map(str, values))
    return cast(literal(f'{{"{quoted}"}}' if quoted else "{}", NullType()), kind)
