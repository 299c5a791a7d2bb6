"""Recording what NADRA answered."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from domain import verification
from domain.codes import RosterField, VerificationStatus
from domain.errors import BadInput
from domain.verification import VerificationResult, record_verifications
from tests.intake_files import household, load, person, write_survey

pytest_plugins = ["tests.intake_fixtures"]

A, B, C = "35202-1111111-2", "35202-2222222-2", "35202-3333333-2"
MATCH, MISMATCH, PENDING = VerificationStatus.MATCH, VerificationStatus.MISMATCH, VerificationStatus.PENDING
DAY = date(2026, 4, 1)


@pytest.fixture
def connection(registry: Engine, tmp_path: Path) -> Iterator[Connection]:
    """A transaction on a registry with three persons: two with a CNIC, one with a B-Form number."""
    persons = [person("F1", 1, cnic=A), person("F1", 2, bform_no=B, birth_date="2015-01-01"), person("F2", 1, cnic=C)]
    load(registry, write_survey(tmp_path / "survey", [household("F1"), household("F2")], persons))
    with registry.begin() as connection:
        yield connection


def stored(connection: Connection) -> dict[str, tuple[str, date | None, list[str]]]:
    """Return status, day and mismatches by number."""
    rows = connection.execute(
        text(
            "select coalesce(cnic, bform_no), verification_status, verification_checked_on, verification_mismatches "
            "from person"
        )
    )
    return {number: (status, checked_on, mismatches) for number, status, checked_on, mismatches in rows}


def test_an_answer_is_recorded_under_either_number(connection: Connection) -> None:
    """CNIC or B-Form, with or without dashes; whoever was not asked about stays pending."""
    mismatch = VerificationResult(B.replace("-", ""), MISMATCH, DAY, frozenset({RosterField.GENDER, RosterField.NAME}))
    assert record_verifications(connection, [VerificationResult(A, MATCH, DAY), mismatch]) == 2
    assert stored(connection) == {
        A: ("MATCH", DAY, []),
        B: ("MISMATCH", DAY, ["NAME", "GENDER"]),
        C: ("PENDING", None, []),
    }


def test_a_number_that_nobody_has_is_passed_over(connection: Connection) -> None:
    """NADRA may be asked about more people than the registry holds."""
    results = [VerificationResult("35202-9999999-2", MATCH, DAY), VerificationResult(A, MATCH, DAY)]
    assert record_verifications(connection, results) == 1


@pytest.mark.parametrize("at_once", [1, 10])
def test_the_latest_answer_counts(connection: Connection, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """In whatever order answers arrive, together or apart; of two of one day the one that came last."""
    monkeypatch.setattr(verification, "AT_ONCE", at_once)
    later = date(2026, 5, 1)
    record_verifications(connection, [VerificationResult(A, MATCH, later), VerificationResult(A, MISMATCH, DAY)])
    assert stored(connection)[A] == ("MATCH", later, [])
    expired = VerificationResult(A, VerificationStatus.EXPIRED, later)
    assert record_verifications(connection, [VerificationResult(A, MISMATCH, later), expired]) == 3 - min(at_once, 2)
    assert stored(connection)[A] == ("EXPIRED", later, [])


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (VerificationResult("35202-1111111", MATCH, DAY), "not thirteen digits"),
        (VerificationResult(A, PENDING, DAY), "PENDING is no answer"),
        (VerificationResult(A, MATCH, DAY, frozenset({RosterField.NAME})), "Only the answer MISMATCH"),
    ],
)
def test_what_is_no_answer_is_refused(connection: Connection, result: VerificationResult, sentence: str) -> None:
    """The adapter's fault is told without the number, and nothing of its batch is recorded."""
    with pytest.raises(BadInput, match=sentence) as told:
        record_verifications(connection, [VerificationResult(C, MATCH, DAY), result])
    assert result.number not in told.value.message
    assert stored(connection)[C][0] == "PENDING"


def test_the_programmes_rules_read_the_answer(connection: Connection) -> None:
    """A verified number is a criterion of programmes, so the determinations follow in the same transaction."""
    reasons = text(
        "select reasons from determination join person on person.id = person_id join programme "
        f"on programme.id = programme_id where cnic = '{A}' and code = 'KAFAALAT'"
    )
    before = connection.execute(reasons).scalars().all()
    record_verifications(connection, [VerificationResult(A, MATCH, DAY)])
    after = connection.execute(reasons).scalars().all()
    assert before != after
