"""How a household lives: where, in what house, with what belongings and income. `server.synthesis.survey` calls it.

Housing and belongings follow the household's wealth, at the shares of its province.
"""

from dataclasses import dataclass
from math import exp
from random import Random

from server.synthesis import figures
from server.synthesis.chance import Ladder, Trait, Weighted, shares_by_means
from server.synthesis.figures import PROVINCES, Province

_HOUSING_PULL = 0.6
_ASSET_PULL = 0.88
_TRACTOR_PULL = 0.2
_RURAL_PULL = -0.4
_INCOME_STEP = 500
_LAND_OWNERS = 0.38
_TENURES = Weighted(figures.TENURES)
_GROUPS = [(province.households, province.means) for province in PROVINCES]
_ASSET_SHARES = {asset: shares_by_means(share, _GROUPS) for asset, share in figures.ASSETS.items()}


@dataclass(slots=True)
class Standing:
    """What decides how a household lives and learns: standard normal numbers within its province, and town or land."""

    wealth: float
    schooling: float
    rural: bool


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _above_none(none: str | int, share: float, above: dict[str, float] | dict[int, float]) -> dict[str, float]:
    """Return a ladder's shares: `share` for its lowest rung, the rest in the proportions of `above`."""
    factor = (1 - share) / sum(above.values())
    return {str(none): share} | {str(rung): weight * factor for rung, weight in above.items()}


class Dwellings:
    """The dwellings of one province."""

    def __init__(self, province: Province) -> None:
        """Prepare the province's ladders and traits."""
        rooms = _above_none(1, province.one_room, figures.ROOMS_ABOVE_ONE)
        toilets = _above_none("none", province.no_toilet, figures.TOILETS_ABOVE_NONE)
        self._rooms = Ladder(rooms, _HOUSING_PULL)
        self._toilets = Ladder(toilets, _HOUSING_PULL)
        self._water = Ladder(figures.WATER_SOURCES, 0.45, province.means)
        self._fuel = Ladder(figures.FUELS, _HOUSING_PULL, province.means)
        self._electricity = Trait(province.electricity, _HOUSING_PULL)
        self._rural = Trait(province.rural, _RURAL_PULL)
        position = PROVINCES.index(province)
        self._assets = {asset: Trait(shares[position], _ASSET_PULL) for asset, shares in _ASSET_SHARES.items()}
        self._assets["tractor"] = Trait(_ASSET_SHARES["tractor"][position] / province.rural, _TRACTOR_PULL)
        self._means = province.means
        self._children = province.size * figures.CHILDREN_UNDER_14

    def standing(self, rng: Random, children: int) -> Standing:
        """Return the standing of a new household with so many children under 14; more children go with less wealth."""
        pull = figures.WEALTH_BY_CHILDREN
        excess = (children - self._children) / figures.CHILDREN_DEVIATION
        wealth = pull * excess + (1 - pull * pull) ** 0.5 * rng.gauss(0.0, 1.0)
        return Standing(wealth, rng.gauss(0.0, 1.0), self._rural.draw(rng, wealth))

    def answers(self, rng: Random, standing: Standing, earners: int) -> list[str]:
        """Return the household's answers from `monthly_income` to `agricultural_land_acres`, in the file's order."""
        wealth = standing.wealth
        lighting = "electricity"
        if not self._electricity.draw(rng, wealth):
            lighting = "solar" if rng.random() < figures.SOLAR_WITHOUT_ELECTRICITY else "other"
        return [
            self._income(rng, wealth, earners),
            _TENURES.draw(rng),
            self._room_count(rng, wealth),
            self._toilets.draw(rng, wealth),
            self._water.draw(rng, wealth),
            self._fuel.draw(rng, wealth),
            lighting,
            *self._belongings(rng, standing, lighting),
            *self._farm(rng, standing),
        ]

    def _income(self, rng: Random, wealth: float, earners: int) -> str:
        """Return the monthly income in PKR, to the next 500, or nothing when it is not told."""
        if rng.random() < figures.WITHOUT_INCOME:
            return ""
        relative = exp(0.5 * wealth + 0.3 * self._means + rng.gauss(0.0, 0.28)) * (0.62 + 0.22 * min(earners, 4))
        return str(max(round(figures.MEDIAN_INCOME * relative / _INCOME_STEP), 1) * _INCOME_STEP)

    def _room_count(self, rng: Random, wealth: float) -> str:
        rooms = int(self._rooms.draw(rng, wealth))
        while rooms >= 4 and rooms < 12 and rng.random() < 0.35:
            rooms += 1
        return str(rooms)

    def _belongings(self, rng: Random, standing: Standing, lighting: str) -> list[str]:
        """Return the answers on assets; what needs mains electricity is found only where there is some."""
        owned = {asset: trait.draw(rng, standing.wealth) for asset, trait in self._assets.items()}
        if lighting != "electricity":
            owned["refrigerator"] = owned["washing_machine"] = owned["air_conditioner"] = False
            owned["tv"] = owned["tv"] and lighting == "solar"
        owned["tractor"] = owned["tractor"] and standing.rural
        return [_truth(value) for value in owned.values()]

    @staticmethod
    def _farm(rng: Random, standing: Standing) -> tuple[str, str, str]:
        """Return large and small livestock (heads) and agricultural land (acres)."""
        if not standing.rural:
            return "0", str(int(rng.expovariate(1.0))) if rng.random() < 0.06 else "0", "0"
        large = 1 + int(rng.expovariate(0.6)) if rng.random() < 0.45 else 0
        small = 1 + int(rng.expovariate(0.35)) if rng.random() < 0.5 else 0
        if rng.random() >= _LAND_OWNERS:
            return str(large), str(small), "0"
        return str(large), str(small), f"{exp(0.9 + 0.45 * standing.wealth + rng.gauss(0.0, 0.7)):.1f}"
