"""The catalogue of attributes: which bundle every shareable attribute belongs to. Every floor reads it.

A bundle is a named set of attributes that is granted together; its name is the OAuth scope. An attribute names its
bundle once, in the `info` of the column that holds it (see `attribute`). The visible schema, the `@requiresScopes`
directive, the reference pages and the oracle of the tests are derived from here.

The grammar of a bundle's name is `area:right`, both in lower-case ASCII letters.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, mapped_column


class Bundle(StrEnum):
    """A bundle of attributes or a right to act; the value is the OAuth scope."""

    HOUSEHOLD_READ = "household:read"
    HOUSEHOLD_LOCATION = "household:location"
    HOUSEHOLD_CONTACT = "household:contact"
    HOUSEHOLD_INCOME = "household:income"
    HOUSEHOLD_ASSETS = "household:assets"
    HOUSEHOLD_HOUSING = "household:housing"
    HOUSEHOLD_SCORE = "household:score"
    HOUSEHOLD_BAND = "household:band"
    PERSON_READ = "person:read"
    PERSON_IDENTITY = "person:identity"
    PERSON_BIRTH = "person:birth"
    PERSON_FAMILY = "person:family"
    PERSON_MATERNAL = "person:maternal"
    PERSON_EDUCATION = "person:education"
    PERSON_EMPLOYMENT = "person:employment"
    PERSON_DISABILITY = "person:disability"
    PERSON_VERIFICATION = "person:verification"
    ELIGIBILITY_READ = "eligibility:read"
    ENROLMENT_READ = "enrolment:read"
    ENROLMENT_WRITE = "enrolment:write"
    LOOKUP_CNIC = "lookup:cnic"
    REGISTRATION_WRITE = "registration:write"
    GRIEVANCE_WRITE = "grievance:write"
    STATISTICS_READ = "statistics:read"
    CHANGES_READ = "changes:read"
    DISCLOSURES_READ = "disclosures:read"
    AGREEMENT_ADMIN = "agreement:admin"


WORDS: dict[Bundle, str] = {
    Bundle.HOUSEHOLD_READ: "that a household is registered, in which tehsil, since when, its size and its last survey",
    Bundle.HOUSEHOLD_LOCATION: "the address and the coordinates of the dwelling",
    Bundle.HOUSEHOLD_CONTACT: "the household's mobile number",
    Bundle.HOUSEHOLD_INCOME: "the stated monthly income",
    Bundle.HOUSEHOLD_ASSETS: "durable goods, vehicles, livestock and land",
    Bundle.HOUSEHOLD_HOUSING: "rooms, tenure, toilet, water, fuel and light",
    Bundle.HOUSEHOLD_SCORE: "the poverty score with its scorecard and date",
    Bundle.HOUSEHOLD_BAND: "the band of the poverty score, never its value",
    Bundle.PERSON_READ: "that a person is registered, with sex, age in years and relation to the head",
    Bundle.PERSON_IDENTITY: "name, CNIC and B-Form number",
    Bundle.PERSON_BIRTH: "date of birth and age in months",
    Bundle.PERSON_FAMILY: "marital status",
    Bundle.PERSON_MATERNAL: "pregnancy, expected delivery and breastfeeding",
    Bundle.PERSON_EDUCATION: "education and school attendance",
    Bundle.PERSON_EMPLOYMENT: "employment and occupation",
    Bundle.PERSON_DISABILITY: "functional limitations",
    Bundle.PERSON_VERIFICATION: "the result of the check against NADRA",
    Bundle.ELIGIBILITY_READ: "the decisions of programme rules with their reasons",
    Bundle.ENROLMENT_READ: "which programmes a person takes part in",
    Bundle.ENROLMENT_WRITE: "recording enrolments in the partner's own programme",
    Bundle.LOOKUP_CNIC: "asking by a CNIC or B-Form number that the partner already holds",
    Bundle.REGISTRATION_WRITE: "registering and amending households at a desk",
    Bundle.GRIEVANCE_WRITE: "lodging grievances",
    Bundle.STATISTICS_READ: "disclosure-controlled figures, never people",
    Bundle.CHANGES_READ: "the feed of changes in the partner's own rows",
    Bundle.DISCLOSURES_READ: "the record of who was told what",
    Bundle.AGREEMENT_ADMIN: "administering agreements and clients",
}
"""What each bundle discloses or permits, in words that a consent form can print after "may see" or "may use"."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One shareable attribute: the bundle that gives it and what it means."""

    bundle: Bundle
    meaning: str
    lookup: bool = False
    """Whether filtering by this attribute is asking by an identity number, which needs `lookup:cnic` as well."""


_INFO_KEY = "attribute"


def attribute(bundle: Bundle, meaning: str, *args: Any, lookup: bool = False, **options: Any) -> MappedColumn[Any]:
    """Declare a shareable column: `mapped_column` with the bundle that gives it and its meaning for readers."""
    described = Attribute(bundle, meaning, lookup)
    return mapped_column(*args, **options, info={_INFO_KEY: described}, comment=meaning)


def attribute_of(column: InstrumentedAttribute[Any]) -> Attribute:
    """Return what the catalogue says of a mapped column; raise `LookupError` for a column that may not be shared."""
    described = column.info.get(_INFO_KEY)
    if described is None:
        raise LookupError(f"{column} names no bundle in the model, so it may not be shared")
    assert isinstance(described, Attribute)
    return described


def scopes_in_order(bundles: frozenset[Bundle]) -> list[str]:
    """Return the scopes of `bundles` in the catalogue's order, the order of every list that people read."""
    return [bundle.value for bundle in Bundle if bundle in bundles]
