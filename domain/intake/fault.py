"""What is wrong with a row, and how it is told: without the value, with what to do. Only intake uses it.

The grammar of a fault's code is an upper-case noun phrase, `THING_STATE`; a code that was used is not used again for
something else.
"""

import re
from datetime import date
from typing import Literal, NamedTuple

TableName = Literal["households", "persons"]


class Fault(NamedTuple):
    """One fault of one row. It holds no answer, so it may be written, logged and shown."""

    table: TableName
    line: int
    """The line of the CSV file on which the row begins, or the row's number in a Parquet file."""
    column: str
    """The column at fault, empty when it is the row as a whole."""
    value_class: str
    """What kind of value stands there, as `value_class` says it."""
    code: str
    reason: str
    """A sentence that says what to do."""


_DIGITS = re.compile(r"[0-9]+(?:[- ][0-9]+)*")
_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def value_class(text: str, today: date) -> str:
    """Describe the kind of value without the value: `empty`, `12 digits`, `date in the future`, `text(7)`, …"""
    if not text:
        return "empty"
    if _DATE.fullmatch(text):
        return _class_of_date(text, today)
    if _DIGITS.fullmatch(text):
        digits = sum(map(str.isdigit, text))
        return f"{digits} digit" if digits == 1 else f"{digits} digits"
    if _NUMBER.fullmatch(text):
        return "negative number" if text.startswith("-") else "decimal number"
    return f"text({len(text)})" if text.isprintable() else f"text({len(text)}) with control characters"


def _class_of_date(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "date that does not exist"
    return "date in the future" if day > today else "date"
