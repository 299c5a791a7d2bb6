"""What a filter and an order mean, restated from their descriptions. Part of the oracle.

Both are read before any row is looked at, so that what cannot be meant is refused whether or not there are rows.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import eq, ge, gt, le, lt
from typing import Any
from uuid import UUID

from tests.oracle_fields import LISTS, OBJECTS, leaf, sort_value
from tests.oracle_rows import Reached, Row

Condition = Callable[[Row], bool]


class Refused(Exception):
    """The oracle refuses what it was asked, with the code of the refusal."""

    def __init__(self, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(code)
        self.code = code


KINDS = {
    ("Household", "region"): "Region",
    ("Household", "score"): "Score",
    ("Household", "housing"): "Housing",
    ("Household", "assets"): "Assets",
    ("Household", "members"): "Person",
    ("Household", "determinations"): "Determination",
    ("Household", "enrolments"): "Enrolment",
    ("Score", "scorecard"): "Scorecard",
    ("Region", "parent"): "Region",
    ("Person", "household"): "Household",
    ("Person", "education"): "Education",
    ("Person", "employment"): "Employment",
    ("Person", "disability"): "Disability",
    ("Person", "verification"): "Verification",
    ("Person", "determinations"): "Determination",
    ("Person", "enrolments"): "Enrolment",
    ("Determination", "programme"): "Programme",
    ("Enrolment", "programme"): "Programme",
}
"""The kind of row behind each object or list."""


def given(value: Any) -> Any:
    """Return a value that says something; an explicit null and an empty object or list say nothing and are refused."""
    if value is None or (isinstance(value, Mapping | list) and not value):
        raise Refused
    if isinstance(value, list) and len(value) > 1000:
        raise Refused
    return value


def condition(reached: Reached, kind: str, filter_: Any) -> Condition:
    """Return the condition of a filter on rows of a kind: all that is given must hold."""
    return _all(_field(reached, kind, name, value) for name, value in given(filter_).items())


def _all(conditions: Iterable[Condition]) -> Condition:
    every = list(conditions)
    return lambda row: all(holds(row) for holds in every)


def _field(reached: Reached, kind: str, name: str, value: Any) -> Condition:
    if (kind, name) in OBJECTS:
        other, inner = OBJECTS[kind, name], condition(reached, KINDS[kind, name], value)
        return lambda row: (found := other(reached, row)) is not None and inner(found)
    if (kind, name) in LISTS:
        return _all(_listed(reached, kind, name, which, inner) for which, inner in given(value).items())
    match name:
        case "and":
            return _all([condition(reached, kind, item) for item in given(value)])
        case "or":
            choices = [condition(reached, kind, item) for item in given(value)]
            return lambda row: any(holds(row) for holds in choices)
        case "not":
            inner = condition(reached, kind, value)
            return lambda row: not inner(row)
        case "within":
            return _within(reached, given(value))
        case "isEligibleFor":
            return _eligible(reached, kind, programme_code(reached, value))
        case _:
            return _all(_operator(reached, kind, name, operator, operand) for operator, operand in given(value).items())


def _listed(reached: Reached, kind: str, name: str, which: str, filter_: Any) -> Condition:
    many, inner = LISTS[kind, name], condition(reached, KINDS[kind, name], filter_)
    return lambda row: any(inner(other) for other in many(reached, row)) is (which == "some")


def programme_code(reached: Reached, code: Any) -> str:
    """Return the code of a programme that there is."""
    if code is None or code not in {programme["code"] for programme in reached.programmes}:
        raise Refused
    known: str = code
    return known


def _eligible(reached: Reached, kind: str, code: str) -> Condition:
    if kind == "Person":
        return lambda person: reached.eligible(person, code)
    return lambda household: any(reached.eligible(person, code) for person in reached.of_household[household["id"]])


def _within(reached: Reached, codes: list[str]) -> Condition:
    if not set(codes) <= {region["code"] for region in reached.regions}:
        raise Refused

    def holds(region: Row | None) -> bool:
        return region is not None and (region["code"] in codes or holds(reached.by_id("region", region["parent_id"])))

    return holds


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"eq": eq, "gt": gt, "gte": ge, "lt": lt, "lte": le}


def _operator(reached: Reached, kind: str, name: str, operator: str, operand: Any) -> Condition:
    """Return one comparison; an empty value compares with nothing."""
    read = leaf(kind, name)
    if operator == "isNull":
        wanted = given(operand)
        return lambda row: (read(reached, row) is None) is wanted
    if operator == "in":
        choices = [meant(name, item) for item in given(operand)]
        return lambda row: (value := read(reached, row)) is not None and value in choices
    compare, other = _COMPARE[operator], meant(name, given(operand))
    return lambda row: (value := read(reached, row)) is not None and compare(value, other)


def number(text: str) -> str | None:
    """Return a CNIC or B-Form number in its written form: with both dashes or without any, blanks around it or not."""
    text = text.strip()
    if re.fullmatch("[0-9]{13}", text):
        return f"{text[:5]}-{text[5:12]}-{text[12:]}"
    return text if re.fullmatch("[0-9]{5}-[0-9]{7}-[0-9]", text) else None


def mobile(text: str) -> str | None:
    """Return a mobile number as +923XXXXXXXXX, for the two spellings that the schema names."""
    digits = re.fullmatch(r"(?:0|\+92)(3[0-9]{2})-?([0-9]{7})", text)
    return f"+92{digits[1]}{digits[2]}" if digits else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _instant(moment: datetime) -> datetime | None:
    return moment if moment.tzinfo else None


_SPELT: dict[str, Callable[[Any], Any]] = {
    "id": _uuid,
    "cnic": number,
    "bformNo": number,
    "mobile": mobile,
    "scoredAt": _instant,
    "determinedAt": _instant,
}


def meant(name: str, value: Any) -> Any:
    """Return what a value given for a leaf stands for; one that is spelt wrong stands for nothing and is refused."""
    return given(_SPELT[name](value)) if name in _SPELT else value


@dataclass(frozen=True)
class Key:
    """One key of an order."""

    path: tuple[str, ...]
    descending: bool
    read: Callable[[Row], Any]


@dataclass(frozen=True)
class Order:
    """A total order."""

    keys: tuple[Key, ...]

    @property
    def name(self) -> tuple[tuple[tuple[str, ...], bool], ...]:
        """What tells an order from others."""
        return tuple((key.path, key.descending) for key in self.keys)

    def sorted(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows in this order."""
        found = list(rows)
        for key in reversed(self.keys):
            found.sort(key=key.read, reverse=key.descending)
        return found


