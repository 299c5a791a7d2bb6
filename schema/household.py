"""The household as partners see it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import strawberry
from sqlalchemy import func

from domain import determination as determinations
from domain import enrolment as enrolments
from domain import household as model
from domain import person as persons
from domain import region as regions
from domain import score as scores
from domain.catalogue import Bundle
from domain.codes import CookingFuel, Lighting, SurveySource, Tenure, Toilet, WaterSource
from domain.score import ScoreBand
from resolvers.answer import Special, ToMany
from resolvers.stored import stored_id, stored_mobile, stored_score
from schema.declare import derived, group, planned, shared, to_one, unplanned
from schema.determination import Determination
from schema.enrolment import Enrolment
from schema.region import Region
from schema.scorecard import Scorecard

if TYPE_CHECKING:
    from schema.person import Person

    # Derived classes, which exist only once the program runs (schema/inputs.py).
    PersonFilter: TypeAlias = Any
    PersonOrder: TypeAlias = Any


@strawberry.type(description="Dwelling: rooms, tenure, toilet, water, fuel, light.")
class Housing:
    """The answers about the dwelling; empty means not answered."""

    rooms: int | None = shared(model.Household.rooms)
    tenure: Tenure | None = shared(model.Household.tenure)
    toilet: Toilet | None = shared(model.Household.toilet)
    water_source: WaterSource | None = shared(model.Household.water_source)
    cooking_fuel: CookingFuel | None = shared(model.Household.cooking_fuel)
    lighting: Lighting | None = shared(model.Household.lighting)


@strawberry.type(description="Durable goods, vehicles, livestock and land.")
class Assets:
    """The answers about what the household owns; empty means not answered."""

    refrigerator: bool | None = shared(model.Household.refrigerator)
    washing_machine: bool | None = shared(model.Household.washing_machine)
    air_conditioner: bool | None = shared(model.Household.air_conditioner)
    tv: bool | None = shared(model.Household.tv)
    cooking_range: bool | None = shared(model.Household.cooking_range)
    motorcycle: bool | None = shared(model.Household.motorcycle)
    car: bool | None = shared(model.Household.car)
    tractor: bool | None = shared(model.Household.tractor)
    large_livestock: int | None = shared(model.Household.large_livestock)
    small_livestock: int | None = shared(model.Household.small_livestock)
    agricultural_land_acres: float | None = shared(model.Household.agricultural_land_acres)


@strawberry.type(
    description="The poverty score, or only its band; never without scorecard and date where the value is given."
)
class Score:
    """The score under the scorecard in force. Value, scorecard and date come together; the band comes alone."""

    value: float | None = shared(
        scores.Score.value,
        shown=lambda hundredths: hundredths / float(scores.HUNDREDTHS),
        stored=stored_score,
        order=scores.Score.rank,
    )
    band: ScoreBand = shared(scores.Score.band)
    scorecard: Scorecard = to_one(
        scores.Scorecard,
        scores.Score.scorecard_id,
        scores.Scorecard.id,
        "The scorecard that gave the score.",
        Bundle.HOUSEHOLD_SCORE,
    )
    scored_at: datetime = shared(scores.Score.scored_at)


def _members(
    where: Annotated["PersonFilter", strawberry.lazy("schema.inputs")] | None = strawberry.UNSET,
    order_by: list[Annotated["PersonOrder", strawberry.lazy("schema.inputs")]] | None = strawberry.UNSET,
    first: int | None = strawberry.UNSET,
) -> list[Annotated["Person", strawberry.lazy("schema.person")]]:
    unplanned()


def _determinations(programme: str | None = strawberry.UNSET) -> list[Determination]:
    unplanned()


def _enrolments(programme: str | None = strawberry.UNSET) -> list[Enrolment]:
    unplanned()


@strawberry.type(description="People who eat from one kitchen under one head.")
class Household:
    """A registered household with the answers of its latest survey."""

    id: strawberry.ID = shared(model.Household.id, stored=stored_id)
    region: Region = to_one(
        regions.Region,
        model.Household.region_id,
        regions.Region.id,
        "The tehsil in which the household lives.",
        Bundle.HOUSEHOLD_READ,
    )
    size: int = shared(model.Household.size)
    source: SurveySource = shared(model.Household.source)
    registered_on: date = shared(model.Household.registered_on)
    surveyed_on: date = shared(model.Household.surveyed_on)
    as_of: date = derived(
        lambda _: func.current_date(), "The date as of which the household is shown: today.", Bundle.HOUSEHOLD_READ
    )
    address: str | None = shared(model.Household.address)
    latitude: float | None = shared(model.Household.latitude)
    longitude: float | None = shared(model.Household.longitude)
    mobile: str | None = shared(model.Household.mobile, stored=stored_mobile)
    monthly_income: int | None = shared(model.Household.monthly_income)
    housing: Housing = group("The dwelling.")
    assets: Assets = group("What the household owns.")
    score: Score = group("The poverty score under the scorecard in force.")
    members: list[Annotated["Person", strawberry.lazy("schema.person")]] = planned(
        _members,
        ToMany(persons.Person, model.Household.id, persons.Person.household_id, (persons.Person.line_no,)),
        "The members that the caller's rows reach, in the order of the roster.",
    )
    determinations: list[Determination] = planned(
        _determinations,
        ToMany(
            determinations.Determination,
            model.Household.id,
            determinations.Determination.household_id,
            (determinations.Determination.programme_id,),
            only=lambda read: read(determinations.Determination.person_id).is_(None),
            own=True,
        ),
        "What programme rules say of the household today.",
        [Bundle.ELIGIBILITY_READ],
    )
    enrolments: list[Enrolment] = planned(
        _enrolments,
        ToMany(
            enrolments.Enrolment,
            model.Household.id,
            enrolments.Enrolment.household_id,
            (enrolments.Enrolment.since, enrolments.Enrolment.id),
        ),
        "The enrolments of the members that the caller's rows reach, ended ones included.",
        [Bundle.ENROLMENT_READ],
    )

    special_filters = {
        Special.ELIGIBLE: (str, "A member is eligible today for the programme of this code.", Bundle.ELIGIBILITY_READ),
    }
