"""Determinations as a whole: households, versions, replacement, and the grammar of reason codes."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Select, insert, select, update

from domain.determination import Determination
from domain.eligibility.determine import RULES, determine_households
from domain.eligibility.reason import WORDS, Reason
from domain.eligibility.terms import RulesFault, Terms
from domain.tables import Household, Programme, ProgrammeRules
from tests.scoring_world import CHILD, MAN, ON, SURVEYED, WIFE, YES, World, no, number, unknown

pytest_plugins = ("tests.scoring_fixtures",)

FOREVER = date(9999, 12, 31)
WOMAN = {**WIFE, "cnic": number(1)}
OTHER = {**WOMAN, "cnic": number(2)}


def rules_of(programme: str) -> Select[int]:
    """The number of a programme."""
    return select(Programme.id).where(Programme.code == programme)


def new_version(world: World, programme: str, begins: date, **changed: Any) -> None:
    """Install another version of a programme's rules with other values of some parameters."""
    number_ = world.connection.scalar(rules_of(programme))
    old = world.connection.scalar(select(ProgrammeRules.parameters).where(ProgrammeRules.programme_id == number_))
    parameters = {**(old or {}), **{name: {"value": value, "source": "a test"} for name, value in changed.items()}}
    version = {"version": str(begins), "valid_from": begins, "parameters": parameters}
    world.connection.execute(insert(ProgrammeRules).values(programme_id=number_, **version))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([WOMAN, {**OTHER, "verification_status": "MISMATCH"}], YES),
        ([{**WOMAN, "verification_status": "PENDING"}, {**OTHER, "verification_status": "MISMATCH"}],
         unknown("NOT_VERIFIED", "VERIFICATION_PENDING")),
        ([{**WOMAN, "verification_status": "BLOCKED"}, {**OTHER, "cnic": None}], no("CNIC_MISSING", "NOT_VERIFIED")),
        ([MAN], None),
    ],
)  # fmt: skip
def test_household(world: World, members: list[dict[str, Any]], expected: Any) -> None:
    """A household is eligible if a member is, else unknown if that is one's answer, else refused; it has no answer when
    no member is in the target group."""
    world.household(*members)
    found = world.determine("KAFAALAT").get(None)
    assert found == ([(*expected, ON, FOREVER)] if expected else None)


@pytest.mark.parametrize(
    ("members", "until"),
    [
        ([{**CHILD, "birth_date": date(2025, 3, 1)}, {**CHILD, "birth_date": date(2025, 2, 1)}], date(2027, 2, 1)),
        # The baby expected in August is not in the registry; the mother's stretch ends 6 months after 15 August 2026.
        ([{**WOMAN, "is_pregnant": True, "expected_delivery": date(2026, 8, 15)}], date(2027, 2, 15)),
    ],
)
def test_household_until_the_first_change(world: World, members: list[dict[str, Any]], until: date) -> None:
    """A household's answer holds until the earliest end of its members' answers."""
    world.household(*members)
    assert world.determine("NASHONUMA")[None][0][2:] == (ON, until)


def test_household_until_another_member_belongs(world: World) -> None:
    """A household's answer does not outlast the day on which another member enters the target group."""
    adult = {**MAN, "cnic": number(3), "birth_date": date(2000, 1, 1)}
    world.household(adult, {**CHILD, "birth_date": date(2012, 9, 9)})
    found = world.determine("HUNARMAND")
    assert found[None] == [(*no("EDUCATION_BELOW_MINIMUM"), ON, date(2030, 9, 9))]  # 18 years, beyond the horizon


def test_evaluated_again(world: World) -> None:
    """Determining again replaces the answers of the given households, and of no others."""
    one, other = world.household(WOMAN), world.household(OTHER)
    world.determine("KAFAALAT")
    world.connection.execute(update(Household).values(mobile=None))
    chosen = select(Household.id).where(Household.id == one)
    written = determine_households(world.connection, chosen, on=date(2026, 8, 1))
    rows = world.connection.execute(
        select(Determination.household_id, Determination.holds_from).order_by(Determination.holds_from)
    ).all()
    kept = [row for row in rows if row.household_id == other]
    assert written == len(rows) - len(kept)
    assert {row.holds_from for row in kept} == {ON}
    assert {row.holds_from for row in rows if row.household_id == one} == {date(2026, 8, 1)}


