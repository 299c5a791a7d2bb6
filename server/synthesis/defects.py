"""Plants faults in a synthetic survey, as enumerators and keyboards make them. `server.synthesis.survey` calls it.

A household gets at most one fault, and what was planted is told, so that an intake can be held to it: nothing lost,
bad rows refused with line, column and reason, good rows beside them taken in. Rates for a whole population are not
known for Pakistan; in Brazil's CadUnico every third sampled family had some error of composition.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal

from domain.intake.form import (
    HOUSEHOLD_COLUMNS,
    PERSON_COLUMNS,
    REQUIRED_HOUSEHOLD_COLUMNS,
    REQUIRED_PERSON_COLUMNS,
)
from server.synthesis.chance import Weighted

Expected = Literal["rejected", "warning"]
_HOUSEHOLD = {column: position for position, column in enumerate(HOUSEHOLD_COLUMNS)}
_PERSON = {column: position for position, column in enumerate(PERSON_COLUMNS)}

_NOT_A_DATE = ("31/12/2019", "2019-02-30", "12-7-88", "1990")
_NOT_A_MOBILE = ("0300-12345", "042-35712345", "03001234567890", "none")
_HOUSEHOLD_WORDS = {"tenure": "own house", "toilet": "latrine", "water_source": "river", "source": "walk_in"}
_PERSON_WORDS = {"sex": "M", "relation_to_head": "wife", "marital_status": "single", "education_level": "class 5"}
_BLANKED_OF_HOUSEHOLD = sorted(REQUIRED_HOUSEHOLD_COLUMNS - {"form_no"})
_BLANKED_OF_PERSON = sorted(REQUIRED_PERSON_COLUMNS - {"form_no", "line_no"})
_KINDS = {
    "malformed_cnic": 8,
    "repeated_cnic": 8,
    "cnic_begins_with_0": 4,
    "parity_contradicts_sex": 10,
    "no_head": 5,
    "two_heads": 5,
    "unknown_region": 5,
    "malformed_date": 8,
    "future_birth": 4,
    "unknown_word": 8,
    "malformed_mobile": 8,
    "negative_number": 5,
    "missing_value": 8,
    "person_without_form": 4,
    "repeated_form": 5,
    "repeated_line": 5,
}


@dataclass(slots=True)
class Interview:
    """The rows of one household, before they are written."""

    household: list[str]
    persons: list[list[str]]
    repeated: list[list[str]] = field(default_factory=list)
    """Further rows of `households`, which only a fault brings about."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One line of `planted.csv`: where a fault is, as the file now spells it, and what an intake should make of it."""

    form_no: str
    line_no: str
    column: str
    kind: str
    expected: Expected = "rejected"


