"""Loading a survey: what goes in, what is set aside, and that loading again changes nothing."""

import random
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from domain.intake import load as load_module
from domain.intake import lock
from domain.intake import write as write_module
from domain.intake.load import LoadDisturbed, load_survey
from domain.intake.lock import LoadRunning
from domain.intake.write import write
from server.settings import sqlalchemy_url
from tests.intake_files import (
    Row,
    as_parquet,
    content,
    faults,
    household,
    ids,
    load,
    person,
    rejected,
    write_survey,
)

pytest_plugins = ["tests.intake_fixtures"]

CNIC = "35202-1234567-2"


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let batches hold two forms, so that a small survey has many."""
    monkeypatch.setattr(load_module, "BATCH", 2)


def many(households: int) -> tuple[list[Row], list[Row]]:
    """Return the rows of a sound survey with one to three members in each household."""
    forms = [f"F{number:03}" for number in range(1, households + 1)]
    persons = [
        person(form_no, line, cnic=f"35202-{number:06}{line}-2")
        for number, form_no in enumerate(forms)
        for line in range(1, 2 + number % 3)
    ]
    return [household(form_no) for form_no in forms], persons


def test_a_household_goes_in_with_all_its_answers(registry: Engine, tmp_path: Path) -> None:
    """Every column of the file arrives, in the registry's spelling, in the territory of the tehsil, scored."""
    row = household(
        "F1", region_code="SD11", address="House 7, گلی ۳", latitude="24.7", longitude="69.8", source="door_to_door",
        enumerator="E1", monthly_income="25000", tenure="rented", rooms="2", toilet="none", water_source="tanker",
        cooking_fuel="dung", lighting="other", refrigerator="true", tv="false", large_livestock="3",
        agricultural_land_acres="1.25",
    )  # fmt: skip
    answers = {
        "cnic": "4110112345672", "marital_status": "married", "is_pregnant": "true", "expected_delivery": "2026-06-01",
        "is_lactating": "false", "education_level": "matric", "attending_school": "false",
        "employment_status": "unpaid_family", "elementary_occupation": "true", "occupation": "farm\\hand",
        "disability_domain": "seeing", "disability_severity": "some",
    }  # fmt: skip
    load(registry, write_survey(tmp_path / "survey", [row], [person("F1", 1, **answers)]))
    [stored] = content(registry)
    [member] = stored["persons"]
    province, district, tehsil = _codes(registry, stored["province_id"], stored["district_id"], stored["region_id"])
    assert (province, district, tehsil) == ("SD", "SD1", "SD11")
    expected = {
        "form_no": "F1", "address": "House 7, گلی ۳", "latitude": 24.7, "mobile": "+923001234567", "size": 1,
        "source": "DOOR_TO_DOOR", "registered_on": "2026-03-01", "surveyed_on": "2026-03-01", "tenure": "RENTED",
        "monthly_income": 25000, "refrigerator": True, "tv": False, "car": None, "agricultural_land_acres": 1.25,
    }  # fmt: skip
    assert {key: stored[key] for key in expected} == expected
    expected_of_member = {
        "cnic": "41101-1234567-2", "occupation": "farm\\hand", "expected_delivery": "2026-06-01", "sex": "FEMALE",
        "is_lactating": False, "province_id": stored["province_id"], "district_id": stored["district_id"],
        "verification_status": "PENDING", "disability_severity": "SOME",
    }  # fmt: skip
    assert {key: member[key] for key in expected_of_member} == expected_of_member
    assert stored["score"]["province_id"] == stored["province_id"]
    assert stored["determinations"] > 0
    [survey] = stored["surveys"]
    assert (survey["enumerator"], survey["persons"][0]["occupation"]) == ("E1", "farm\\hand")
    assert "car" not in survey


def _codes(engine: Engine, *region_ids: int) -> list[str]:
    with engine.connect() as connection:
        rows = {region.id: region.code for region in connection.execute(text("select id, code from region"))}
    return [rows[region_id] for region_id in region_ids]