def test_what_a_determination_carries(world: World) -> None:
    """A determination names its rules' version, the date of the data and the place of the household."""
    household = world.household(WOMAN, province="Sindh")
    world.determine("KAFAALAT")
    columns = select(Determination, ProgrammeRules.version).join(
        ProgrammeRules, ProgrammeRules.id == Determination.rules_id
    )
    rows = world.connection.execute(columns.where(Determination.programme_id.in_(rules_of("KAFAALAT")))).all()
    assert {(row.version, row.data_as_of, row.province_id, row.household_id) for row in rows} == {
        ("2021-09", SURVEYED, world.provinces["Sindh"], household)
    }


def test_a_new_version_takes_over_on_its_day(world: World) -> None:
    """The day before a version's first day is answered by the version before it, the day itself by the new one."""
    new_version(world, "KAFAALAT", date(2026, 9, 1), cutoff=40)
    person = world.members(world.household(WOMAN, score=3500))[0]
    assert world.determine("KAFAALAT")[person] == [
        (*no("SCORE_ABOVE_CUTOFF"), ON, date(2026, 9, 1)),
        (*YES, date(2026, 9, 1), FOREVER),
    ]
    assert world.determine("KAFAALAT", on=date(2026, 8, 31))[person][0][0] == "NOT_ELIGIBLE"
    assert world.determine("KAFAALAT", on=date(2026, 9, 1))[person] == [(*YES, date(2026, 9, 1), FOREVER)]


def test_a_borrowed_threshold_changes_with_its_lender(world: World) -> None:
    """Hunarmand's cut-off is that of Kafaalat on the day, so a new version there changes the answer here."""
    new_version(world, "KAFAALAT", date(2026, 9, 1), cutoff=40)
    person = world.members(
        world.household({**WOMAN, "education_level": "MATRIC", "birth_date": ON.replace(2000)}, score=3500)
    )
    assert world.determine("HUNARMAND")[person[0]] == [
        (*no("SCORE_ABOVE_CUTOFF"), ON, date(2026, 9, 1)),
        (*YES, date(2026, 9, 1), date(2041, 7, 1)),
    ]


def test_a_version_without_changes_elsewhere_cuts_nothing(world: World) -> None:
    """A new version of Kafaalat begins a new answer there, and none here where its thresholds stay the same."""
    new_version(world, "KAFAALAT", date(2026, 9, 1))
    trainee = {**WOMAN, "education_level": "MATRIC", "birth_date": ON.replace(2000)}
    person = world.members(world.household(trainee))[0]
    assert len(world.determine("KAFAALAT")[person]) == 2
    assert world.determine("HUNARMAND")[person] == [(*YES, ON, date(2041, 7, 1))]


def test_nothing_holds_after_the_last_day_of_the_rules(world: World) -> None:
    """Rules that end leave no answer for the days after their last."""
    last = update(ProgrammeRules).values(valid_until=date(2026, 12, 31))
    world.connection.execute(last.where(ProgrammeRules.programme_id.in_(rules_of("KAFAALAT"))))
    person = world.members(world.household(WOMAN))[0]
    assert world.determine("KAFAALAT")[person] == [(*YES, ON, date(2027, 1, 1))]
    assert world.determine("KAFAALAT", on=date(2027, 1, 1)) == {}


def test_before_any_rules(world: World) -> None:
    """On a day before the first version of a programme's rules there is an answer from its first day only."""
    person = world.members(world.household(WOMAN))[0]
    assert world.determine("KAFAALAT", on=date(2021, 9, 22))[person][0][2] == date(2021, 9, 23)
    assert world.determine("KAFAALAT", on=date(2019, 9, 22)) == {}  # the first day lies beyond the horizon


