"""Surveying a household again: who stays who, what is kept, and what a survey may not undo."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from domain.intake import load as load_module
from tests.intake_files import Row, content, faults, household, load, person, write_survey

pytest_plugins = ["tests.intake_fixtures"]

A, B, C = "35202-1111111-2", "35202-2222222-2", "35202-3333333-2"

Survey = Callable[[list[Row], list[Row]], dict[str, int]]


@pytest.fixture
def survey(registry: Engine, tmp_path: Path) -> Survey:
    """Load households and persons, and return how many households were accepted, rejected and unchanged."""

    def run(households: list[Row], persons: list[Row]) -> dict[str, int]:
        counts: dict[str, int] = load(registry, write_survey(tmp_path / "survey", households, persons)).to_json()[
            "households"
        ]
        return counts

    return run


def people(engine: Engine) -> dict[str, tuple[UUID, int, str | None]]:
    """Return id, line and number of each person by name."""
    with engine.connect() as connection:
        rows = connection.execute(text("select name, id, line_no, coalesce(cnic, bform_no) from person"))
        return {name: (person_id, line_no, number) for name, person_id, line_no, number in rows}


def execute(engine: Engine, statement: str, **parameters: Any) -> None:
    """Change the registry by hand, as another part of the program would."""
    with engine.begin() as connection:
        connection.execute(text(statement), parameters)


def enrol(engine: Engine, name: str) -> None:
    """Enrol a person in the first programme."""
    execute(
        engine,
        """insert into enrolment
            (person_id, household_id, programme_id, status, since, source, province_id, district_id)
        select id, household_id, (select min(id) from programme), 'ACTIVE', date '2026-01-01', 'test',
            province_id, district_id from person where name = :name""",
        name=name,
    )


LATER = {"surveyed_on": "2026-05-01"}


def test_a_survey_again_updates_in_place(registry: Engine, survey: Survey) -> None:
    """The household keeps its id and the day of its registration; both submissions are kept."""
    survey([household("F1", rooms="1", tv="true")], [person("F1", 1)])
    before = _household_id(registry)
    assert survey([household("F1", rooms="3", **LATER)], [person("F1", 1)])["accepted"] == 1
    assert _household_id(registry) == before
    [stored] = content(registry)
    assert (stored["rooms"], stored["tv"]) == (3, None)
    assert (stored["registered_on"], stored["surveyed_on"]) == ("2026-03-01", "2026-05-01")
    assert [answers.get("rooms") for answers in stored["surveys"]] == [1, 3]


def _household_id(engine: Engine) -> UUID:
    with engine.connect() as connection:
        found: UUID = connection.execute(text("select id from household")).scalar_one()
        return found


def test_a_person_is_known_by_the_number_then_by_line_name_and_birth(registry: Engine, survey: Survey) -> None:
    """Whoever has the number is the same person under any name; without one, line, name and birth must all agree."""
    first = [
        person("F1", 1, name="Amina", cnic=A),
        person("F1", 2, name="Bilal"),
        person("F1", 3, name="Chand"),
        person("F1", 4, name="Dania"),
    ]
    survey([household("F1")], first)
    before = people(registry)
    again = [
        person("F1", 1, name="Bushra", relation_to_head="head"),
        person("F1", 2, name="Bilal", cnic=B),
        person("F1", 3, name="Chand", birth_date="1991-01-01"),
        person("F1", 5, name="Ameena", cnic=A),
    ]
    survey([household("F1", **LATER)], again)
    after = people(registry)
    assert after["Ameena"][:2] == (before["Amina"][0], 5)
    assert after["Bilal"] == (before["Bilal"][0], 2, B)
    assert {after["Bushra"][0], after["Chand"][0]}.isdisjoint(one[0] for one in before.values())
    assert set(after) == {"Ameena", "Bilal", "Bushra", "Chand"}


def test_a_b_form_becomes_a_cnic(registry: Engine, survey: Survey) -> None:
    """At eighteen the number moves to the other column, and the person stays."""
    survey([household("F1")], [person("F1", 1), person("F1", 2, name="Child", bform_no=A, birth_date="2008-04-01")])
    before = people(registry)["Child"]
    grown = person("F1", 2, name="Grown", cnic=A, birth_date="2008-04-01")
    survey([household("F1", **LATER)], [person("F1", 1), grown])
    assert people(registry)["Grown"] == before


def test_members_may_change_places(registry: Engine, survey: Survey) -> None:
    """Lines and numbers are unique at every moment, also while two members exchange theirs."""
    survey([household("F1")], [person("F1", 1, name="Amina", cnic=A), person("F1", 2, name="Bilal", cnic=B)])
    before = people(registry)
    swapped = [person("F1", 1, name="Bilal", cnic=B), person("F1", 2, name="Amina", cnic=A)]
    assert survey([household("F1", **LATER)], swapped)["accepted"] == 1
    after = people(registry)
    assert after == {"Amina": (before["Amina"][0], 2, A), "Bilal": (before["Bilal"][0], 1, B)}


def test_an_older_survey_does_not_undo_a_newer_one(registry: Engine, survey: Survey, tmp_path: Path) -> None:
    """What was accepted before is unchanged when it comes again; other answers of an earlier day are set aside."""
    old, new = [household("F1", rooms="1")], [household("F1", rooms="2", **LATER)]
    survey(old, [person("F1", 1)])
    survey(new, [person("F1", 1)])
    assert survey(old, [person("F1", 1)])["unchanged"] == 1
    assert survey([household("F1", rooms="9")], [person("F1", 1)])["rejected"] == 1
    assert faults(tmp_path / "survey") == [("F1", "surveyed_on", "SURVEY_SUPERSEDED")]
    assert content(registry)[0]["rooms"] == 2
    assert survey([household("F1", rooms="3", **LATER)], [person("F1", 1)])["accepted"] == 1


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        ({}, True),
        ({"occupation": "weaver"}, True),
        ({"cnic": B}, False),
        ({"name": "Amina Bibi"}, False),
    ],
)
def test_nadras_answer_is_about_a_number_and_a_name(
    registry: Engine, survey: Survey, change: Row, is_kept: bool
) -> None:
    """It is kept while both stay, and is pending again when one of them changes."""
    survey([household("F1")], [person("F1", 1, name="Amina", cnic=A)])
    execute(
        registry,
        """update person set verification_status = 'MISMATCH', verification_checked_on = date '2026-04-01',
        verification_mismatches = '{NAME}'""",
    )
    survey([household("F1", rooms="2", **LATER)], [{**person("F1", 1, name="Amina", cnic=A), **change}])
    [member] = content(registry)[0]["persons"]
    told = tuple(member[f"verification_{field}"] for field in ("status", "checked_on", "mismatches"))
    assert told == (("MISMATCH", "2026-04-01", ["NAME"]) if is_kept else ("PENDING", None, []))


def test_a_member_with_an_enrolment_cannot_be_dropped(registry: Engine, survey: Survey, tmp_path: Path) -> None:
    """The form is set aside with the reason; without the enrolment the member goes, determinations and all."""
    both = [person("F1", 1, name="Amina", cnic=A), person("F1", 2, name="Bilal", cnic=B)]
    survey([household("F1")], both)
    enrol(registry, "Bilal")
    assert survey([household("F1", **LATER)], both[:1])["rejected"] == 1
    assert faults(tmp_path / "survey") == [("F1", "form_no", "MEMBER_ON_RECORD")]
    assert set(people(registry)) == {"Amina", "Bilal"}
    execute(registry, "delete from enrolment")
    assert survey([household("F1", **LATER)], both[:1])["accepted"] == 1
    assert set(people(registry)) == {"Amina"}
    assert content(registry)[0]["size"] == 1


def test_a_member_with_an_exclusion_cannot_be_dropped(survey: Survey, registry: Engine) -> None:
    """Leaving somebody out of the roster is no way out of a filter."""
    both = [person("F1", 1, name="Amina", cnic=A), person("F1", 2, name="Bilal", cnic=B)]
    survey([household("F1")], both)
    execute(
        registry,
        """insert into exclusion_hit (person_id, filter, filter_version, via, source, evidence_on, status)
        select id, 'TRAVEL', '1', 'SELF', 'test', date '2026-01-01', 'APPLIED' from person where name = 'Bilal'""",
    )
    assert survey([household("F1", **LATER)], both[:1])["rejected"] == 1
    assert survey([household("F1", **LATER)], both)["accepted"] == 1


def test_a_household_that_moves_takes_everything_with_it(registry: Engine, survey: Survey) -> None:
    """Persons, score, determinations and enrolments lie in the new territory, and none in the old one."""
    survey([household("F1")], [person("F1", 1, name="Amina", cnic=A), person("F1", 2, name="Bilal")])
    enrol(registry, "Amina")
    survey([household("F1", region_code="SD11", **LATER)], [person("F1", 1, name="Amina", cnic=A), person("F1", 3)])
    territories = " union ".join(
        f"select district_id, province_id from {name}"
        for name in ("household", "person", "score", "determination", "enrolment")
    )
    with registry.connect() as connection:
        [(district, province)] = connection.execute(text(territories))
        expected = connection.execute(text("select district_id, province_id from region where code = 'SD11'")).one()
    assert (district, province) == tuple(expected)


@pytest.mark.parametrize("batch", [1, 2, 10])
def test_a_person_moves_when_the_household_left_comes_first(
    registry: Engine, survey: Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """In one batch or in two written at once: the number is free as soon as the roster that had it is revised."""
    monkeypatch.setattr(load_module, "BATCH", batch)
    first = [person("F1", 1, cnic=A), person("F1", 2, name="Mover", cnic=C), person("F2", 1, cnic=B)]
    survey([household("F1"), household("F2")], first)
    left, joined = [person("F1", 1, cnic=A)], [person("F2", 1, cnic=B), person("F2", 2, name="Mover", cnic=C)]
    wrong_order = [household("F2", **LATER), household("F1", **LATER)]
    assert survey(wrong_order, [*left, *joined]) == {"accepted": 1, "rejected": 1, "unchanged": 0}
    assert faults(tmp_path / "survey") == [("F2", "cnic", "NUMBER_ELSEWHERE")]
    assert survey(wrong_order[::-1], [*left, *joined]) == {"accepted": 1, "rejected": 0, "unchanged": 1}
    assert [stored["size"] for stored in content(registry)] == [1, 2]


def test_a_number_that_is_given_up_is_free_at_once(registry: Engine, survey: Survey) -> None:
    """Two households of one file: the first corrects a number, the second takes the one that became free."""
    survey([household("F1"), household("F2")], [person("F1", 1, cnic=A), person("F2", 1, cnic=B)])
    again = [household("F1", **LATER), household("F2", **LATER)]
    assert survey(again, [person("F1", 1, cnic=C), person("F2", 1, cnic=A)])["accepted"] == 2
    with registry.connect() as connection:
        numbers = connection.execute(
            text("select cnic from person join household on household.id = household_id order by form_no")
        )
        assert numbers.scalars().all() == [C, A]
