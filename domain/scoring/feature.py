"""What a feature of a scorecard is. `features` and `roster` declare them, `scorecard_file` and `score` read them.

A feature is one fact of a household that a scorecard may give points for. It has a name (lower-case words joined by
`_`), a meaning in words, and an SQL expression over a statement that is grouped by household (see `score`). Its value
is null when an answer that it needs is missing: such a household is not scored, rather than guessed at.

A *choice* has a closed set of answers, spelt as the survey file spells them. A *number* is never negative; a scorecard
cuts it into ranges.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Double, Text, cast

from domain.codes import Code


@dataclass(frozen=True, slots=True)
class Feature:
    """One fact of a household that a scorecard may give points for."""

    name: str
    meaning: str
    expression: ColumnElement[Any]
    answers: tuple[str, ...] | None
    """Every answer of a choice, as the survey file spells it; empty for a number."""


FLAG = ("true", "false")
"""The answers of a feature that is asked with yes or no."""


def spellings(vocabulary: type[Code]) -> tuple[str, ...]:
    """Return how the survey file spells the members of a vocabulary."""
    return tuple(code.value.lower() for code in vocabulary)


Declared = Callable[[], ColumnElement[Any]]


class Catalogue(dict[str, Feature]):
    """Features by name, in the order in which they were declared."""

    def number(self, build: Declared) -> Declared:
        """Declare a number: name, meaning and expression are the function's name, docstring and result."""
        self._declare(build, cast(build(), Double), None)
        return build

    def choice(self, *answers: str) -> Callable[[Declared], Declared]:
        """Declare a choice among `answers`; the expression's value in lower case is one of them."""

        def declare(build: Declared) -> Declared:
            self._declare(build, cast(build(), Text), answers)
            return build

        return declare

    def _declare(self, build: Declared, expression: ColumnElement[Any], answers: tuple[str, ...] | None) -> None:
        name = build.__name__
        self[name] = Feature(name, " ".join((build.__doc__ or "").split()), expression, answers)
