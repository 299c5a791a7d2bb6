"""What a form is held to: single values, the rows of household and person, the roster. No database is asked."""

from datetime import date

import pytest

from domain.codes import RelationToHead
from domain.intake import household as household_rules
from domain.intake import person as person_rules
from domain.intake.fault import value_class
from domain.intake.form import HOUSEHOLD_COLUMNS, PERSON_COLUMNS
from domain.intake.household import HouseholdAnswers
from domain.intake.person import PersonAnswers
from domain.intake.place import Place
from domain.intake.roster import Form, Rules, StagedRow, Submission
from tests.intake_files import Row, household, person

TODAY = date(2026, 7, 1)
PLACES = {
    "PB": Place(1, 1, None, 1, None, None, "3"),
    "PB1": Place(2, 1, 2, 2, None, None, "3"),
    "PB11": Place(3, 1, 2, 3, None, None, "3"),
    "OLD": Place(4, 1, 2, 3, None, date(2020, 6, 30), "3"),
    "NEW": Place(5, 1, 2, 3, date(2020, 7, 1), None, "3"),
}


def form(households: list[Row], persons: list[Row]) -> Form:
    """Return the form that rows make; the household's is on line 2, the persons' on line 2 and after."""
    rows = [StagedRow(2, [row.get(column, "") for column in HOUSEHOLD_COLUMNS]) for row in households]
    roster = [[row.get(column, "") for column in PERSON_COLUMNS] for row in persons]
    return Form("F1", rows, [StagedRow(line, row) for line, row in enumerate(roster, start=2)])


def read(households: list[Row], persons: list[Row], *, synthetic: bool = False) -> Submission | list[tuple[str, str]]:
    """Return the submission, or column and code of each fault."""
    answer = Rules(PLACES, TODAY, synthetic=synthetic).read(form(households, persons))
    return answer if isinstance(answer, Submission) else [(fault.column, fault.code) for fault in answer]


def accepted(answer: Submission | list[tuple[str, str]]) -> Submission:
    """Return a submission that must have been made."""
    assert isinstance(answer, Submission), answer
    return answer


def findings(answer: Submission | list[tuple[str, str]]) -> list[tuple[int | None, str, str, str]]:
    """Return the findings of a submission that must have been made."""
    return [(told.line_no, told.column, told.code, told.severity.value) for told in accepted(answer).findings]


def test_the_answers_are_the_columns_of_the_file() -> None:
    """Fields, answers and columns are one list, in one order."""
    assert tuple(field.column for field in household_rules.FIELDS) == HouseholdAnswers._fields == HOUSEHOLD_COLUMNS
    assert tuple(field.column for field in person_rules.FIELDS) == PersonAnswers._fields == PERSON_COLUMNS


HOUSEHOLD_VALUES = [
    ("region_code", "PB11", ("PB", "PB1", "ZZ-9", "")),
    ("address", "House 7, Mohalla Ú, گلی نمبر ۳\u200c", ("a\x00b", "a\nb", "a\x07b", "x" * 301)),
    ("mobile", "0300-1234567", ("0300-12345", "042-35712345", "none")),
    ("latitude", "31.52", ("22.9", "37.51", "nan", "1e1", "31,5", "31.5N", "٣١")),
    ("longitude", "74.35", ("60.4", "78.1", "inf", "-74.35", "74_35")),
    ("surveyed_on", "2026-07-01", ("2026-07-02", "2009-12-31", "2026-02-30", "20260701", "2026-W10-1", "1/7/2026", "")),
    ("source", "door_to_door", ("DESK", "walk_in", "")),
    ("enumerator", "E0042", ("E" * 41,)),
    ("monthly_income", "100000000", ("100000001", "-1", "1000.5", "1_000", "1e3", "9" * 5000)),
    ("tenure", "rent_free", ("rent free", "OWNED")),
    ("rooms", "0", ("101", "-2", "two")),
    ("toilet", "flush_open_drain", ("latrine",)),
    ("water_source", "tanker", ("river",)),
    ("cooking_fuel", "dung", ("wood",)),
    ("lighting", "solar", ("candle",)),
    ("tv", "false", ("no", "0", "False", "TRUE")),
    ("large_livestock", "100000", ("100001", "-1")),
    ("agricultural_land_acres", "12.5", ("-0.5", "100000.1", "five")),
]


