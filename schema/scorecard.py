"""Scorecards, open to every caller. What a question weighs is never told."""

from datetime import date

import strawberry

from domain import score as model
from schema.declare import open_to_all


@strawberry.type(description="A dated formula that turns a household's answers into a score from 0 to 100.")
class Scorecard:
    """A scorecard by name and version, without its weights."""

    code: str = open_to_all(model.Scorecard.code, "The scorecard's code.")
    version: str = open_to_all(model.Scorecard.version, "Its version.")
    title: str = open_to_all(model.Scorecard.title, "Its title.")
    source: str = open_to_all(model.Scorecard.source, "Where the formula comes from.")
    is_demonstration: bool = open_to_all(model.Scorecard.is_demonstration, "Whether it serves demonstration only.")
    valid_from: date = open_to_all(model.Scorecard.valid_from, "The first day of its validity.")
    valid_until: date | None = open_to_all(model.Scorecard.valid_until, "The last day of its validity.")
