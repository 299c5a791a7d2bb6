"""The catalogue of features: everything that a scorecard may give points for. Scorecard files and scoring read it.

The answers about the dwelling and the belongings are features under the names of their columns; those about the members
come from `roster`; what is left is declared here.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Enum, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from domain.catalogue import attribute_of
from domain.codes import Code
from domain.household import Household
from domain.region import Region
from domain.scoring.feature import FLAG, Catalogue, spellings
from domain.scoring.roster import ROSTER

FEATURES = Catalogue()
"""Every feature that a scorecard may use, by name."""

PROVINCES = {
    "azad_jammu_and_kashmir": ("azad jammu and kashmir", "azad jammu & kashmir", "azad kashmir", "ajk"),
    "balochistan": ("balochistan", "baluchistan"),
    "gilgit_baltistan": ("gilgit-baltistan", "gilgit baltistan"),
    "islamabad": ("islamabad", "islamabad capital territory", "ict"),
    "khyber_pakhtunkhwa": ("khyber pakhtunkhwa", "khyber-pakhtunkhwa", "kpk", "kp"),
    "punjab": ("punjab",),
    "sindh": ("sindh",),
}
"""The provinces and regions as a scorecard writes them, each with the names that regions files use."""

_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    Household.monthly_income,
    Household.rooms,
    Household.tenure,
    Household.toilet,
    Household.water_source,
    Household.cooking_fuel,
    Household.lighting,
    Household.refrigerator,
    Household.washing_machine,
    Household.air_conditioner,
    Household.tv,
    Household.cooking_range,
    Household.motorcycle,
    Household.car,
    Household.tractor,
    Household.large_livestock,
    Household.small_livestock,
    Household.agricultural_land_acres,
)


@FEATURES.choice(*PROVINCES)
def province() -> ColumnElement[Any]:
    """Province or region of the household, known by its name whatever the codes of the regions file."""
    named = {name: answer for answer, names in PROVINCES.items() for name in names}
    return (
        select(case(named, value=func.lower(Region.name)))
        .where(Region.id == Household.province_id)
        .correlate(Household)
        .scalar_subquery()
    )


@FEATURES.choice(*FLAG)
def motor_vehicle() -> ColumnElement[Any]:
    """Whether the household owns a motorcycle, a car, a tractor or another motor vehicle."""
    vehicles: tuple[InstrumentedAttribute[Any], ...] = (Household.motorcycle, Household.car, Household.tractor)
    return or_(*vehicles)


def _declare(column: InstrumentedAttribute[Any]) -> None:
    kind = column.type

    def build() -> ColumnElement[Any]:
        return column.expression

    build.__name__, build.__doc__ = column.key, attribute_of(column).meaning
    if isinstance(kind, Boolean):
        FEATURES.choice(*FLAG)(build)
    elif isinstance(kind, Enum) and kind.enum_class is not None and issubclass(kind.enum_class, Code):
        FEATURES.choice(*spellings(kind.enum_class))(build)
    else:
        FEATURES.number(build)


for _column in _COLUMNS:
    _declare(_column)
FEATURES.update(ROSTER)