def order(reached: Reached, kind: str, asked: Any) -> Order:
    """Return the order that `orderBy` asks for; rows equal in it are ordered by their number, as the last key runs."""
    if not 1 <= len(given(asked)) <= 5:
        raise Refused
    keys = [_key(reached, kind, item, ()) for item in asked]
    return _total(keys)


def by_number() -> Order:
    """Return the order of a page that asks for none."""
    return _total([])


def _total(keys: list[Key]) -> Order:
    paths = [key.path for key in keys]
    if ("id",) in paths:
        return Order(tuple(keys[: paths.index(("id",)) + 1]))
    own = Key(("id",), bool(keys) and keys[-1].descending, lambda row: row["id"])
    return Order((*keys, own))


def _key(reached: Reached, kind: str, asked: Any, path: tuple[str, ...]) -> Key:
    if asked is None or len(asked) != 1:
        raise Refused
    ((name, inner),) = asked.items()
    if (kind, name) in OBJECTS:
        key = _key(reached, KINDS[kind, name], inner, (*path, name))
        other = OBJECTS[kind, name]
        return Key(key.path, key.descending, lambda row: key.read(_there(other(reached, row))))
    read = sort_value(kind, name)
    return Key((*path, name), given(inner).value == "DESC", lambda row: read(reached, row))


def _there(row: Row | None) -> Row:
    assert row is not None, "only rows that are always there can be ordered by"
    return row