class Planter:
    """Plants faults, with a generator of its own: households without a fault are the same with and without it."""

    def __init__(self, rng: Random, share: float, surveyed_to: date) -> None:
        """Take the share of households that get a fault, and the survey's last day."""
        self._rng = rng
        self._share = share
        self._surveyed_to = surveyed_to
        self._kinds = Weighted(_KINDS)
        self._seen: dict[str, str] = {}
        self._plants: dict[str, Callable[[Interview, str], Planted | None]] = {
            "malformed_cnic": self._malformed_cnic,
            "repeated_cnic": self._repeated_cnic,
            "cnic_begins_with_0": self._begins_with_0,
            "parity_contradicts_sex": self._parity,
            "no_head": self._no_head,
            "two_heads": self._two_heads,
            "unknown_region": self._unknown_region,
            "malformed_date": self._date,
            "future_birth": self._future_birth,
            "unknown_word": self._unknown_word,
            "malformed_mobile": self._mobile,
            "negative_number": self._negative,
            "missing_value": self._missing,
            "person_without_form": self._without_form,
            "repeated_form": self._repeated_form,
            "repeated_line": self._repeated_line,
        }

    def visit(self, interview: Interview) -> Planted | None:
        """Plant a fault in this household, or leave it; return what was planted."""
        if self._rng.random() >= self._share:
            self._remember(interview)
            return None
        planted = None
        while planted is None:
            kind = self._kinds.draw(self._rng)
            planted = self._plants[kind](interview, kind)
        return planted

    def _remember(self, interview: Interview) -> None:
        """Keep the head's number of a sound household, for another household to repeat."""
        head = interview.persons[0]
        if head[_PERSON["cnic"]]:
            self._seen[head[_PERSON["sex"]]] = head[_PERSON["cnic"]]

    def _pick(self, values: tuple[str, ...] | list[str]) -> str:
        return values[int(self._rng.random() * len(values))]

    def _in_household(self, interview: Interview, kind: str, column: str, value: str) -> Planted:
        """Write a value into the household's row."""
        interview.household[_HOUSEHOLD[column]] = value
        return Planted(interview.household[0], "", column, kind)

    def _in_person(
        self, person: list[str], kind: str, column: str, value: str, expected: Expected = "rejected"
    ) -> Planted:
        """Write a value into a person's row."""
        person[_PERSON[column]] = value
        return Planted(person[0], person[1], column, kind, expected)

    def _anyone(self, interview: Interview) -> list[str]:
        return interview.persons[int(self._rng.random() * len(interview.persons))]

    def _with_cnic(self, interview: Interview) -> list[str] | None:
        """Return a man or woman who has a CNIC, if there is one."""
        having = [p for p in interview.persons if p[_PERSON["cnic"]] and p[_PERSON["sex"]] != "transgender"]
        return having[int(self._rng.random() * len(having))] if having else None

    def _other_cnic(self, interview: Interview, kind: str, change: Callable[[str], str]) -> Planted | None:
        person = self._with_cnic(interview)
        if person is None:
            return None
        return self._in_person(person, kind, "cnic", change(person[_PERSON["cnic"]]))

    def _malformed_cnic(self, interview: Interview, kind: str) -> Planted | None:
        slips: tuple[Callable[[str], str], ...] = (
            lambda number: number[:-3] + number[-2:],
            lambda number: number + "0",
            lambda number: number[:7] + "O" + number[8:],
        )
        return self._other_cnic(interview, kind, slips[int(self._rng.random() * len(slips))])

    def _begins_with_0(self, interview: Interview, kind: str) -> Planted | None:
        return self._other_cnic(interview, kind, lambda number: "0" + number[1:])

    def _repeated_cnic(self, interview: Interview, kind: str) -> Planted | None:
        """Give a person the number of the head of an earlier household, who has the same sex."""
        person = self._with_cnic(interview)
        seen = self._seen.get(person[_PERSON["sex"]]) if person else None
        return self._in_person(person, kind, "cnic", seen) if person and seen else None

    def _parity(self, interview: Interview, kind: str) -> Planted | None:
        """Make a number's last digit contradict the sex: worth a warning, since sexes are misrecorded too."""
        person = self._with_cnic(interview)
        if person is None:
            return None
        number = person[_PERSON["cnic"]]
        return self._in_person(person, kind, "cnic", number[:-1] + str((int(number[-1]) + 1) % 10), "warning")

    def _no_head(self, interview: Interview, kind: str) -> Planted:
        self._in_person(interview.persons[0], kind, "relation_to_head", "other_relative")
        return Planted(interview.household[0], "", "relation_to_head", kind)

    def _two_heads(self, interview: Interview, kind: str) -> Planted | None:
        if len(interview.persons) < 2:
            return None
        return self._in_person(interview.persons[1], kind, "relation_to_head", "head")

    def _unknown_region(self, interview: Interview, kind: str) -> Planted:
        return self._in_household(interview, kind, "region_code", "ZZ-999-99")

    def _date(self, interview: Interview, kind: str) -> Planted:
        if self._rng.random() < 0.3:
            return self._in_household(interview, kind, "surveyed_on", self._pick(_NOT_A_DATE))
        return self._in_person(self._anyone(interview), kind, "birth_date", self._pick(_NOT_A_DATE))

    def _future_birth(self, interview: Interview, kind: str) -> Planted:
        born = self._surveyed_to + timedelta(days=3650 + int(self._rng.random() * 3650))
        return self._in_person(self._anyone(interview), kind, "birth_date", born.isoformat())

    def _unknown_word(self, interview: Interview, kind: str) -> Planted:
        if self._rng.random() < 0.5:
            column = self._pick(tuple(_HOUSEHOLD_WORDS))
            return self._in_household(interview, kind, column, _HOUSEHOLD_WORDS[column])
        column = self._pick(tuple(_PERSON_WORDS))
        return self._in_person(self._anyone(interview), kind, column, _PERSON_WORDS[column])

    def _mobile(self, interview: Interview, kind: str) -> Planted:
        return self._in_household(interview, kind, "mobile", self._pick(_NOT_A_MOBILE))

    def _negative(self, interview: Interview, kind: str) -> Planted:
        column = self._pick(("monthly_income", "rooms"))
        return self._in_household(interview, kind, column, "-5000" if column == "monthly_income" else "-2")

    def _missing(self, interview: Interview, kind: str) -> Planted:
        if self._rng.random() < 0.4:
            return self._in_household(interview, kind, self._pick(_BLANKED_OF_HOUSEHOLD), "")
        return self._in_person(self._anyone(interview), kind, self._pick(_BLANKED_OF_PERSON), "")

    def _without_form(self, interview: Interview, kind: str) -> Planted | None:
        """Let the last person, if not the only one, refer to a form that does not exist."""
        if len(interview.persons) < 2:
            return None
        return self._in_person(interview.persons[-1], kind, "form_no", f"{interview.household[0]}-X")

    def _repeated_form(self, interview: Interview, kind: str) -> Planted:
        """Write the household's row a second time, with another address."""
        again = list(interview.household)
        again[_HOUSEHOLD["address"]] = f"Near {again[_HOUSEHOLD['address']]}"
        interview.repeated.append(again)
        return Planted(interview.household[0], "", "form_no", kind)

    def _repeated_line(self, interview: Interview, kind: str) -> Planted | None:
        """Give the last person, if not the only one, the line number of the one before."""
        if len(interview.persons) < 2:
            return None
        return self._in_person(interview.persons[-1], kind, "line_no", interview.persons[-2][_PERSON["line_no"]])
