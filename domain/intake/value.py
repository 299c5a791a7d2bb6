"""How a single value of the survey file is read. Only `household.py` and `person.py` in this folder use it.

A reader takes the text of a value that is not empty and returns the answer, or raises `ValueError` or `KeyError`. It is
called hundreds of thousands of times a second, so closed vocabularies are look-ups in a dictionary and nothing more.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from domain.codes import Code
from domain.identity import normalise_cnic, normalise_mobile
from domain.intake.fault import Fault, TableName, value_class

Reader = Callable[[str], object]

_REMEMBERED = 65_536
"""So many different numbers or dates of a column are read once only: more than the days of 130 years."""

_DECIMAL = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class Field:
    """One column: how its values are read, and what to say of one that cannot be."""

    column: str
    read: Reader
    code: str
    reason: str


def one_of(column: str, vocabulary: type[Code]) -> Field:
    """A word of a closed vocabulary, in lower case."""
    words = {code.value.lower(): code.value for code in vocabulary}
    return Field(column, words.__getitem__, "WORD_UNKNOWN", f"Write one of {', '.join(words)}.")


def truth(column: str) -> Field:
    """`true` or `false`."""
    return Field(column, {"true": True, "false": False}.__getitem__, "WORD_UNKNOWN", "Write true or false.")


def whole(column: str, low: int, high: int) -> Field:
    """A whole number between two limits, both included."""

    @lru_cache(_REMEMBERED)
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError
        return int(text)

    return Field(column, read, "NUMBER_INVALID", f"Write a whole number from {low} to {high}.")


def decimal(column: str, low: float, high: float, unit: str) -> Field:
    """A number with or without decimals between two limits, both included."""

    def read(text: str) -> float:
        if not (_DECIMAL.fullmatch(text) and low <= float(text) <= high):
            raise ValueError
        return float(text)

    return Field(column, read, "NUMBER_INVALID", f"Write {unit} as a number from {low:g} to {high:g}.")


def day(column: str) -> Field:
    """A date as YYYY-MM-DD and in no other of the forms that ISO 8601 has."""

    @lru_cache(_REMEMBERED)
    def read(text: str) -> date:
        if len(text) != 10 or text[4] != "-" or text[7] != "-":
            raise ValueError
        return date.fromisoformat(text)

    return Field(column, read, "DATE_INVALID", "Write a date that exists, as YYYY-MM-DD.")


def words(column: str, longest: int) -> Field:
    """Free text up to a length, in Unicode's composed form, without line breaks and other control characters."""

    def read(text: str) -> str:
        if not (text.isprintable() or _is_printable_urdu(text)) or len(text) > longest:
            raise ValueError
        return text if text.isascii() else unicodedata.normalize("NFC", text)

    reason = f"Write at most {longest} characters, without line breaks and control characters."
    return Field(column, read, "TEXT_INVALID", reason)


def _is_printable_urdu(text: str) -> bool:
    """Urdu joins and separates letters by format characters, which Python does not call printable."""
    return all(unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"} for letter in text)


def identity_number(column: str) -> Field:
    """A CNIC or B-Form number."""
    reason = "Write thirteen digits, as #####-#######-# or without the dashes, as they stand on the document."
    return Field(column, _required(normalise_cnic), "NUMBER_MALFORMED", reason)


def mobile(column: str) -> Field:
    """A Pakistani mobile number."""
    reason = "Write a Pakistani mobile number as 03XX-XXXXXXX, or leave it empty when there is none."
    return Field(column, _required(normalise_mobile), "MOBILE_INVALID", reason)


def _required(normalise: Callable[[str], str | None]) -> Reader:
    def read(text: str) -> str:
        if (normal := normalise(text)) is None:
            raise ValueError
        return normal

    return read


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, table: TableName, fields: Sequence[Field], required: frozenset[str], today: date) -> None:
        """Take the fields in the order of the columns, and the columns that may not be empty."""
        self._table = table
        self._fields = fields
        self._readers = [field.read for field in fields]
        self._required = [field.column in required for field in fields]
        self._required_values = itemgetter(*(place for place, needed in enumerate(self._required) if needed))
        self._today = today

    def read(self, line: int, row: Sequence[str]) -> tuple[list[Any], list[Fault]]:
        """Return the answers, `None` where there is none, and the faults of single values."""
        try:
            answers = [read(text) if text else None for read, text in zip(self._readers, row, strict=True)]
        except (ValueError, KeyError):
            answers = [self._answer(read, text) for read, text in zip(self._readers, row, strict=True)]
        else:
            if "" not in self._required_values(row):
                return answers, []
        return answers, [
            self._fault(line, place, text)
            for place, text in enumerate(row)
            if answers[place] is None and (text or self._required[place])
        ]

    def _answer(self, read: Reader, text: str) -> Any:
        try:
            return read(text) if text else None
        except (ValueError, KeyError):
            return None

    def _fault(self, line: int, place: int, text: str) -> Fault:
        field = self._fields[place]
        if not text:
            reason = f"Fill in {field.column}. {field.reason}"
            return Fault(self._table, line, field.column, "empty", "VALUE_MISSING", reason)
        return Fault(self._table, line, field.column, value_class(text, self._today), field.code, field.reason)
