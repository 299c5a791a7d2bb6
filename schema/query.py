"""The root fields of the registry. Each names the bundle that opens it and how it is answered."""

from typing import Annotated, Any

import strawberry

from domain import tables
from domain.age import younger_than
from domain.catalogue import Bundle
from resolvers.answer import Answer, CrossCheck, Listing, Lookup, Page
from resolvers.stored import stored_id, stored_number
from schema.connection import Connection
from schema.cross_check import CrossCheckResult
from schema.declare import planned, unplanned
from schema.household import Household
from schema.inputs import HouseholdFilter, HouseholdOrder, PersonFilter, PersonOrder, RegionFilter, RegionOrder
from schema.person import Person
from schema.programme import Programme
from schema.region import Region
from schema.scorecard import Scorecard
from schema.viewer import Viewer

PAGE_SIZE = 50
"""Rows of a page that does not say how many."""

_First = Annotated[int, strawberry.argument(description="How many rows: 1 to 1000.")]
_After = Annotated[str | None, strawberry.argument(description="The cursor after which the page begins.")]
_Number = Annotated[str, strawberry.argument(description="A CNIC or B-Form number, with or without dashes.")]


def _connection(node: type, filter_: type, order: type, answer: Answer, meaning: str, *bundles: Bundle) -> Any:
    def resolver(
        where: filter_ | None = strawberry.UNSET,  # type: ignore[valid-type]
        order_by: list[order] | None = strawberry.UNSET,  # type: ignore[valid-type]
        first: _First = PAGE_SIZE,
        after: _After = strawberry.UNSET,
    ) -> Connection[node]:  # type: ignore[valid-type]
        unplanned()

    return planned(resolver, answer, meaning, bundles)


def _household(id: strawberry.ID) -> Household | None:
    unplanned()


def _person(cnic: _Number) -> Person | None:
    unplanned()


def _programmes() -> list[Programme]:
    unplanned()


def _programme(code: str) -> Programme | None:
    unplanned()


def _scorecards() -> list[Scorecard]:
    unplanned()


def _cross_check(
    cnics: Annotated[
        list[str], strawberry.argument(description="1 to 1000 CNIC or B-Form numbers, answered in this order.")
    ],
    programmes: Annotated[
        list[str] | None,
        strawberry.argument(description="Codes of the programmes whose conflicts are asked for; all when left out."),
    ] = strawberry.UNSET,
) -> list[CrossCheckResult]:
    unplanned()


def _viewer(info: strawberry.Info) -> Viewer:
    viewer: Viewer = info.context()
    return viewer


@strawberry.type(description="Questions to the registry.")
class Query:
    """The root fields."""

    viewer: Viewer = strawberry.field(resolver=_viewer, description="Who am I, and what may I see?")
    household: Household | None = planned(
        _household,
        Lookup(tables.Household, "id", (tables.Household.id,), stored_id),
        "One household by its id.",
        [Bundle.HOUSEHOLD_READ],
    )
    households: Connection[Household] = _connection(
        Household,
        HouseholdFilter,
        HouseholdOrder,
        Page(tables.Household),
        "The households in the caller's rows.",
        Bundle.HOUSEHOLD_READ,
    )
    person: Person | None = planned(
        _person,
        Lookup(tables.Person, "cnic", (tables.Person.cnic, tables.Person.bform_no), stored_number),
        "One person by a CNIC or B-Form number that the caller holds. Nothing when there is no such person in the "
        "caller's rows, registered or not.",
        [Bundle.LOOKUP_CNIC],
    )
    persons: Connection[Person] = _connection(
        Person, PersonFilter, PersonOrder, Page(tables.Person), "The persons in the caller's rows.", Bundle.PERSON_READ
    )
    pregnant_women: Connection[Person] = _connection(
        Person,
        PersonFilter,
        PersonOrder,
        Page(tables.Person, only=lambda read: read(tables.Person.is_pregnant)),
        "The women in the caller's rows who were pregnant at their latest survey.",
        Bundle.PERSON_MATERNAL,
    )
    children_under_two: Connection[Person] = _connection(
        Person,
        PersonFilter,
        PersonOrder,
        Page(
            tables.Person,
            only=lambda read: younger_than(2, read(tables.Person.birth_date)),
        ),
        "The children in the caller's rows before their second birthday.",
        Bundle.PERSON_BIRTH,
    )
    training_candidates: Connection[Person] = _connection(
        Person,
        PersonFilter,
        PersonOrder,
        Page(tables.Person, eligible_for="HUNARMAND"),
        "The persons in the caller's rows whom the rules of Hunarmand hold eligible today.",
        Bundle.ELIGIBILITY_READ,
    )
    cross_check: list[CrossCheckResult] = planned(
        _cross_check,
        CrossCheck(),
        "Whether persons, or their households, are already enrolled elsewhere.",
        [Bundle.LOOKUP_CNIC],
    )
    programmes: list[Programme] = planned(
        _programmes, Listing(tables.Programme, (tables.Programme.code,)), "All programmes, by code."
    )
    programme: Programme | None = planned(
        _programme, Lookup(tables.Programme, "code", (tables.Programme.code,)), "One programme by its code."
    )
    regions: Connection[Region] = _connection(
        Region, RegionFilter, RegionOrder, Page(tables.Region), "Provinces, districts and tehsils."
    )
    scorecards: list[Scorecard] = planned(
        _scorecards,
        Listing(tables.Scorecard, (tables.Scorecard.code, tables.Scorecard.valid_from, tables.Scorecard.id)),
        "All scorecards, without their weights.",
    )
