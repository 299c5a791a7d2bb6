"""Scorecard files: what is refused and how it is told, which scorecard is in force, and that weights never show."""

import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, select, text, update

from domain.scoring.formula import ScorecardFault
from domain.scoring.score import NoScorecard, score_households
from domain.scoring.scorecard_file import load_scorecard
from domain.tables import Household, Score, Scorecard
from tests.scoring_world import MAN, ON, World

pytest_plugins = ("tests.scoring_fixtures",)

HEAD = """
code = "PRIVATE"
version = "1"
title = "A private scorecard"
source = "A test"
valid_from = 2025-01-01
"""
TV = """
[[question]]
feature = "tv"
points = { true = 91.37, false = 13.59 }
"""
SECRETS = ("9137", "1359", "91.37", "13.59", "7731", "77.31")


def written(folder: Path, content: str) -> Path:
    """Write a scorecard file."""
    file = folder / "scorecard.toml"
    file.write_text(content)
    return file


def question(feature: str, points: str) -> str:
    """A file with one question."""
    return f'{HEAD}\n[[question]]\nfeature = "{feature}"\npoints = {points}\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (HEAD + TV.replace('"tv"', '"radio"'), "question 1: `radio` is not a feature. Use one of "),
        (HEAD + TV.replace("false", "no"), "question 1 (`tv`): `no` is not an answer. The answers are true, false."),
        (question("tv", "{ true = 77.31 }"), "question 1 (`tv`): there are no points for `false`. Add them."),
        (question("tv", "{ 77.31 = 1 }"), "question 1 (`tv`): something that is not a word is not an answer."),
        (question("tv", "77.31"), "question 1 (`tv`): `points` must be a table"),
        (question("tv", '{ true = "77.31", false = 0 }'), "question 1 (`tv`), `true`: it must be a number"),
        (question("tv", "{ true = 77.311, false = 0 }"), "question 1 (`tv`), `true`: points have at most two decimals"),
        (question("tv", "{ true = 7731, false = 0 }"), "question 1 (`tv`), `true`: points lie between -100 and 100."),
        (question("tv", "{ true = nan, false = 0 }"), "question 1 (`tv`), `true`: it must be a number"),
        (question("tv", "{ true = -77.31, false = 0 }"), "A score below 0 is possible."),
        (
            HEAD + TV + question("car", "{ true = 77.31, false = 0 }").removeprefix(HEAD),
            "A score above 100 is possible.",
        ),
        (HEAD + TV + TV, "question 2: `tv` is asked again."),
        (HEAD + "constant = 77.31\n" + TV, "A score above 100 is possible."),
        (question("rooms", "{ true = 77.31 }"), "question 1 (`rooms`): `points` must be a list of ranges"),
        (question("rooms", "[]"), "question 1 (`rooms`): `points` must be a list of ranges"),
        (question("rooms", "[{ from = 1, points = 77.31 }]"), "there are no points just under range 1."),
        (
            question("rooms", "[{ from = 0, below = 77.31, points = 1 }, { from = 60, points = 2 }]"),
            "range 2 overlaps the one before it",
        ),
        (
            question("rooms", "[{ from = 0, below = 2, points = 1 }, { from = 77.31, points = 2 }]"),
            "there are no points just under range 2.",
        ),
        (question("rooms", "[{ from = 0, points = 1 }, { from = 77.31, points = 2 }]"), "range 2 overlaps"),
        (question("rooms", "[{ from = 0, below = 77.31, points = 1 }]"), "no points above the last range."),
        (question("rooms", "[{ from = 77.31, below = 1, points = 1 }]"), "range 1: it is empty."),
        (question("rooms", "[{ from = 0, to = 77.31, points = 1 }]"), "range 1: `to` has no meaning here."),
        (question("rooms", "[{ from = 0, points = 1e13 }]"), "range 1: it must be a number"),
        (HEAD + "question = [77.31]", "question 1: it must be a table"),
        (HEAD + "question = 77.31", "`question` must be at least one table"),
        (HEAD, "the file: `question` is missing. Add it."),
        (HEAD.replace("code", "kode") + TV, "the file: `code` is missing. Add it."),
        (HEAD + "weights = 77.31\n" + TV, "the file: `weights` has no meaning here."),
        (HEAD.replace('"A test"', "77.31") + TV, "`source` must be a text"),
        (HEAD.replace("2025-01-01", '"2025-01-01"') + TV, "`valid_from` must be a date"),
        (HEAD + "valid_until = 2024-12-31\n" + TV, "`valid_until` lies before `valid_from`."),
        (HEAD + "demonstration = 77.31\n" + TV, "`demonstration` must be true or false."),
        (HEAD + "x = 77.31 13.59", "is not valid TOML at line 7, column 11"),
        (HEAD.replace("2025-01-01", "2025-77-31"), "is not valid TOML at line 6"),
    ],
)
def test_faults(world: World, tmp_path: Path, content: str, told: str) -> None:
    """A fault is told by its place and what to do, and never by a number of the file."""
    with pytest.raises(ScorecardFault, match=re.escape(told)) as fault:
        load_scorecard(world.connection, written(tmp_path, content))
    assert not any(secret in fault.value.message for secret in SECRETS)
    assert fault.value.__cause__ is None