def test_a_form_with_a_fault_is_set_aside_whole(registry: Engine, tmp_path: Path) -> None:
    """Each fault has its line, each companion too; the households beside it go in."""
    households = [household("F1"), household("F2", tenure="own house"), household("F3")]
    persons = [person("F1", 1), person("F2", 1), person("F2", 2, cnic="1234"), person("F3", 1)]
    folder = write_survey(tmp_path / "survey", households, persons)
    summary = load(registry, folder)
    assert summary.to_json() == {
        "households": {"accepted": 2, "rejected": 1, "unchanged": 0},
        "persons": {"accepted": 2, "rejected": 2, "unchanged": 0},
        "warnings": 0,
        "rejected_file": str(folder / "rejected.csv"),
    }
    assert [list(row.values())[:-1] for row in rejected(folder)] == [
        ["households.csv", "F2", "3", "tenure", "text(9)", "WORD_UNKNOWN"],
        ["persons.csv", "F2", "3", "", "", "HOUSEHOLD_REJECTED"],
        ["persons.csv", "F2", "4", "cnic", "4 digits", "NUMBER_MALFORMED"],
    ]
    assert list(rejected(folder)[0]) == ["file", "form_no", "line", "column", "value_class", "code", "reason"]
    assert [stored["form_no"] for stored in content(registry)] == ["F1", "F3"]


def test_persons_without_a_household_are_told(registry: Engine, tmp_path: Path) -> None:
    """Their rows are set aside one by one, wherever they stand; the other forms go in."""
    folder = write_survey(tmp_path / "survey", [household("F1")], [person("X1", 1), person("F1", 1), person("X1", 2)])
    summary = load(registry, folder)
    assert faults(folder) == [("X1", "form_no", "HOUSEHOLD_MISSING")] * 2
    assert (summary.households.rejected, summary.persons.accepted, summary.persons.rejected) == (0, 1, 2)


def test_a_roster_beyond_all_measure_is_counted_and_told(registry: Engine, tmp_path: Path) -> None:
    """Two hundred rows under one form number are one fault, and every row is accounted for."""
    persons = [person("F1", line) for line in range(1, 201)]
    folder = write_survey(tmp_path / "survey", [household("F1"), household("F2")], [*persons, person("F2", 1)])
    summary = load(registry, folder)
    assert faults(folder) == [("F1", "form_no", "ROSTER_TOO_LARGE")]
    assert (summary.persons.accepted, summary.persons.rejected) == (1, 200)
    assert len(rejected(folder)) == 201


@pytest.mark.usefixtures("small_batches")
def test_of_two_households_with_one_number_the_first_has_it(registry: Engine, tmp_path: Path) -> None:
    """In one batch or in another, as CNIC or as B-Form; a rejected household claims nothing."""
    first, second = "35202-1111111-2", "35202-2222222-2"
    persons = [
        person("F1", 1, cnic=first),
        person("F2", 1, bform_no=first),
        person("F3", 1, cnic=second, sex="unknown"),
        person("F4", 1, cnic=second),
        person("F5", 1, cnic=first),
        person("F6", 1),
        person("F6", 2, cnic=second),
    ]
    folder = write_survey(tmp_path / "survey", [household(f"F{number}") for number in range(1, 7)], persons)
    load(registry, folder)
    assert faults(folder) == [
        ("F2", "bform_no", "NUMBER_ELSEWHERE"),
        ("F3", "sex", "WORD_UNKNOWN"),
        ("F5", "cnic", "NUMBER_ELSEWHERE"),
        ("F6", "cnic", "NUMBER_ELSEWHERE"),
    ]
    assert [stored["form_no"] for stored in content(registry)] == ["F1", "F4"]


def test_a_number_of_the_registry_stays_where_it_lives(registry: Engine, tmp_path: Path) -> None:
    """A later survey of another household cannot take it, whichever of the two columns it uses."""
    load(registry, write_survey(tmp_path / "first", [household("F1")], [person("F1", 1, cnic=CNIC)]))
    for column in ("cnic", "bform_no"):
        folder = write_survey(tmp_path / column, [household("F2")], [person("F2", 1, **{column: CNIC})])
        assert load(registry, folder).households.rejected == 1
        assert faults(folder) == [("F2", column, "NUMBER_ELSEWHERE")]


