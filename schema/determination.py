"""Determinations as partners see them: decision, reasons, rule version and data date, never the data themselves."""

from datetime import date, datetime

import strawberry

from domain import determination as model
from domain import programme as programmes
from domain.catalogue import Bundle
from domain.codes import Decision
from schema.declare import open_to_all, shared, to_one
from schema.programme import Programme

_READ = Bundle.ELIGIBILITY_READ


@strawberry.type(description="What a programme's rules say of a person or a household today.")
class Determination:
    """The dated answer of one version of a programme's rules."""

    programme: Programme = to_one(
        programmes.Programme,
        model.Determination.programme_id,
        programmes.Programme.id,
        "The programme whose rules were asked.",
        _READ,
    )
    decision: Decision = shared(model.Determination.decision)
    reasons: list[str] = shared(model.Determination.reasons)
    rules_version: str = open_to_all(programmes.ProgrammeRules.version, "The version of the rules that decided.", _READ)
    determined_at: datetime = shared(model.Determination.determined_at)
    data_as_of: date = shared(model.Determination.data_as_of)
