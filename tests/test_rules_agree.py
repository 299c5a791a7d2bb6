"""Two ways must agree: the statements of scoring and of the rules, and the slow evaluator of `naive_rules`."""

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, update

from domain import codes
from domain.tables import ExclusionHit, Score
from tests import naive_rules
from tests.scoring_world import HOUSEHOLD, MAN, ON, PROVINCES, World, number

pytest_plugins = ("tests.scoring_fixtures",)

NUMBERS = count(1)
flags = st.sampled_from([True, False, None])


def one_of(vocabulary: type[codes.Code], *, missing: bool = True) -> st.SearchStrategy[str | None]:
    """An answer of a vocabulary, or none."""
    words = [code.value for code in vocabulary]
    return st.sampled_from([*words, None] if missing else words)


def dates(first: date, last: date) -> st.SearchStrategy[date]:
    """A date, often one of those on which things happen."""
    return st.dates(first, last) | st.sampled_from([ON, ON - timedelta(1), ON + timedelta(1)]).filter(
        lambda day: first <= day <= last
    )


birth_dates = st.one_of(
    st.dates(date(1970, 1, 1), ON),
    st.dates(date(2000, 1, 1), ON),
    st.integers(0, 50).map(lambda years: date(ON.year - years, ON.month, ON.day)),
    st.integers(0, 50).map(lambda years: date(ON.year - years, ON.month, ON.day + 1)),
    st.sampled_from([date(year, 2, 29) for year in range(1976, 2026, 4)]),
)
enrolments = st.dictionaries(
    st.sampled_from(["KAFAALAT", "HUNARMAND", "ZAKAT"]), dates(date(2025, 1, 1), date(2027, 1, 1)), max_size=2
).map(lambda begun: list(begun.items()))

members = st.fixed_dictionaries(
    {
        "sex": one_of(codes.Sex, missing=False) | st.just("FEMALE"),
        "birth_date": birth_dates,
        "relation_to_head": st.sampled_from(["SPOUSE", "SON_DAUGHTER", "OTHER_RELATIVE"]),
        "marital_status": one_of(codes.MaritalStatus),
        "is_pregnant": flags,
        "expected_delivery": st.none() | dates(date(2025, 10, 1), date(2027, 1, 31)),
        "is_lactating": flags,
        "education_level": one_of(codes.EducationLevel),
        "attending_school": flags,
        "employment_status": one_of(codes.EmploymentStatus),
        "elementary_occupation": flags,
        "disability_severity": one_of(codes.DisabilitySeverity) | st.none(),
        "verification_status": one_of(codes.VerificationStatus, missing=False) | st.just("MATCH"),
        "cnic": st.booleans(),
        "bform_no": st.booleans(),
        "excluded": st.sampled_from([False, False, True]),
        "enrolments": enrolments,
    }
)
answered = {
    "water_source": one_of(codes.WaterSource),
    "toilet": one_of(codes.Toilet),
    **dict.fromkeys(("refrigerator", "tv", "motorcycle", "car", "tractor"), flags),
}
households = st.fixed_dictionaries(
    {
        **{name: st.just(HOUSEHOLD[name]) | answers for name, answers in answered.items()},
        "mobile": st.sampled_from(["+923001234567", None]),
        "surveyed_on": dates(date(2024, 1, 1), ON),
        "members": st.lists(members, min_size=1, max_size=6),
    }
)
registries = st.lists(
    st.tuples(households, st.sampled_from(PROVINCES), st.sampled_from([None, 3199, 3200, 3201, 3700, 3701])),
    min_size=1,
    max_size=4,
)


def write(world: World, household: dict[str, Any], province: str) -> UUID:
    """Write a household with its members, enrolments and exclusions."""
    roster = [_as_row(person) for person in household["members"]]
    roster[0]["relation_to_head"] = household["members"][0]["relation_to_head"] = "HEAD"
    answers = {name: value for name, value in household.items() if name != "members"}
    written = world.household(*roster, province=province, **answers)
    for person, row in zip(world.members(written), household["members"], strict=True):
        for programme, since in row["enrolments"]:
            world.enrol(person, programme, since)
        if row["excluded"]:
            hit = {"filter": "TRAVEL", "filter_version": "1", "via": "SELF", "source": "FIA", "evidence_on": ON}
            world.connection.execute(insert(ExclusionHit).values(**hit, person_id=person, status="APPLIED"))
    return written


def _as_row(person: dict[str, Any]) -> dict[str, Any]:
    for name in ("cnic", "bform_no"):
        person[name] = number(next(NUMBERS)) if person[name] else None
    return {**MAN, **{name: value for name, value in person.items() if name not in ("excluded", "enrolments")}}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(registry=registries)
def test_scores_and_rules_agree(furnished: Engine, registry: list[Any]) -> None:
    """For any registry, score, decision, reasons and dates of SQL are those of the naive evaluator."""
    with furnished.connect() as connection, connection.begin() as transaction:
        world = World(connection)
        ids = [write(world, household, province) for household, province, _ in registry]
        scores = world.score()
        for id_, (household, province, chosen) in zip(ids, registry, strict=True):
            assert scores[id_] == naive_rules.score(household, province)
            household["score"] = scores[id_] if chosen is None else chosen
            if chosen is not None:
                connection.execute(update(Score).where(Score.household_id == id_).values(value=chosen))
        for programme in naive_rules.PROGRAMMES:
            _compare(world, programme, ids, [household for household, _, _ in registry])
        transaction.rollback()


def _compare(world: World, programme: str, ids: list[UUID], written: list[dict[str, Any]]) -> None:
    found = world.determine(programme)
    of_households = found.pop(None, [])
    expected_households = []
    for id_, household in zip(ids, written, strict=True):
        of_members, of_household = naive_rules.determinations(programme, household, ON)
        for person, expected in zip(world.members(id_), of_members, strict=True):
            assert found.pop(person, []) == expected, programme
        expected_households += [of_household] if of_household else []
    assert not found
    assert sorted(of_households) == sorted(expected_households), programme