def test_unreadable_files(world: World, tmp_path: Path) -> None:
    """A file that is missing or is not text is told as such."""
    with pytest.raises(ScorecardFault, match="cannot be read: No such file"):
        load_scorecard(world.connection, tmp_path / "absent.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScorecardFault, match="is not UTF-8 text"):
        load_scorecard(world.connection, tmp_path / "binary.toml")


def test_loading(world: World, tmp_path: Path) -> None:
    """A scorecard is stored once; the same file again changes nothing, another content under its version is refused."""
    file = written(tmp_path, HEAD + TV)
    first, again = load_scorecard(world.connection, file), load_scorecard(world.connection, file)
    assert (first.is_new, again.is_new, first.questions, first.is_demonstration) == (True, False, 1, False)
    for content in (HEAD + TV.replace("91.37", "77.31"), HEAD.replace("A test", "Another") + TV):
        with pytest.raises(ScorecardFault, match="Give the changed scorecard a version of its own") as fault:
            load_scorecard(world.connection, written(tmp_path, content))
        assert not any(secret in str(fault.value) for secret in SECRETS)
    assert load_scorecard(world.connection, written(tmp_path, HEAD.replace('"1"', '"2"') + TV)).is_new


def test_decimals_and_constant(world: World, tmp_path: Path) -> None:
    """Points may have two decimals and a constant may be added; the sum is exact."""
    load_scorecard(world.connection, written(tmp_path, HEAD + "constant = 0.01\n" + TV))
    plain, with_tv = world.household(MAN), world.household(MAN, tv=True)
    scores = world.score()
    assert (scores[plain], scores[with_tv]) == (1360, 9138)  # 13.59 + 0.01, 91.37 + 0.01


def test_ranges(world: World, tmp_path: Path) -> None:
    """A range holds its lower limit and not its upper one; limits may have decimals."""
    low, middle = "{ from = 0, below = 0.5, points = 1 }", "{ from = 0.5, below = 2.25, points = 2 }"
    ranges = f"[{low}, {middle}, {{ from = 2.25, points = 3 }}]"
    load_scorecard(world.connection, written(tmp_path, question("agricultural_land_acres", ranges)))
    acres = {value: world.household(MAN, agricultural_land_acres=value) for value in (0, 0.49, 0.5, 2.24, 2.25, 500)}
    scores = world.score()
    assert [scores[household] for household in acres.values()] == [100, 100, 200, 200, 300, 300]


def test_each_scorecard_has_its_own_ranges(world: World, tmp_path: Path) -> None:
    """The ranges of one scorecard are not those of another that asks in the same place."""
    first = "[{ from = 0, below = 1, points = 1 }, { from = 1, points = 2 }]"
    second = "[{ from = 0, below = 3, points = 4 }, { from = 3, points = 5 }]"
    load_scorecard(world.connection, written(tmp_path, question("rooms", first)))
    later = question("rooms", second).replace('"1"', '"2"').replace("2025-01-01", "2026-01-01")
    load_scorecard(world.connection, written(tmp_path, later))
    household = world.household(MAN, rooms=2)
    assert world.score(date(2025, 12, 31))[household] == 200
    assert world.score(date(2026, 1, 1))[household] == 400


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2024, 12, 31), "SCHREINER"),  # the day before the private scorecard is valid
        (date(2025, 1, 1), "PRIVATE"),
        (date(2026, 6, 30), "PRIVATE"),
        (date(2026, 7, 1), "SCHREINER"),  # the day after its last
    ],
)
def test_in_force(world: World, tmp_path: Path, day: date, code: str) -> None:
    """On the days of a private scorecard, first and last included, the demonstration gives way."""
    load_scorecard(world.connection, written(tmp_path, HEAD + "valid_until = 2026-06-30\n" + TV))
    world.household(MAN)
    world.score(day)
    used = select(Scorecard.code).join(Score, Score.scorecard_id == Scorecard.id)
    assert world.connection.scalar(used) == code


