"""INSUFFICIENT_SCOPE: what is not granted is told apart from what does not exist, with the scopes that it takes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from domain.catalogue import Bundle
from tests.registry import small_registry
from tests.service import Service, service_on

Missing = dict[str, list[str]]


@pytest.fixture(scope="module")
def service(new_database: Callable[[], str]) -> Iterator[Service]:
    """The application over a small registry, with a client that may see little."""
    with service_on(new_database(), small_registry(households=20)) as service:
        service.admit("little", [Bundle.PERSON_READ, Bundle.ENROLMENT_READ])
        yield service


def _withheld(
    service: Service, query: str, variables: dict[str, Any] | None = None, client: str = "little", **headers: str
) -> tuple[Missing, str]:
    """Return the coordinates of a 403 with the scopes of each, and the scopes of its challenge."""
    answer = service.ask(client, query, variables, **headers)
    assert answer.status_code == 403, answer.text
    errors = answer.json()["errors"]
    assert list(answer.json()) == ["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"INSUFFICIENT_SCOPE"}
    told = {error["extensions"]["coordinate"]: error["extensions"]["requiredScopes"] for error in errors}
    assert len(told) == len(errors), "each coordinate once"
    for error in errors:
        scopes = " and ".join(error["extensions"]["requiredScopes"])
        place = error["extensions"]["coordinate"]
        assert error["message"] == f"{place} needs the scope {scopes}, which this grant does not hold."
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="insufficient_scope", scope="')
    return told, challenge.split('scope="')[1].split('"')[0]


def test_every_withheld_coordinate_is_told_at_once(service: Service) -> None:
    """One error for each coordinate; the challenge names all that the operation needs, what is held included."""
    person = "id name birthDate household { score { band } }"
    query = f"{{ persons(first: 1) {{ edges {{ node {{ {person} }} }} }} households {{ totalCount }} }}"
    missing, challenge = _withheld(service, query)
    assert missing == {
        "Person.name": ["person:identity"],
        "Person.birthDate": ["person:birth"],
        "Household.score": ["household:band"],
        "Score.band": ["household:band"],
        "Query.households": ["household:read"],
    }
    assert challenge == "household:read household:band person:read person:identity person:birth"
    assert service.ask("little", "{ persons(first: 1) { edges { node { id sex ageYears } } } }").status_code == 200


@pytest.mark.parametrize(
    ("query", "variables", "missing"),
    [
        ('{ persons(where: {name: {eq: "x"}}) { totalCount } }', {}, {"PersonFilter.name": ["person:identity"]}),
        (
            "query($w: PersonFilter) { persons(where: $w) { totalCount } }",
            {"w": {"and": [{"sex": {"eq": "MALE"}}, {"not": {"birthDate": {"gt": "2000-01-01"}}}]}},
            {"PersonFilter.birthDate": ["person:birth"]},
        ),
        (
            "query($b: DateFilter) { persons(where: {birthDate: $b}) { totalCount } }",
            {"b": {"eq": "2000-01-01"}},
            {"PersonFilter.birthDate": ["person:birth"]},
        ),
        (
            'query($w: PersonFilter = {name: {eq: "x"}}) { persons(where: $w) { totalCount } }',
            {"w": {"sex": {"eq": "MALE"}}},
            {"PersonFilter.name": ["person:identity"]},
        ),
        (
            "query($o: [PersonOrder!]) { persons(orderBy: $o) { totalCount } }",
            {"o": [{"household": {"score": {"band": "ASC"}}}]},
            {
                "PersonOrder.household": ["household:band"],
                "HouseholdOrder.score": ["household:band"],
                "ScoreOrder.band": ["household:band"],
            },
        ),
        (
            '{ persons(where: {education: {level: {eq: MATRIC}}, isEligibleFor: "HUNARMAND"}) { totalCount } }',
            {},
            {
                "PersonFilter.education": ["person:education"],
                "EducationFilter.level": ["person:education"],
                "PersonFilter.isEligibleFor": ["eligibility:read"],
            },
        ),
        (
            '{ persons(where: {cnic: {eq: "90000-0000000-1"}}) { totalCount } }',
            {},
            {"PersonFilter.cnic": ["lookup:cnic"]},
        ),
        ("{ persons { edges { node { education { __typename } } } } }", {}, {"Person.education": ["person:education"]}),
        ("{ persons(where: {education: {}}) { totalCount } }", {}, {"PersonFilter.education": ["person:education"]}),
        (
            '{ person(cnic: "1") { enrolments { since } } }',
            {},
            {"Query.person": ["lookup:cnic"]},
        ),
        (
            "{ pregnantWomen { totalCount } childrenUnderTwo { totalCount } trainingCandidates { totalCount } }",
            {},
            {
                "Query.pregnantWomen": ["person:maternal"],
                "Query.childrenUnderTwo": ["person:birth"],
                "Query.trainingCandidates": ["eligibility:read"],
            },
        ),
        (
            "{ persons { edges { node { ...F ... @include(if: false) { name } } } } } fragment F on Person { x: cnic }",
            {},
            {"Person.name": ["person:identity"], "Person.cnic": ["person:identity"]},
        ),
        (
            "query Q { persons { totalCount } } query Other { persons { edges { node { name } } } }",
            {},
            {"Person.name": ["person:identity"]},
        ),
        (
            '{ __type(name: "P") { name } persons { edges { node { determinations(programme: "X") { reasons } } } } }',
            {},
            {"Person.determinations": ["eligibility:read"], "Determination.reasons": ["eligibility:read"]},
        ),
    ],
)
def test_a_withheld_coordinate_is_found_wherever_it_hides(
    service: Service, query: str, variables: dict[str, Any], missing: Missing
) -> None:
    """In literals, variables, defaults, orders, groups, fragments, skipped parts and operations that are not asked."""
    operation = "Q" if query.startswith("query Q") else None
    body = {"query": query, "variables": variables, "operationName": operation}
    headers = {"authorization": f"Bearer {service.token('little')}"}
    answer = service.http.post("/graphql", json=body, headers=headers)
    found = {e["extensions"]["coordinate"]: e["extensions"]["requiredScopes"] for e in answer.json()["errors"]}
    assert answer.status_code == 403
    assert found == missing


def test_a_scope_that_is_held_is_never_asked_for(service: Service) -> None:
    """A field under what is withheld, whose own scope is held, is not among the errors."""
    missing, challenge = _withheld(service, "{ households { edges { node { enrolments { since } } } } }")
    assert missing == {"Query.households": ["household:read"]}
    assert challenge == "household:read enrolment:read"


def test_more_scopes_do_not_help_what_does_not_exist(service: Service) -> None:
    """Beside a coordinate that does not exist, one that is withheld is an ordinary validation error."""
    for query in (
        "{ persons { edges { node { name nothing } } } }",
        "{ persons(where: {nothing: {eq: 1}}) { edges { node { name } } } }",
        "{ persons { edges { node { nam } } } }",
    ):
        answer = service.ask("little", query)
        assert answer.status_code == 400
        assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
        assert service.ask("little", query, accept="application/json").status_code == 200
    for variables in ({"w": {"name": {"eq": "x"}, "nothing": 1}}, {"w": {"name": {"eq": 1}}}, {"w": {"name": "x"}}):
        answer = service.ask("little", "query($w: PersonFilter) { persons(where: $w) { totalCount } }", variables)
        assert answer.status_code == 400
    assert (
        service.ask("little", "query A { persons { edges { node { name } } } } query B { __typename }").status_code
        == 400
    )


def test_a_refusal_for_scopes_is_403_in_either_media_type(service: Service) -> None:
    """Clients of the plain type learn of it by the status, too."""
    for accept in ("application/json", "application/graphql-response+json"):
        assert service.ask("little", "{ households { totalCount } }", accept=accept).status_code == 403


def test_the_scopes_that_are_named_are_enough(service: Service) -> None:
    """A client that holds exactly what the challenge names is answered."""
    query = "{ persons(first: 1) { edges { node { name household { score { band } region { code } } } } } }"
    _, challenge = _withheld(service, query)
    service.admit("enough", [Bundle(scope) for scope in challenge.split()])
    assert service.ask("enough", query).status_code == 200
