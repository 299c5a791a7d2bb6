"""Draws from stated distributions. Only `server.synthesis` uses it; every draw takes the survey's one generator.

What a household owns, knows and earns hangs together through its *wealth*, a standard normal number within its
province. A trait is had when wealth and luck, mixed to a standard normal again, exceed the trait's quantile: the
share who have it is then exactly the share stated, and how strongly it follows wealth is one number, `pull`.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import sqrt
from random import Random
from statistics import NormalDist
from typing import Generic, TypeVar

T = TypeVar("T")
NORMAL = NormalDist()


def quantile(share: float) -> float:
    """Return the standard normal value below which `share` of the values lie; shares of 0 and 1 are let in."""
    return NORMAL.inv_cdf(min(max(share, 1e-9), 1 - 1e-9))


def _cumulated(weights: Sequence[float]) -> list[float]:
    """Return the upper ends of the shares that `weights` stand for, without the last, which is 1."""
    total = sum(weights)
    return [end / total for end in accumulate(weights)][:-1]


class Weighted(Generic[T]):
    """A choice between values by weight."""

    __slots__ = ("_ends", "_values")

    def __init__(self, weights: Mapping[T, float]) -> None:
        """Take the values with their weights, which need not add up to one."""
        self._values = tuple(weights)
        self._ends = _cumulated(tuple(weights.values()))

    def draw(self, rng: Random) -> T:
        """Return one of the values."""
        return self._values[bisect_right(self._ends, rng.random())]


class Ladder(Generic[T]):
    """An ordered trait: the poorest rung first, each with the share of households on it."""

    __slots__ = ("_noise", "_pull", "_rungs", "_thresholds")

    def __init__(self, shares: Mapping[T, float], pull: float, shift: float = 0.0) -> None:
        """Take the rungs with their weights; `shift` moves all thresholds down, in standard deviations."""
        self._rungs = tuple(shares)
        self._thresholds = [quantile(end) - shift for end in _cumulated(tuple(shares.values()))]
        self._pull = pull
        self._noise = sqrt(1 - pull * pull)

    def draw(self, rng: Random, wealth: float) -> T:
        """Return the rung of a household of this wealth."""
        return self._rungs[bisect_right(self._thresholds, self._pull * wealth + self._noise * rng.gauss(0.0, 1.0))]


class Trait:
    """Something a household has or has not, the likelier the wealthier it is."""

    __slots__ = ("_noise", "_pull", "_threshold")

    def __init__(self, share: float, pull: float) -> None:
        """Take the share of households that have it, and how strongly it follows wealth (-1 to 1)."""
        self._threshold = quantile(1 - share)
        self._pull = pull
        self._noise = sqrt(1 - pull * pull)

    def draw(self, rng: Random, wealth: float) -> bool:
        """Tell whether a household of this wealth has it."""
        return self._pull * wealth + self._noise * rng.gauss(0.0, 1.0) > self._threshold


def by_year(bands: Mapping[int, T], years: int = 121) -> tuple[T, ...]:
    """Spread values given by the first year of each band of age over single years, for look-up by age."""
    spread: list[T] = []
    current = next(iter(bands.values()))
    for year in range(years):
        current = bands.get(year, current)
        spread.append(current)
    return tuple(spread)


def shares_by_means(national: float, groups: Sequence[tuple[float, float]]) -> list[float]:
    """Split a national share over groups given as (size, means), so that their mean by size is `national` again.

    Each group's quantile is the common one moved by its means; the common one is found by bisection.
    """
    total = sum(size for size, _ in groups)
    low, high = -8.0, 8.0
    for _ in range(50):
        middle = (low + high) / 2
        share = sum(size * NORMAL.cdf(middle + means) for size, means in groups) / total
        low, high = (middle, high) if share < national else (low, middle)
    return [NORMAL.cdf(low + means) for _, means in groups]