@pytest.mark.parametrize(("column", "good", "bad"), HOUSEHOLD_VALUES)
def test_a_household_value_is_accepted_or_told(column: str, good: str, bad: tuple[str, ...]) -> None:
    """A value inside its limits goes in, one outside is told by its column and by nothing else."""
    accepted(read([household("F1", **{column: good})], [person("F1", 1, birth_date="1990-01-01")]))
    for value in bad:
        told = read([household("F1", **{column: value})], [person("F1", 1)])
        assert isinstance(told, list), value
        assert {place for place, _ in told} == {column}, value


PERSON_VALUES = [
    ("line_no", "999", ("0", "1000", "-1", "1.0", "")),
    ("name", "رابعہ بی بی", ("", "x" * 121, "a\tb")),
    ("cnic", "35202-1234567-2", ("35202-1234567", "35202-12345678-2", "05202-1234567-2", "95202-1234567-2")),
    ("bform_no", "8110112345672", ("81101-123456-2", "0110112345672")),
    ("sex", "transgender", ("F", "Female", "")),
    ("birth_date", "1896-03-01", ("1895-03-01", "2026-03-02", "2030-01-01", "1990", "31/12/1990", "")),
    ("relation_to_head", "head", ("wife", "")),
    ("marital_status", "separated", ("single",)),
    ("is_pregnant", "false", ("yes",)),
    ("is_lactating", "true", ("1",)),
    ("education_level", "none", ("class 5",)),
    ("attending_school", "true", ("t",)),
    ("employment_status", "daily_wage", ("labour",)),
    ("elementary_occupation", "false", ("maybe",)),
    ("occupation", "weaver, part-time", ("x" * 121,)),
    ("disability_domain", "self_care", ("other",)),
    ("disability_severity", "cannot_do", ("a lot",)),
]


@pytest.mark.parametrize(("column", "good", "bad"), PERSON_VALUES)
def test_a_person_value_is_accepted_or_told(column: str, good: str, bad: tuple[str, ...]) -> None:
    """A value inside its limits goes in, one outside is told by its column and by nothing else."""
    accepted(read([household("F1")], [{**person("F1", 1), column: good}]))
    for value in bad:
        told = read([household("F1")], [{**person("F1", 1), column: value}])
        assert isinstance(told, list), value
        assert {place for place, _ in told} == {column}, value


def test_answers_are_held_as_the_registry_stores_them() -> None:
    """Words become codes, numbers lose their spellings, text is composed, and empty is not answered."""
    row = household(
        "F1", mobile="+92 300 1234567", tenure="rent_free", tv="false", latitude="31.50", address="Cafe\u0301"
    )
    submission = accepted(read([row], [person("F1", 1, cnic="3520212345672")]))
    answers = submission.household
    assert (answers.mobile, answers.tenure, answers.tv, answers.latitude) == ("+923001234567", "RENT_FREE", False, 31.5)
    assert (answers.address, answers.car) == ("Caf\u00e9", None)
    assert submission.members[0].person.cnic == "35202-1234567-2"


def test_a_tehsil_is_one_on_the_day_of_the_survey() -> None:
    """Districts are split: a place that had ended, or had not begun, is told."""
    for place, good, bad in (("OLD", "2020-06-30", "2020-07-01"), ("NEW", "2020-07-01", "2020-06-30")):
        accepted(read([household("F1", region_code=place, surveyed_on=good)], [person("F1", 1)]))
        told = read([household("F1", region_code=place, surveyed_on=bad)], [person("F1", 1)])
        assert told == [("region_code", "REGION_NOT_VALID")]


@pytest.mark.parametrize(
    ("sex", "birth_date", "is_possible"),
    [
        ("female", "2016-03-01", True),
        ("female", "2016-03-02", False),
        ("female", "1965-03-02", True),
        ("female", "1965-03-01", False),
        ("transgender", "1990-01-01", True),
        ("male", "1990-01-01", False),
    ],
)
def test_motherhood_is_believed_from_10_to_60_years(sex: str, birth_date: str, is_possible: bool) -> None:
    """Pregnant or breastfeeding: not a male, not before the tenth birthday, not from the sixty-first."""
    for column in ("is_pregnant", "is_lactating"):
        answer = read([household("F1")], [person("F1", 1, sex=sex, birth_date=birth_date, **{column: "true"})])
        assert isinstance(answer, Submission) is is_possible
        accepted(read([household("F1")], [person("F1", 1, sex=sex, birth_date=birth_date, **{column: "false"})]))


