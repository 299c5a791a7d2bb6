"""Names of synthetic people, from the word lists of the package faker-pk. Only `server.synthesis` uses it.

The package's own functions draw with the database's generator, which cannot be seeded, so only its lists are taken.
It belongs to the optional dependencies named `demo` and is imported when the first survey is made.
"""

from importlib import import_module
from random import Random


def _cleaned(names: list[str]) -> tuple[str, ...]:
    """Return the names once each, in their order, beginning with a capital."""
    return tuple(dict.fromkeys(name[0].upper() + name[1:] for name in names))


class Names:
    """Given names by sex, and the last names that families share."""

    def __init__(self) -> None:
        """Read the lists; raise `ModuleNotFoundError` with the remedy when the package is not installed."""
        try:
            lists = import_module("faker_pk.initialize_db")
        except ModuleNotFoundError as missing:
            remedy = "Synthetic people need names: install the optional dependencies `demo` (faker-pk)."
            raise ModuleNotFoundError(remedy, name=missing.name) from missing
        self.men = _cleaned(lists.MALE_NAMES)
        self._women = _cleaned(lists.FEMALE_NAMES)
        self._last = _cleaned(lists.LAST_NAMES)

    def last(self, rng: Random) -> str:
        """Return a family's last name."""
        return self._last[int(rng.random() * len(self._last))]

    def given(self, rng: Random, sex: str, taken: set[str]) -> str:
        """Return a given name, and note it in `taken`; a name already taken in the family is drawn once again."""
        names = self._women if sex == "female" or (sex == "transgender" and rng.random() < 0.5) else self.men
        name = names[int(rng.random() * len(names))]
        if name in taken:
            name = names[int(rng.random() * len(names))]
        taken.add(name)
        return name
