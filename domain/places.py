"""Finding places by what people know of them. For the sandbox and for commands; the API asks by code."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.errors import BadInput
from domain.household import Household
from domain.region import PROVINCE, Region


def province_named(session: Session, name: str) -> Region:
    """Return the province of this name; raise `BadInput` when none or several are loaded."""
    found = session.scalars(select(Region).where(Region.level == PROVINCE, Region.name == name)).all()
    if len(found) != 1:
        raise BadInput(f"{len(found)} provinces bear the name {name}. Load regions with `nser geography load`.")
    return found[0]


def fullest_district(session: Session, province: Region) -> Region:
    """Return the district of a province in which most households are registered; raise `BadInput` when none is."""
    found = session.scalar(
        select(Region)
        .join(Household, Household.district_id == Region.id)
        .where(Region.province_id == province.id)
        .group_by(Region.id)
        .order_by(func.count().desc(), Region.code)
        .limit(1)
    )
    if found is None:
        raise BadInput(f"No household is registered in {province.name}. Load a survey with `nser load`.")
    return found
