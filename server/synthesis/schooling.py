"""What people have learned and whether they go to school. Only `server.synthesis.roster` uses it.

Calibrated to the census's literacy of those aged 10 and over, by province and sex. The survey does not ask whether
somebody can read: who goes to school, or has completed a level, counts as literate.
"""

from bisect import bisect_right
from math import sqrt
from random import Random

from server.synthesis import figures
from server.synthesis.chance import by_year, quantile, shares_by_means
from server.synthesis.figures import Province

SCHOOL_AGES = range(5, 17)
LEVELS = ("none", "primary", "middle", "matric", "intermediate", "bachelor", "postgraduate")
_WEALTH_PULL = 0.52
_FAMILY_PULL = 0.45
_NOISE = sqrt(1 - _WEALTH_PULL**2 - _FAMILY_PULL**2)
_BY_AGE = by_year(figures.LITERACY_BY_AGE)
_LEVEL_ENDS = (0.42, 0.78, 1.25, 1.65, 2.25)
"""How far, in standard deviations, a reader lies above the threshold when each level above primary is reached."""
_HIGHEST_BY_AGE = by_year({0: 0, 10: 1, 13: 2, 16: 3, 18: 4, 21: 5, 23: 6})
_LEVEL_OF_PUPIL = by_year({0: 0, 11: 1, 14: 2, 16: 3})


def leaning_of(wealth: float, family: float) -> float:
    """Return the part of a person's leaning to learn that the household gives; both arguments are standard normal."""
    return _WEALTH_PULL * wealth + _FAMILY_PULL * family


def _attending(share: float, gap: float) -> dict[str, dict[int, float]]:
    """Return the share at school by sex and age that averages `share`; girls lag as women's literacy does (`gap`)."""
    leads = {"male": gap / 2, "female": -gap / 2}
    cells = [(sex, age) for sex in leads for age in SCHOOL_AGES]
    shares = shares_by_means(share, [(1.0, figures.SCHOOL_BY_AGE[age] + leads[sex]) for sex, age in cells])
    by_sex: dict[str, dict[int, float]] = {sex: {} for sex in leads}
    for (sex, age), attending in zip(cells, shares, strict=True):
        by_sex[sex][age] = attending
    return by_sex


def _threshold_of_reading(literate: float, attending: dict[int, float]) -> float:
    """Return the leaning from which those past school age read, so that `literate` is the share from ten years on."""
    weights = figures.CENSUS_AGES
    pupils = [attending[age] + (1 - attending[age]) * figures.LEFT_AFTER_PRIMARY * (age > 11) for age in range(10, 17)]
    young = weights[10] + 0.4 * weights[15]
    bands = [(0.6 * weights[15], _BY_AGE[17])] + [(weight, _BY_AGE[age]) for age, weight in weights.items() if age > 17]
    grown = sum(weight for weight, _ in bands)
    share = (literate * (young + grown) - young * sum(pupils) / len(pupils)) / grown
    youngest = shares_by_means(share, bands)[0]
    return quantile(1 - youngest) + _BY_AGE[17] - figures.LITERACY_SHIFT


class Schooling:
    """The schooling of the people of one province."""

    def __init__(self, province: Province) -> None:
        """Find the thresholds at which the province has its children out of school and its literate people."""
        gap = province.literate_men - province.literate_women
        attending = _attending(1 - province.out_of_school, gap)
        literate = {"male": province.literate_men, "female": province.literate_women}
        self._attends = {
            sex: {age: quantile(1 - share) - figures.SCHOOL_SHIFT for age, share in shares.items()}
            for sex, shares in attending.items()
        }
        self._reads = {sex: _threshold_of_reading(share, attending[sex]) for sex, share in literate.items()}

    def answers(self, rng: Random, sex: str, age: int, leaning: float) -> tuple[str, str]:
        """Return `education_level` and `attending_school`; both are empty for those under five, who are not asked."""
        if age < 5:
            return "", ""
        leaning += _NOISE * rng.gauss(0.0, 1.0)
        if age in SCHOOL_AGES:
            return self._child(rng, age, leaning > self._attends[sex][age])
        above = leaning - self._reads[sex] + _BY_AGE[age]
        if above <= 0:
            return "none", "false"
        level = min(1 + bisect_right(_LEVEL_ENDS, above), _HIGHEST_BY_AGE[age])
        student = age < 24 and level >= 3 and rng.random() < figures.STUDENTS
        return LEVELS[level], "true" if student else "false"

    @staticmethod
    def _child(rng: Random, age: int, attends: bool) -> tuple[str, str]:
        """Return the answers for a child of school age: a pupil's level follows its age, some a year behind."""
        if attends:
            return LEVELS[_LEVEL_OF_PUPIL[age - (rng.random() < 0.4)]], "true"
        left_after_primary = age > 11 and rng.random() < figures.LEFT_AFTER_PRIMARY
        return "primary" if left_after_primary else "none", "false"
