"""Parameters of a plan: where each value of a statement comes from when the plan is bound to a request.

A plan never holds a value of a variable. It holds, for each parameter, a function of the `Binding` of one request.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.types import TypeEngine

from domain.errors import BadInput
from resolvers.cursor import CursorKey
from resolvers.inputs import Leaf, Null, Variables
from resolvers.known import Known

LONGEST_LIST = 1000
"""The most values that one list of an argument may have, and the most rows that one page may ask for."""


@dataclass(slots=True)
class Binding:
    """One request: its variables, the parameters of its grant, and the key of its cursors."""

    variables: Variables
    grant: dict[str, object]
    client_id: str
    cursor_key: CursorKey
    nonce: str
    cursors: dict[Any, Sequence[Any]] = field(default_factory=dict)


Getter = Callable[[Binding], Any]
Stored = Callable[[Any], Any] | None
"""Turns a given value into the stored one, or raises `ValueError` with a sentence; none where they are the same."""


class Parameters:
    """The parameters of one statement, named in the order in which the planner asks for them."""

    def __init__(self) -> None:
        self.getters: dict[str, Getter] = {}
        self.known = Known()
        self.by_value = False
        """Whether a filter compares a column with a value of the caller."""

    def bind(self, getter: Getter, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """Return a parameter of the statement whose value `getter` gives when the plan is bound."""
        name = f"p{len(self.getters)}"
        self.getters[name] = getter
        return bindparam(name, type_=type_)

    def value(self, where: str, leaf: Leaf, stored: Stored, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """Return a parameter for one value of an argument."""
        return self.bind(lambda binding: _stored(where, [leaf.read(binding.variables)], stored)[0], type_)

    def values(self, where: str, leaf: Leaf, stored: Stored, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """Return a parameter for a list of values, which is neither empty nor longer than the limit."""
        return self.bind(
            lambda binding: _stored(where, required_list(where, leaf.read(binding.variables)), stored), type_
        )

    def page_size(self, where: str, argument: Any, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """Return a parameter for a number of rows from 1 to the longest page."""
        leaf = required_leaf(where, argument)
        return self.bind(lambda binding: _page_size(where, leaf.read(binding.variables)), type_)


def required_leaf(where: str, argument: Any) -> Leaf:
    """Return the argument as a leaf; raise `BadInput` when it is null, which selects nothing and means nothing."""
    if isinstance(argument, Null):
        raise null_refused(where)
    return argument  # type: ignore[no-any-return]


def null_refused(where: str) -> BadInput:
    """Return the refusal of an explicit null."""
    return BadInput(f"{where}: null is not a condition. Leave the field out, or use isNull.", coordinate=where)


def required_list(where: str, values: Any) -> list[Any]:
    """Return the list; raise `BadInput` when it is empty or too long."""
    if not values:
        raise BadInput(f"{where}: the list is empty. An empty list is never read as all.", coordinate=where)
    if len(values) > LONGEST_LIST:
        raise BadInput(
            f"{where}: the list has {len(values)} values; at most {LONGEST_LIST} are taken.", coordinate=where
        )
    found: list[Any] = values
    return found


def _stored(where: str, given: list[Any], stored: Stored) -> list[Any]:
    if None in given:
        raise null_refused(where)
    try:
        return [stored(value) for value in given] if stored is not None else given
    except ValueError as refused:
        raise BadInput(f"{where}: {refused}.", coordinate=where) from None


def _page_size(where: str, size: Any) -> int:
    if not isinstance(size, int) or not 1 <= size <= LONGEST_LIST:
        raise BadInput(f"{where}: a page has 1 to {LONGEST_LIST} rows.", coordinate=where)
    return size