def test_rules_without_criteria(world: World) -> None:
    """Rules of a programme that this release has no criteria for are refused, not passed over."""
    zakat = world.connection.scalar(rules_of("ZAKAT"))
    version = {"version": "1", "valid_from": date(2025, 1, 1), "parameters": {}}
    world.connection.execute(insert(ProgrammeRules).values(programme_id=zakat, **version))
    with pytest.raises(RulesFault, match="ZAKAT has parameters but no criteria"):
        world.determine("KAFAALAT")


def test_a_borrowed_threshold_ends_with_its_lender(world: World) -> None:
    """From the day on which Kafaalat has no rules in force, nobody is answered for Hunarmand by its old cut-off."""
    ended = update(ProgrammeRules).values(valid_until=date(2025, 12, 31))
    world.connection.execute(ended.where(ProgrammeRules.programme_id.in_(rules_of("KAFAALAT"))))
    person = world.members(world.household({**WOMAN, "education_level": "MATRIC", "birth_date": ON.replace(2000)}))[0]
    assert world.determine("HUNARMAND", on=date(2025, 12, 31))[person][0][3] == date(2026, 1, 1)
    assert world.determine("HUNARMAND", on=date(2026, 1, 1)) == {}


@pytest.mark.parametrize(
    ("ask", "given"),
    [
        (Terms.integer, {"value": 1.5, "source": ""}),
        (Terms.integer, {"value": True, "source": ""}),
        (Terms.number, {"value": "1", "source": ""}),
        (Terms.text, {"value": 1, "source": ""}),
        (Terms.ages, {"value": [4], "source": ""}),
        (Terms.ages, {"value": [12, 4], "source": ""}),
        (Terms.ages, {"value": [4, "12"], "source": ""}),
        (Terms.integer, {"value": 1}),
        (Terms.integer, None),
    ],
)
def test_parameters_are_checked(ask: Any, given: object) -> None:
    """A parameter that is missing, uncited or of another kind is a fault that names programme and parameter."""
    with pytest.raises(RulesFault, match=r"KAFAALAT: .*`cutoff`"):
        ask(Terms("KAFAALAT", {"cutoff": given}, ON), "cutoff")


def test_least_education_must_be_a_level() -> None:
    """Hunarmand's least education is a level of the survey file, or a fault that lists them."""
    parameters: dict[str, Any] = {name: {"value": 1, "source": ""} for name in ("cutoff", "cutoff_with_disability")}
    parameters |= {"ages": {"value": [18, 40], "source": ""}, "least_education": {"value": "class 10", "source": ""}}
    with pytest.raises(RulesFault, match=r"one of none, primary"):
        RULES["HUNARMAND"](Terms("HUNARMAND", parameters, ON))


@pytest.mark.parametrize("reason", list(Reason))
def test_grammar_of_reasons(reason: Reason) -> None:
    """A reason's code is upper-case words without digits, is its own name, and has words for the person concerned."""
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", reason.value)
    assert reason.name == reason.value
    assert WORDS[reason].endswith(".")


def test_unknown_reasons_end_in_unknown_or_pending() -> None:
    """A criterion's code for *not known* is recognisable as such, and its code for *not met* never is."""
    parameters = {"value": 1, "source": ""}
    ages = {name: {"value": [1, 2], "source": ""} for name in ("ages", "maternity_ages", "primary_ages",
            "secondary_ages", "higher_secondary_ages")}  # fmt: skip
    names = ("cutoff", "cutoff_with_disability", "cnic_age", "child_months", "lactation_months", "pregnancy_months")
    given = {**dict.fromkeys(names, parameters), **ages, "least_education": {"value": "matric", "source": ""}}
    for programme, build in RULES.items():
        rules = build(Terms(programme, given, ON))
        for criterion in rules.criteria:
            assert not criterion.unmet.is_unknown
            assert criterion.unknown is None or criterion.unknown.is_unknown
        assert rules.target.unknown is None or rules.target.unknown.is_unknown
