"""What a programme's rules are made of. The modules named after programmes build them, `stretch` evaluates them.

Rules read one person with the household (`Person`, `Household`, `Score`, joined by `stretch`). Each condition is true,
false or null (not known) as a fact of the data, and may hold for certain days only; both parts are SQL expressions.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement

from domain.eligibility.reason import Reason

Day = ColumnElement[date]


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `begins` up to, and without, `ends`. A side that is empty, or null in SQL, is unbounded."""

    begins: Day | None = None
    ends: Day | None = None


ALWAYS = Span()


@dataclass(frozen=True, slots=True)
class Target:
    """The group that a programme serves. Whoever is outside of it on a day has no answer for that day.

    Where `belongs` is null, membership is not known: the answer is `UNKNOWN` for the reason `unknown`.
    """

    belongs: ColumnElement[bool]
    span: Span = ALWAYS
    unknown: Reason | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: it is met on the days of `span` if `holds`, not met on other days and wherever `holds` is false,
    and not known within `span` where `holds` is null, which needs the reason `unknown`."""

    holds: ColumnElement[bool]
    unmet: Reason
    unknown: Reason | None = None
    span: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Rules:
    """A programme's rules under one version's parameters; `reasons` of a determination keep the order of `criteria`."""

    target: Target
    criteria: tuple[Criterion, ...]

    def conditions(self) -> tuple[Criterion, ...]:
        """Return the criteria, headed by the target where membership may be unknown."""
        if self.target.unknown is None:
            return self.criteria
        return Criterion(self.target.belongs, self.target.unknown, self.target.unknown), *self.criteria
