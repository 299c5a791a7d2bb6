"""Pregnancy, nursing and disability. Only `server.synthesis.roster` uses it."""

from datetime import date, timedelta
from random import Random

from server.synthesis import figures
from server.synthesis.chance import Weighted, by_year
from server.synthesis.family import Member
from server.synthesis.figures import Province

_PREGNANT = by_year(figures.PREGNANT_WIVES)
_DOMAINS = Weighted(figures.DISABILITY_DOMAINS)
_SEVERITIES = Weighted(figures.DISABILITY_SEVERITIES)
_BETWEEN_BIRTHS = 0.75
"""A woman whose youngest child is younger than this (years) is not pregnant again."""
_LAST_DAY = 270
"""Days from the survey to the latest delivery that can be expected."""


def _average_by_census() -> float:
    """Return the average of `DISABILITY_BY_AGE` over the census's ages, which it is divided by."""
    by_age = by_year(figures.DISABILITY_BY_AGE)
    bands = list(figures.CENSUS_AGES)
    total = 0.0
    for first, after in zip(bands, [*bands[1:], 80], strict=True):
        total += figures.CENSUS_AGES[first] / (after - first) * sum(by_age[first:after])
    return total / sum(figures.CENSUS_AGES.values())


def limitation_by_year(province: Province) -> tuple[float, ...]:
    """Return, by year of age, the share of the province's people with any limitation, slight ones included."""
    counted = figures.DISABILITY_SEVERITIES["a_lot"] + figures.DISABILITY_SEVERITIES["cannot_do"]
    factor = province.disability / counted / _average_by_census()
    return tuple(times * factor for times in by_year(figures.DISABILITY_BY_AGE))


def disability(rng: Random, share: float) -> tuple[str, str]:
    """Return `disability_domain` and `disability_severity`, both empty for most."""
    if rng.random() >= share:
        return "", ""
    return _DOMAINS.draw(rng), _SEVERITIES.draw(rng)


def maternal(rng: Random, member: Member, surveyed: date) -> tuple[str, str, str]:
    """Return `is_pregnant`, `expected_delivery` and `is_lactating`, which only women of 15 to 49 are asked."""
    if member.sex != "female" or not 15 <= member.age < 50:
        return "", "", ""
    nursing = "true" if member.youngest < 2 and rng.random() < figures.LACTATING[int(member.youngest)] else "false"
    if member.marital == "never_married" or member.youngest < _BETWEEN_BIRTHS:
        return "false", "", nursing
    share = _PREGNANT[int(member.age)] * (1.0 if member.marital == "married" else figures.PREGNANT_WITHOUT_HUSBAND)
    if rng.random() >= share:
        return "false", "", nursing
    due = surveyed + timedelta(days=3 + int(rng.random() * (_LAST_DAY - 3)))
    return "true", due.isoformat(), nursing
