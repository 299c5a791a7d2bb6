"""Programmes, open to every caller."""

import strawberry

from domain import programme as model
from schema.declare import open_to_all


@strawberry.type(description="A social programme that the registry knows.")
class Programme:
    """A programme by its code."""

    code: str = open_to_all(model.Programme.code, "The programme's code.")
    name: str = open_to_all(model.Programme.name, "Its name.")
    agency: str = open_to_all(model.Programme.agency, "The agency that runs it and states its enrolments.")
    unit: str = open_to_all(model.Programme.unit, "Whom it serves.")
