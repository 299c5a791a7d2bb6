"""Places, open to every caller."""

from datetime import date

import strawberry

from domain import region as model
from resolvers.answer import Special
from schema.declare import open_to_all, to_one


@strawberry.type(description="A province or region (level 1), district (2) or tehsil (3).")
class Region:
    """A place, keyed by its code because names repeat."""

    code: str = open_to_all(model.Region.code, "The code that survey files and agreements use.")
    name: str = open_to_all(model.Region.name, "The name; tehsils of different districts may share one.")
    level: int = open_to_all(model.Region.level, "1 province or region, 2 district, 3 tehsil.")
    valid_from: date | None = open_to_all(
        model.Region.valid_from, "The first day on which the place existed in this form."
    )
    valid_until: date | None = open_to_all(model.Region.valid_until, "The last such day, once it was split or renamed.")
    parent: "Region | None" = to_one(
        model.Region, model.Region.parent_id, model.Region.id, "The district of a tehsil, the province of a district."
    )

    special_filters = {
        Special.WITHIN: (list[str], "The place bears one of these codes or lies in a place that does."),
    }
