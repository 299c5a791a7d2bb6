"""Addresses that read like the province's, of streets and villages that are invented. `survey` calls it."""

from random import Random

from server.synthesis.names import Names
from server.synthesis.places import Place

_VILLAGES = {
    "Punjab": ("Chak No. {number}", "Basti {name}", "Mauza {name}", "Kot {name}"),
    "Sindh": ("Goth {name}", "Deh {number}", "Village {name}"),
    "Balochistan": ("Killi {name}", "Goth {name}"),
}
_OTHER_VILLAGES = ("Village {name}", "Mohalla {name}", "Banda {name}")


def address(rng: Random, names: Names, place: Place, rural: bool) -> str:
    """Return the address of a household, in a village or in a town, ending with its tehsil and district."""
    name = names.men[int(rng.random() * len(names.men))]
    if rural:
        villages = _VILLAGES.get(place.province.name, _OTHER_VILLAGES)
        spot = villages[int(rng.random() * len(villages))].format(name=name, number=1 + int(rng.random() * 450))
    else:
        spot = f"House {1 + int(rng.random() * 900)}, Street {1 + int(rng.random() * 40)}, Mohalla {name}"
    return f"{spot}, {place.tehsil}, {place.district}"