def test_findings_are_stored_beside_the_submission(registry: Engine, tmp_path: Path) -> None:
    """Warnings are counted, informations are not; both are stored with line, column and code."""
    persons = [person("F1", 1, cnic="41101-1234567-1"), person("F1", 2)]
    summary = load(registry, write_survey(tmp_path / "survey", [household("F1", mobile="")], persons))
    assert summary.warnings == 2
    assert content(registry)[0]["findings"] == [
        ["1", "cnic", "NUMBER_CONTRADICTS_SEX", "WARNING"],
        ["1", "cnic", "NUMBER_OF_OTHER_PROVINCE", "INFORMATION"],
        [None, "mobile", "MOBILE_MISSING", "WARNING"],
    ]


@pytest.mark.usefixtures("small_batches")
def test_the_same_survey_again_changes_nothing(registry: Engine, tmp_path: Path) -> None:
    """Not a row, not an id; and spellings, the order of rows and the form of the file are not answers."""
    households, persons = many(7)
    folder = write_survey(tmp_path / "survey", households, [*persons, person("X1", 1)])
    first = load(registry, folder)
    before, ids_before = content(registry), ids(registry)
    again = load(registry, folder)
    assert (again.households.unchanged, again.households.accepted) == (7, 0)
    assert (again.persons.unchanged, again.persons.rejected, again.warnings) == (first.persons.accepted, 1, 0)
    respelled = [{**row, "cnic": row["cnic"].replace("-", ""), "name": f" {row['name']}"} for row in reversed(persons)]
    same = write_survey(tmp_path / "same", [{**row, "mobile": "+923001234567"} for row in households[::-1]], respelled)
    assert load(registry, same).households.unchanged == 7
    assert load(registry, as_parquet(same, tmp_path / "parquet")).households.unchanged == 7
    assert (content(registry), ids(registry)) == (before, ids_before)


@pytest.mark.usefixtures("small_batches")
def test_the_order_of_persons_makes_no_difference(registry: Engine, other_registry: Engine, tmp_path: Path) -> None:
    """Rosters may be torn apart all over the file."""
    households, persons = many(9)
    persons[4] = {**persons[4], "sex": "?"}
    load(registry, write_survey(tmp_path / "sorted", households, persons))
    random.Random(1).shuffle(persons)
    load(other_registry, write_survey(tmp_path / "shuffled", households, persons))
    assert content(registry) == content(other_registry)
    assert len(content(registry)) == 8


def test_the_rejected_file_is_that_of_the_last_load(registry: Engine, tmp_path: Path) -> None:
    """It appears when something was rejected, is replaced by the next load, and goes when nothing was."""
    folder = write_survey(tmp_path / "survey", [household("F1")], [person("F1", 1, sex="?")])
    assert load(registry, folder).rejected_file == folder / "rejected.csv"
    write_survey(folder, [household("F1")], [person("F1", 1)])
    assert load(registry, folder).rejected_file is None
    assert sorted(path.name for path in folder.iterdir()) == ["households.csv", "persons.csv"]


@pytest.mark.usefixtures("small_batches")
def test_progress_counts_household_rows(registry: Engine, tmp_path: Path) -> None:
    """The number there are is unknown while the files are read, and reached in the end."""
    households, persons = many(5)
    folder = write_survey(tmp_path / "survey", [*households, household("F9"), household("")], persons)
    told: list[tuple[int, int | None]] = []
    load_survey(
        registry,
        folder,
        rejected_file=tmp_path / "rejected.csv",
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(0, None), (3, 7), (5, 7), (7, 7)]


