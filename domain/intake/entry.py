"""A submission made ready for the registry: the answers as they are kept, their digest, and the lines that COPY takes.

Only intake uses it. All of it is computed while the batch before is being written, which is why the lines wait as text.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

import orjson

from domain.identity import Severity
from domain.intake.form import HOUSEHOLD_COLUMNS, PERSON_COLUMNS
from domain.intake.person import PersonAnswers
from domain.intake.place import Place
from domain.intake.roster import Form, Submission

_KEPT_ELSEWHERE = {"region_code", "enumerator"}
_HOUSEHOLD_ANSWERS = tuple(column for column in HOUSEHOLD_COLUMNS if column not in _KEPT_ELSEWHERE)
PERSON_ANSWERS = PERSON_COLUMNS[1:]
"""What the file says of a person, apart from the form number."""
HOUSEHOLD_LINE = (*_HOUSEHOLD_ANSWERS, "size", "registered_on", "region_id", "province_id", "district_id")
"""The columns of a household's line, after its id."""
PERSON_LINE = (*PERSON_ANSWERS, "province_id", "district_id")
"""The columns of a person's line, after the household's id."""
SURVEY_LINE = ("surveyed_on", "source", "enumerator", "digest", "answers")
"""The columns of a survey's line, after its own id and the household's."""
FINDING_LINE = ("line_no", "column", "code", "severity")
"""The columns of a finding's line, after the survey's id."""

_household_answers = attrgetter(*_HOUSEHOLD_ANSWERS)


class Entry(NamedTuple):
    """A submission that waits to be written."""

    form: Form
    submission: Submission
    digest: bytes
    """SHA-256 of the normalised answers: equal answers have equal digests, in whatever order they were written."""
    numbers: tuple[str, ...]
    """Every identity number of the roster."""
    survey_line: str
    household_line: str
    """For a household that is new."""
    person_lines: list[str]

    @property
    def form_no(self) -> str:
        """The form number."""
        return self.form.form_no


def entry(form: Form, submission: Submission) -> Entry:
    """Make a submission ready."""
    answers = orjson.dumps(
        {
            **_answered(HOUSEHOLD_COLUMNS, submission.household),
            "persons": [_answered(PERSON_ANSWERS, member.person[1:]) for member in submission.members],
        }
    )
    digest = hashlib.sha256(answers).digest()
    household = submission.household
    survey = (household.surveyed_on, household.source, household.enumerator, f"\\x{digest.hex()}", answers.decode())
    person_lines = [copy_line(person_values(member.person, submission.place)) for member in submission.members]
    numbers = tuple(number for member in submission.members for number in member.person.numbers)
    household_line = copy_line(household_values(submission))
    return Entry(form, submission, digest, numbers, copy_line(survey), household_line, person_lines)


def household_values(submission: Submission) -> tuple[object, ...]:
    """Return the values of `HOUSEHOLD_LINE` for a household that is new."""
    household, place = submission.household, submission.place
    return (
        *_household_answers(household),
        len(submission.members),
        household.surveyed_on,
        place.region_id,
        place.province_id,
        place.district_id,
    )


def person_values(person: PersonAnswers, place: Place) -> tuple[object, ...]:
    """Return the values of `PERSON_LINE`."""
    return (*person[1:], place.province_id, place.district_id)


def _answered(columns: tuple[str, ...], answers: Iterable[object]) -> dict[str, object]:
    """Return the answers by column, without what was not answered."""
    return {column: answer for column, answer in zip(columns, answers, strict=True) if answer is not None}


_SPELLED: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    Severity: str,
    int: str,
    float: repr,
    bool: lambda truth: "t" if truth else "f",
    date: date.isoformat,
}


def copy_line(values: Iterable[object]) -> str:
    """Return the values in the text format of PostgreSQL's COPY, empty for null, without the line's end.

    No text is empty, since an empty answer is none; and no control character needs to be escaped: no answer holds one,
    and JSON writes them otherwise.
    """
    spelled = [value if type(value) is str else _SPELLED[type(value)](value) for value in values]
    return "\t".join(spelled).replace("\\", "\\\\")