@pytest.mark.parametrize(
    ("is_pregnant", "expected", "codes"),
    [
        ("true", "2026-06-01", []),
        ("true", "2026-02-08", []),
        ("true", "2027-01-05", []),
        ("true", "2026-02-07", ["DELIVERY_IMPLAUSIBLE"]),
        ("true", "2027-01-06", ["DELIVERY_IMPLAUSIBLE"]),
        ("false", "2026-06-01", ["DELIVERY_WITHOUT_PREGNANCY"]),
        ("", "2026-06-01", ["DELIVERY_WITHOUT_PREGNANCY"]),
    ],
)
def test_a_delivery_is_expected_within_ten_months(is_pregnant: str, expected: str, codes: list[str]) -> None:
    """Surveyed on 1 March: at most three weeks overdue, at most 310 days ahead, and only of a pregnant woman."""
    answer = read([household("F1")], [person("F1", 1, is_pregnant=is_pregnant, expected_delivery=expected)])
    assert ([] if isinstance(answer, Submission) else [code for _, code in answer]) == codes


def test_all_faults_of_a_form_are_told_at_once() -> None:
    """Whoever corrects a form should have to do it once."""
    told = read(
        [household("F1", region_code="ZZ", surveyed_on="", tenure="own")],
        [person("F1", 1, sex="M"), person("F1", 1, birth_date="1990", relation_to_head="head")],
    )
    assert told == [
        ("surveyed_on", "VALUE_MISSING"),
        ("tenure", "WORD_UNKNOWN"),
        ("region_code", "REGION_UNKNOWN"),
        ("sex", "WORD_UNKNOWN"),
        ("birth_date", "DATE_INVALID"),
        ("relation_to_head", "HEAD_REPEATED"),
        ("line_no", "LINE_REPEATED"),
    ]


@pytest.mark.parametrize("heads", [0, 1, 2, 3])
def test_a_roster_has_exactly_one_head(heads: int) -> None:
    """None is told on the household, each one too many on the member."""
    relations = ["head"] * heads + ["sibling"] * (3 - heads)
    roster = [person("F1", line, relation_to_head=relation) for line, relation in enumerate(relations, start=1)]
    answer = read([household("F1")], roster)
    expected = {0: ["HEAD_MISSING"], 2: ["HEAD_REPEATED"], 3: ["HEAD_REPEATED"] * 2}
    assert ([] if isinstance(answer, Submission) else [code for _, code in answer]) == expected.get(heads, [])


def test_an_unread_relation_may_be_the_head() -> None:
    """Where one member's relation cannot be read, a missing head is not told on top of it."""
    told = read([household("F1")], [person("F1", 1, relation_to_head="Head"), person("F1", 2)])
    assert told == [("relation_to_head", "WORD_UNKNOWN")]


def test_a_number_stands_once_in_a_roster() -> None:
    """As CNIC or as B-Form: both are one space of numbers. One person may hold her number as both."""
    same = {"cnic": "35202-1234567-2"}
    assert read([household("F1")], [person("F1", 1, **same), person("F1", 2, **same)]) == [("cnic", "NUMBER_REPEATED")]
    told = read([household("F1")], [person("F1", 1, **same), person("F1", 2, bform_no="3520212345672")])
    assert told == [("bform_no", "NUMBER_REPEATED")]
    accepted(read([household("F1")], [person("F1", 1, **same), person("F1", 2, cnic="35202-1234567-4")]))


def test_a_roster_has_between_one_and_sixty_members() -> None:
    """None is told, sixty go in, sixty-one are told."""
    assert read([household("F1")], []) == [("form_no", "ROSTER_EMPTY")]
    accepted(read([household("F1")], [person("F1", line) for line in range(1, 61)]))
    assert read([household("F1")], [person("F1", line) for line in range(1, 62)]) == [("form_no", "ROSTER_TOO_LARGE")]


def test_a_form_number_stands_for_one_household() -> None:
    """Two rows of one number are both told: whose is the roster? No row at all is told on each person."""
    assert read([household("F1"), household("F1")], [person("F1", 1)]) == [("form_no", "FORM_REPEATED")] * 2
    assert read([], [person("F1", 1), person("F1", 2)]) == [("form_no", "HOUSEHOLD_MISSING")] * 2


def test_members_stand_in_the_order_of_their_lines() -> None:
    """The order of the file makes no difference to the submission."""
    roster = [person("F1", 3), person("F1", 1), person("F1", 2)]
    submission = accepted(read([household("F1")], roster))
    assert [(member.person.line_no, member.line) for member in submission.members] == [(1, 3), (2, 4), (3, 2)]


