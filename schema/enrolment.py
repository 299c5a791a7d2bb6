"""Enrolments as partners see them."""

from datetime import date

import strawberry

from domain import enrolment as model
from domain import programme as programmes
from domain.catalogue import Bundle
from domain.codes import EnrolmentStatus
from schema.declare import shared, to_one
from schema.programme import Programme


@strawberry.type(description="A programme's own statement that a person takes part.")
class Enrolment:
    """One person's participation in one programme."""

    programme: Programme = to_one(
        programmes.Programme,
        model.Enrolment.programme_id,
        programmes.Programme.id,
        "The programme.",
        Bundle.ENROLMENT_READ,
    )
    status: EnrolmentStatus = shared(model.Enrolment.status)
    since: date = shared(model.Enrolment.since)
    until: date | None = shared(model.Enrolment.until)
    source: str = shared(model.Enrolment.source)
