"""Where synthetic households live: tehsils of a regions file, by weight. Only `server.synthesis` uses it.

Provinces weigh as they do in the census. Within a province the sizes of districts follow Zipf's law, those with more
tehsils first, since no populations come with a regions file; tehsils follow it too, but less.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from server.synthesis.chance import Weighted
from server.synthesis.figures import PROVINCES, Province

_DISTRICT_SKEW = 0.7
_TEHSIL_SKEW = 0.4
_SPREAD = 0.12
"""How far households lie from the middle of their tehsil, in degrees (standard deviation)."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A tehsil, and the middle round which its households are strewn, in degrees."""

    pcode: str
    tehsil: str
    district: str
    province: Province
    number: int
    latitude: float
    longitude: float

    def position(self, rng: Random) -> tuple[str, str]:
        """Return the latitude and longitude of one household, within the province's box."""
        box = self.province
        latitude = min(max(rng.gauss(self.latitude, _SPREAD), box.south), box.north)
        longitude = min(max(rng.gauss(self.longitude, _SPREAD), box.west), box.east)
        return f"{latitude:.5f}", f"{longitude:.5f}"


def province_named(name: str) -> Province:
    """Return the figures for the province that a regions file calls `name`; raise `ValueError` for an unknown one."""
    for province in PROVINCES:
        if any(word in name.lower() for word in province.words):
            return province
    known = ", ".join(province.name for province in PROVINCES)
    raise ValueError(f"The regions file has a province {name!r} for which there are no figures. Known are: {known}.")


class Places:
    """The tehsils of a regions file."""

    def __init__(self, regions: Path) -> None:
        """Read the file; raise `ValueError` when it has no tehsil, an unknown province or a district without parent."""
        with regions.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        self._names = {row["pcode"]: row["name"] for row in rows}
        self._children: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            self._children[row["parent"]].append(row["pcode"])
        provinces = [row["pcode"] for row in rows if row["level"] == "1"]
        weights: dict[Place, float] = {}
        for province in provinces:
            weights.update(self._tehsils(province, len(weights)))
        if not weights:
            raise ValueError(f"The regions file {regions} has no tehsil (level 3) below a district and a province.")
        self._weighted = Weighted(weights)

    def draw(self, rng: Random) -> Place:
        """Return the tehsil of a new household."""
        return self._weighted.draw(rng)

    def _tehsils(self, province: str, first: int) -> dict[Place, float]:
        """Return the places of a province with weights that add up to its households."""
        figures = province_named(self._names[province])
        ranked = sorted(self._children[province], key=lambda code: (-len(self._children[code]), code))
        places: dict[Place, float] = {}
        for district, weight in _zipf(ranked, _DISTRICT_SKEW):
            for tehsil, part in _zipf(sorted(self._children[district]), _TEHSIL_SKEW):
                place = self._place(tehsil, district, figures, first + len(places))
                places[place] = figures.households * weight * part
        return places

    def _place(self, tehsil: str, district: str, province: Province, number: int) -> Place:
        """Return a tehsil with a middle of its own near its district's, the same whatever the survey's seed."""
        middle = Random(f"middle of {district}")  # noqa: S311 - places, not secrets
        offset = Random(f"middle of {tehsil}")  # noqa: S311
        latitude = middle.uniform(province.south, province.north) + offset.uniform(-0.2, 0.2)
        longitude = middle.uniform(province.west, province.east) + offset.uniform(-0.2, 0.2)
        names = self._names
        return Place(tehsil, names[tehsil], names[district], province, number, latitude, longitude)


def _zipf(ranked: Iterable[str], skew: float) -> list[tuple[str, float]]:
    """Return each code with a share that falls with its rank; the shares add up to 1."""
    weights = [(code, 1 / rank**skew) for rank, code in enumerate(ranked, 1)]
    total = sum(weight for _, weight in weights)
    return [(code, weight / total) for code, weight in weights]
