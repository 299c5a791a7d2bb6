"""The places that a survey may name, held in memory while it is loaded. Only intake uses it."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from domain.identity import first_digits
from domain.region import TEHSIL, Region


class Place(NamedTuple):
    """A region as a household's row needs it."""

    region_id: int
    province_id: int
    district_id: int | None
    level: int
    valid_from: date | None
    valid_until: date | None
    first_digits: str
    """The first digits of identity numbers that are registered in its province."""

    @property
    def is_tehsil(self) -> bool:
        """Whether a household can live in it."""
        return self.level == TEHSIL

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the place was one on `day`; both limits are included, and an empty one is none."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)


def read_places(connection: Connection) -> dict[str, Place]:
    """Return every region by its code: some hundreds to a few thousand."""
    province = aliased(Region)
    rows = connection.execute(
        select(
            Region.code,
            Region.id,
            Region.province_id,
            Region.district_id,
            Region.level,
            Region.valid_from,
            Region.valid_until,
            province.name,
        ).join(province, province.id == Region.province_id)
    )
    return {code: Place._make([*place, first_digits(name)]) for code, *place, name in rows}