class Crash(Exception):
    """The program dies here."""


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("step", ["score_households", "determine_households"])
def test_a_crash_leaves_whole_households_and_loading_again_completes(
    registry: Engine, other_registry: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever dies in the middle of a batch: what is in is whole, and the second load ends as if nothing had been."""
    households, persons = many(12)
    folder = write_survey(tmp_path / "survey", households, persons)
    sound = getattr(write_module, step)
    calls = iter(range(100))

    def dying(*arguments: object, **options: object) -> object:
        if next(calls) == 3:
            raise Crash
        return sound(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(write_module, step, dying)
        with pytest.raises(Crash):
            load(registry, folder)
    left = content(registry)
    assert 0 < len(left) < 12
    assert not list(folder.glob("rejected*"))
    summary = load(registry, folder)
    assert (summary.households.unchanged, summary.households.accepted) == (len(left), 12 - len(left))
    load(other_registry, folder)
    assert content(registry) == content(other_registry)
    assert all(stored in content(registry) for stored in left)


def test_a_killed_load_is_completed_by_the_next(
    registry: Engine, other_registry: Engine, registry_url: str, tmp_path: Path
) -> None:
    """After `kill -9` in the middle nothing waits for the dead, and the registry is that of an undisturbed load."""
    households, persons = many(60)
    folder = write_survey(tmp_path / "survey", households, persons)
    script = f"""
        import os, signal
        from pathlib import Path
        from sqlalchemy import create_engine
        from domain.intake import load
        load.BATCH = 3
        def progress(done, total):
            if done > 15:
                os.kill(os.getpid(), signal.SIGKILL)
        load.load_survey(create_engine({sqlalchemy_url(registry_url, "psycopg")!r}), Path({str(folder)!r}),
                         rejected_file=Path({str(folder / "rejected.csv")!r}), progress=progress)
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, timeout=60)
    assert killed.returncode == -9
    assert 0 < len(content(registry)) < 60
    summary = load(registry, folder)
    assert summary.households.unchanged + summary.households.accepted == 60
    assert summary.households.unchanged >= 15
    load(other_registry, folder)
    assert content(registry) == content(other_registry)


def test_one_survey_is_loaded_at_a_time(registry: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second load waits for the first, and says so when its patience ends."""
    folder = write_survey(tmp_path / "survey", [household("F1")], [person("F1", 1)])
    with registry.connect() as first, lock.alone(first):
        with monkeypatch.context() as patch:
            patch.setattr(lock, "PATIENCE", "100ms")
            with pytest.raises(LoadRunning, match="Another load is running"):
                load(registry, folder)
        second = threading.Thread(target=load, args=(registry, folder))
        second.start()
        second.join(0.3)
        assert second.is_alive()
        assert content(registry) == []
    second.join(30)
    assert len(content(registry)) == 1


def test_what_a_killed_load_still_writes_is_waited_for(registry: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection may outlive it for a moment; until its transaction has ended no other load begins."""
    monkeypatch.setattr(lock, "PATIENCE", "100ms")
    with registry.connect() as next_load:
        with registry.begin() as dead:
            lock.mark_writing(dead)
            with pytest.raises(LoadRunning), lock.alone(next_load):
                pass
        with lock.alone(next_load):
            pass


def test_a_desk_that_is_faster_is_no_crash(
    registry: Engine, registry_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who registers a number between decision and writing has it; the load says what to do, and does it when told."""
    folder = write_survey(tmp_path / "survey", [household("F1")], [person("F1", 1, cnic=CNIC)])
    desk = write_survey(tmp_path / "desk", [household("F2")], [person("F2", 1, cnic=CNIC)])
    other = create_engine(sqlalchemy_url(registry_url, "psycopg"))

    def overtaken(*arguments: Any, **options: Any) -> None:
        monkeypatch.setattr(load_module, "write", write)
        with monkeypatch.context() as patch:
            patch.setattr(lock, "_LOADING", 1)
            patch.setattr(lock, "_WRITING", 2)
            load(other, desk)
        write(*arguments, **options)

    monkeypatch.setattr(load_module, "write", overtaken)
    with pytest.raises(LoadDisturbed, match="Load it again"):
        load(registry, folder)
    other.dispose()
    assert load(registry, folder).households.rejected == 1
    assert faults(folder) == [("F1", "cnic", "NUMBER_ELSEWHERE")]
