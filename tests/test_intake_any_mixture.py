"""Any mixture of good and bad rows: every row is accounted for, and the good households are in."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from domain.intake import load as load_module
from tests.intake_files import Row, content, household, ids, load, person, rejected, write_survey

pytest_plugins = ["tests.intake_fixtures"]

HOUSEHOLD_SPOILERS: list[Row] = [
    {"region_code": "ZZ"},
    {"surveyed_on": "2026-02-30"},
    {"monthly_income": "-1"},
    {"mobile": "none"},
    {"source": ""},
]
PERSON_SPOILERS: list[Row] = [
    {"sex": "F"},
    {"birth_date": "2099-01-01"},
    {"cnic": "35202-1234567"},
    {"line_no": "1"},
    {"relation_to_head": "head"},
    {"name": ""},
]


@st.composite
def surveys(draw: st.DrawFn) -> tuple[list[Row], list[Row], set[str]]:
    """Draw the rows of a survey and the form numbers with nothing wrong; persons come in any order."""
    households, persons, good = [], [], set()
    for number in range(draw(st.integers(1, 7))):
        form_no, size = f"F{number}", draw(st.integers(1, 3))
        rows = [person(form_no, line, cnic=f"35202-{number:06}{line}-2") for line in range(1, size + 1)]
        row = household(form_no)
        match draw(st.sampled_from(["good", "good", "household", "person", "twice", "nobody", "stranger"])):
            case "household":
                row |= draw(st.sampled_from(HOUSEHOLD_SPOILERS))
            case "person":
                rows.append({**person(form_no, size + 1), **draw(st.sampled_from(PERSON_SPOILERS))})
            case "twice":
                households.append(household(form_no, address="Elsewhere"))
            case "nobody":
                rows = []
            case "stranger":
                rows.append(person(f"X{number}", 1))
                good.add(form_no)
            case _:
                good.add(form_no)
        households.append(row)
        persons += rows
    return draw(st.permutations(households)), draw(st.permutations(persons)), good


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(survey=surveys(), batch=st.integers(1, 8))
def test_every_row_is_accounted_for(
    registry: Engine, tmp_path: Path, survey: tuple[list[Row], list[Row], set[str]], batch: int
) -> None:
    """Accepted, rejected and unchanged rows are all rows; good households are in whole, nothing of the others is, and
    the same survey again changes nothing."""
    households, persons, good = survey
    with registry.begin() as connection:
        connection.execute(text("truncate household, score cascade"))
    load_module.BATCH, before = batch, load_module.BATCH
    try:
        folder = write_survey(tmp_path / "survey", households, persons)
        summary = load(registry, folder)
        assert summary.households.all == len(households)
        assert summary.persons.all == len(persons)
        assert {stored["form_no"] for stored in content(registry)} == good
        assert summary.households.accepted == len(good)
        sizes = {stored["form_no"]: len(stored["persons"]) for stored in content(registry)}
        assert sizes == {form_no: sum(row["form_no"] == form_no for row in persons) for form_no in good}
        told = {(row["file"], row["line"]) for row in rejected(folder)}
        assert len(told) == summary.households.rejected + summary.persons.rejected
        state = content(registry), ids(registry)
        again = load(registry, folder)
        assert (again.households.accepted, again.households.unchanged) == (0, len(good))
        assert (content(registry), ids(registry)) == state
    finally:
        load_module.BATCH = before