def test_synthetic_numbers_are_admitted_where_they_are_switched_on() -> None:
    """A number that begins with 9 names nobody; 0 is never admitted."""
    nine, zero = [person("F1", 1, cnic="95202-1234567-2")], [person("F1", 1, cnic="05202-1234567-2")]
    assert read([household("F1")], nine) == [("cnic", "NUMBER_NOT_ISSUED")]
    accepted(read([household("F1")], nine, synthetic=True))
    assert read([household("F1")], zero, synthetic=True) == [("cnic", "NUMBER_NOT_ISSUED")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"cnic": "35202-1234567-2"}, []),
        ({"cnic": "35202-1234567-1"}, [(1, "cnic", "NUMBER_CONTRADICTS_SEX", "WARNING")]),
        ({"cnic": "41101-1234567-2"}, [(1, "cnic", "NUMBER_OF_OTHER_PROVINCE", "INFORMATION")]),
        ({"cnic": "35202-1234567-2", "birth_date": "2008-03-01"}, []),
        ({"cnic": "35202-1234567-2", "birth_date": "2008-03-02"}, [(1, "cnic", "CNIC_OF_MINOR", "WARNING")]),
        ({"bform_no": "35202-1234567-2", "birth_date": "2008-03-02"}, []),
        ({"bform_no": "35202-1234567-2", "birth_date": "2008-03-01"}, [(1, "bform_no", "BFORM_OF_ADULT", "WARNING")]),
        ({"disability_domain": "seeing"}, [(1, "disability_severity", "DISABILITY_INCOMPLETE", "WARNING")]),
        ({"disability_severity": "some"}, [(1, "disability_domain", "DISABILITY_INCOMPLETE", "WARNING")]),
        ({"disability_domain": "seeing", "disability_severity": "some"}, []),
    ],
)
def test_what_is_odd_about_a_person_is_told_beside_the_answer(answers: Row, expected: list[object]) -> None:
    """Warnings and informations name line, column and code, and the household goes in."""
    assert findings(read([household("F1")], [person("F1", 1, **answers)])) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"mobile": ""}, [(None, "mobile", "MOBILE_MISSING", "WARNING")]),
        ({"latitude": "31.5"}, [(None, "longitude", "POSITION_INCOMPLETE", "WARNING")]),
        ({"longitude": "74.3"}, [(None, "latitude", "POSITION_INCOMPLETE", "WARNING")]),
        ({"latitude": "31.5", "longitude": "74.3"}, []),
    ],
)
def test_what_is_odd_about_a_household_is_told_beside_the_answer(answers: Row, expected: list[object]) -> None:
    """A household without a mobile or with half a position goes in, with a warning."""
    assert findings(read([household("F1", **answers)], [person("F1", 1)])) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("3520212345671", "13 digits"),
        ("35202-123456-1", "12 digits"),
        ("7", "1 digit"),
        ("-5", "negative number"),
        ("3.5", "decimal number"),
        ("2026-06-30", "date"),
        ("2026-07-02", "date in the future"),
        ("2026-02-30", "date that does not exist"),
        ("somehow", "text(7)"),
        ("some\x00how", "text(8) with control characters"),
        ("35202-1234567-O", "text(15)"),
    ],
)
def test_the_class_of_a_value_says_nothing_of_the_value(text: str, kind: str) -> None:
    """What kind of value, how long, and nothing that it contains."""
    assert value_class(text, TODAY) == kind


def test_reasons_say_what_to_do_and_hold_no_answer() -> None:
    """Every reason of a form full of faults is a sentence, and none repeats what was written."""
    secret = "Rabia-42"
    row = dict.fromkeys(HOUSEHOLD_COLUMNS, secret)
    roster = [dict.fromkeys(PERSON_COLUMNS, secret), {**person("F1", 1), "cnic": "05202-1234567-2"}]
    told = Rules(PLACES, TODAY, synthetic=False).read(form([row], roster))
    assert not isinstance(told, Submission)
    assert len(told) > 30
    for fault in told:
        assert fault.reason.endswith(".")
        assert secret not in str(fault)
        assert "1234567" not in str(fault)


def test_every_relation_of_the_model_is_known_to_the_file() -> None:
    """The words of the file are the codes of the registry in lower case."""
    for relation in RelationToHead:
        roster = [person("F1", 1), person("F1", 2, relation_to_head=relation.value.lower())]
        assert isinstance(read([household("F1")], roster), Submission) is (relation is not RelationToHead.HEAD)
