"""What people live from. Only `server.synthesis.roster` uses it; the shares are estimates, named in `figures`."""

from random import Random

from server.synthesis import figures
from server.synthesis.chance import Ladder, by_year
from server.synthesis.occupations import OCCUPATIONS

WORKING_AGE = 10
"""Those younger are not asked."""
_PULL = 0.72
_SHARES = {sex: by_year(bands) for sex, bands in figures.WORKING.items()}
_STATUSES = {sex: Ladder(shares, _PULL) for sex, shares in figures.STATUSES.items()}
_QUALIFIED = ("matric", "intermediate", "bachelor", "postgraduate")


def _factor(steps: tuple[tuple[float, float], ...], wealth: float) -> float:
    """Return the factor of the first step that ends above this wealth."""
    return next((factor for end, factor in steps if wealth < end), steps[-1][1])


class Work:
    """The work of the people of a household, in the order of the roster."""

    def __init__(self, rng: Random) -> None:
        """Take the survey's generator."""
        self._rng = rng

    def answers(self, sex: str, age: int, wealth: float, level: str, student: bool) -> tuple[str, str, str]:
        """Return `employment_status`, `elementary_occupation` and `occupation`, the last two for those who work."""
        if age < WORKING_AGE:
            return "", "", ""
        rng = self._rng
        sex = "male" if sex == "transgender" else sex
        share = _SHARES[sex][age] * (figures.STUDENTS_WORKING if student else 1.0)
        if sex == "female":
            share *= _factor(figures.WOMEN_WORKING_BY_WEALTH, wealth)
        if rng.random() >= share:
            seeks = 15 <= age < 60 and not student and rng.random() < figures.SEEKING[sex]
            return "unemployed" if seeks else "not_in_labour_force", "", ""
        status = _STATUSES[sex].draw(rng, wealth)
        if status == "government" and level not in _QUALIFIED:
            status = "private"
        elementary = rng.random() < figures.ELEMENTARY[status] * _factor(figures.ELEMENTARY_BY_WEALTH, wealth)
        words = OCCUPATIONS[sex][status][elementary]
        return status, "true" if elementary else "false", words[int(rng.random() * len(words))]
