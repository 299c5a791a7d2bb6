"""The partners of the sandbox: what each may see, for what, and a question that it would ask. For `sandbox` only.

The agreements are invented. Their legal basis says so, so that none can be taken for one that was signed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.agreement import TerritoryKind
from domain.catalogue import Bundle
from domain.grant import today

_WHOLE_RECORD = frozenset(
    bundle for bundle in Bundle if bundle.startswith(("household:", "person:")) and bundle is not Bundle.HOUSEHOLD_SCORE
)

_VIEWER = "{ viewer { client agreement purposes validUntil territory cohort scopes { name meaning } } }"

_PREGNANT = """
query($bands: [ScoreBand!], $from: Date!) {
  pregnantWomen(
    first: 5
    where: {expectedDelivery: {gte: $from}, household: {score: {band: {in: $bands}}}}
    orderBy: [{household: {score: {band: ASC}}}]
  ) {
    totalCount
    edges { node {
      name cnic ageYears expectedDelivery
      household { region { name } address mobile score { band } }
      enrolments { programme { code } status since }
    } }
    pageInfo { hasNextPage endCursor }
  }
}"""

_CANDIDATES = """
query($levels: [EducationLevel!]) {
  trainingCandidates(first: 5, where: {ageYears: {gte: 18, lt: 25}, education: {level: {in: $levels}}}) {
    totalCount
    edges { node {
      name cnic sex ageYears education { level } employment { status }
      household { region { name } mobile score { band } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}"""

_CROSS_CHECK = """
query($cnics: [String!]!) {
  crossCheck(cnics: $cnics, programmes: ["HIMMAT_CARD"]) {
    cnic status
    personEnrolments { programme { code name } status since }
    householdEnrolments { programme { code } status }
    conflicts { programme { code } becauseOf { code } level rule }
  }
}"""

_AT_THE_DESK = """
query($cnic: String!) {
  person(cnic: $cnic) {
    name sex birthDate maritalStatus verification { status checkedOn mismatches }
    determinations { programme { code } decision reasons }
    household {
      region { name } address mobile surveyedOn size monthlyIncome
      members { name relationToHead ageYears bformNo education { attendingSchool } }
    }
  }
}"""


def _nothing(numbers: Sequence[str]) -> dict[str, Any]:
    return {}


_UNREGISTERED, _MALFORMED = "90000-0000000-0", "90000-000"
"""A number that nobody has and one that nobody can have, so that the answer shows what becomes of such."""


@dataclass(frozen=True, slots=True)
class Partner:
    """One client with its agreement."""

    client_id: str
    name: str
    consumer: str
    title: str
    purposes: tuple[str, ...]
    bundles: frozenset[Bundle]
    territory: TerritoryKind
    """`PROVINCES` is Punjab; `DISTRICTS` is the district of Punjab in which most households are registered."""
    cohort: str | None = None
    query: str = _VIEWER
    numbers: int = 0
    """How many identity numbers from its own rows the question needs."""
    variables: Callable[[Sequence[str]], dict[str, Any]] = _nothing
    """Makes the question's variables from those numbers."""


def _bundles(*areas: str) -> frozenset[Bundle]:
    """Return the bundles of areas such as `person: read identity`."""
    named = (text.partition(": ") for text in areas)
    return frozenset(Bundle(f"{area}:{right}") for area, _, rights in named for right in rights.split())


PARTNERS = (
    Partner(
        "nashonuma",
        "Nashonuma facilitation",
        "Benazir Nashonuma",
        "Finding and enrolling pregnant and lactating women and children under two",
        ("enrolment in Benazir Nashonuma", "outreach to eligible mothers"),
        _bundles(
            "household: read location contact band",
            "person: read identity birth family maternal",
            "eligibility: read",
            "enrolment: read write",
            "lookup: cnic",
            "changes: read",
        ),
        TerritoryKind.NATIONAL,
        "NASHONUMA",
        _PREGNANT,
        variables=lambda numbers: {"bands": ["A", "B"], "from": today().isoformat()},
    ),
    Partner(
        "hunarmand",
        "Hunarmand admissions",
        "Benazir Hunarmand",
        "Finding and enrolling candidates for vocational training",
        ("enrolment in Benazir Hunarmand", "outreach to eligible candidates"),
        _bundles(
            "household: read location contact band",
            "person: read identity birth education employment",
            "eligibility: read",
            "enrolment: read write",
            "lookup: cnic",
        ),
        TerritoryKind.NATIONAL,
        "HUNARMAND",
        _CANDIDATES,
        variables=lambda numbers: {"levels": ["MATRIC", "INTERMEDIATE"]},
    ),
    Partner(
        "punjab",
        "Punjab social protection",
        "Punjab Social Protection Authority",
        "Cross-checking applicants of provincial programmes",
        ("keeping one person from two grants that exclude each other",),
        _bundles(
            "household: read", "person: read identity", "eligibility: read", "enrolment: read write", "lookup: cnic"
        ),
        TerritoryKind.PROVINCES,
        query=_CROSS_CHECK,
        numbers=4,
        variables=lambda numbers: {"cnics": [*numbers, _UNREGISTERED, _MALFORMED]},
    ),
    Partner(
        "desk",
        "Registration desk",
        "BISP tehsil offices of one district",
        "Registering and amending households at the desk",
        ("registration", "amendment", "grievances"),
        _WHOLE_RECORD | _bundles("eligibility: read", "registration: write", "grievance: write", "lookup: cnic"),
        TerritoryKind.DISTRICTS,
        query=_AT_THE_DESK,
        numbers=1,
        variables=lambda numbers: {"cnic": next(iter(numbers), _UNREGISTERED)},
    ),
    Partner(
        "statistics",
        "Ministry statistics",
        "Ministry of Poverty Alleviation and Social Safety",
        "Figures about coverage, never people",
        ("planning", "public reporting"),
        _bundles("statistics: read"),
        TerritoryKind.NONE,
    ),
    Partner(
        "admin",
        "Agreement administration",
        "BISP, data-sharing unit",
        "Administering agreements and clients",
        ("administration of data sharing",),
        _bundles("agreement: admin"),
        TerritoryKind.NONE,
    ),
    Partner(
        "auditor",
        "Audit",
        "Auditor General of Pakistan",
        "Reading the record of disclosures",
        ("audit",),
        _bundles("disclosures: read"),
        TerritoryKind.NONE,
    ),
)
"""The seven clients of the sandbox, in the order in which they are listed."""