def test_demonstration_never_wins(world: World, tmp_path: Path) -> None:
    """A demonstration that became valid later does not displace a scorecard that is none."""
    load_scorecard(world.connection, written(tmp_path, HEAD + TV))
    later = HEAD.replace("2025", "2026").replace('"PRIVATE"', '"SHOW"') + "demonstration = true\n" + TV
    load_scorecard(world.connection, written(tmp_path, later))
    world.household(MAN)
    world.score(ON)
    used = select(Scorecard.code).join(Score, Score.scorecard_id == Scorecard.id)
    assert world.connection.scalar(used) == "PRIVATE"


def test_none_in_force(world: World) -> None:
    """Without a valid scorecard nothing is scored, and the error says how to get one."""
    world.connection.execute(update(Scorecard).values(valid_until=date(2020, 1, 1)))
    with pytest.raises(NoScorecard, match="nser scorecard load"):
        world.score(ON)


def test_only_the_given_households_are_scored(world: World) -> None:
    """Households that were not given keep their score, and the count is of those that were."""
    one, other = world.household(MAN, score=9999), world.household(MAN, score=9999)
    assert score_households(world.connection, select(Household.id).where(Household.id == one)) == 1
    values = dict(world.connection.execute(select(Score.household_id, Score.value)).all())
    assert values[one] != 9999 == values[other]


@pytest.fixture
def statements(world: World) -> Iterator[list[Any]]:
    """Every statement with its parameters, as the driver gets them."""
    seen: list[Any] = []

    def record(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(world.connection, "before_cursor_execute", record)
    yield seen
    event.remove(world.connection, "before_cursor_execute", record)


def test_scoring_names_no_weight(world: World, tmp_path: Path, statements: list[Any]) -> None:
    """The statements of scoring hold no weight, neither in their text nor in their parameters."""
    load_scorecard(world.connection, written(tmp_path, HEAD + TV))
    world.household(MAN)
    statements.clear()
    world.score(ON)
    assert statements
    assert not any(secret in str(each) for each in statements for secret in SECRETS)


def test_weights_do_not_show_in_an_echo(world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An echo of statements and parameters, switched on by mistake, does not show weights as they are loaded."""
    caplog.set_level(logging.DEBUG)
    echoing = create_engine(world.connection.engine.url, echo=True)
    with echoing.connect() as connection, connection.begin() as transaction:
        summary = load_scorecard(connection, written(tmp_path, HEAD + TV))
        load_scorecard(connection, written(tmp_path, HEAD + TV))
        connection.execute(text("select 1"))
        transaction.rollback()
    echoing.dispose()
    assert "INSERT INTO scorecard" in caplog.text
    assert not any(secret in caplog.text + repr(summary) for secret in SECRETS)


def test_weights_do_not_show_in_errors_of_the_database(world: World, tmp_path: Path) -> None:
    """When the database refuses the scorecard, neither the error nor what it hangs on shows a weight."""
    world.connection.execute(text("alter table scorecard add check (code <> 'PRIVATE')"))
    with pytest.raises(ScorecardFault, match=r"did not store the scorecard \(IntegrityError\)") as fault:
        load_scorecard(world.connection, written(tmp_path, HEAD + TV))
    assert (fault.value.__cause__, fault.value.__context__) == (None, None)
    assert not any(secret in str(fault.value) for secret in SECRETS)
