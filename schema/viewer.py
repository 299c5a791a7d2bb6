"""`viewer`: who am I, and what may I see? Answered from the grant alone, without the registry."""

import strawberry

from domain.catalogue import WORDS, Bundle, scopes_in_order
from domain.grant import Grant


@strawberry.type(description="A bundle of attributes that the grant holds.")
class ViewerScope:
    """A granted bundle in words."""

    name: str = strawberry.field(description="The scope.")
    meaning: str = strawberry.field(description="What it lets the caller see or do.")


@strawberry.type(description="A coordinate of the full schema and what it takes to use it.")
class ViewerCoordinate:
    """One coordinate, such as `Person.cnic`, and whether the grant gives it."""

    coordinate: str = strawberry.field(description="The schema coordinate.")
    granted: bool = strawberry.field(description="Whether it is in the caller's visible schema.")
    required_scopes: list[str] = strawberry.field(description="The scopes that give it; none where it is open to all.")


@strawberry.type(description="The caller as the registry knows it.")
class Viewer:
    """Client, agreement and grant of the caller."""

    client: str = strawberry.field(description="The client's name.")
    agreement: str = strawberry.field(description="The reference of the data-sharing agreement.")
    title: str = strawberry.field(description="Its title.")
    purposes: list[str] = strawberry.field(description="The purposes it was signed for.")
    valid_until: str = strawberry.field(description="The last day on which it answers, ISO 8601.")
    territory: str = strawberry.field(description="NONE, NATIONAL, PROVINCES or DISTRICTS.")
    regions: list[str] = strawberry.field(description="The codes of the provinces or districts.")
    cohort: str | None = strawberry.field(description="The programme whose eligible persons are the rows, if any.")
    scopes: list[ViewerScope] = strawberry.field(description="The granted bundles, in words.")
    coordinates: list[ViewerCoordinate] = strawberry.field(
        description="Every coordinate of the registry's schema, granted or not."
    )


def viewer_of(grant: Grant, coordinates: list[ViewerCoordinate]) -> Viewer:
    """Return the viewer of a grant."""
    return Viewer(
        client=grant.client_name,
        agreement=grant.agreement_reference,
        title=grant.agreement_title,
        purposes=list(grant.purposes),
        valid_until=grant.valid_until.isoformat(),
        territory=grant.rows.territory.value,
        regions=list(grant.rows.region_codes),
        cohort=grant.rows.cohort.code if grant.rows.cohort else None,
        scopes=[ViewerScope(name=name, meaning=WORDS[Bundle(name)]) for name in scopes_in_order(grant.bundles)],
        coordinates=coordinates,
    )
