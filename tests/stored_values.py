"""Values worth asking for: what a small registry holds at each coordinate of a filter, and what lies just beside it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from graphql import GraphQLEnumType

from domain.grant import today
from tests.oracle_fields import LISTS, OBJECTS, leaf, shown
from tests.oracle_filter import KINDS
from tests.oracle_rows import Reached, Row
from tests.planning import NATIONAL
from tests.registry import PROGRAMMES, Registry

_CODES = ("Query.programme(code:)", "Query.crossCheck(programmes:)")
_PROGRAMME_CODES = [*PROGRAMMES * 5, "NO_SUCH"]
_MALFORMED = ["123", "9999-99999999-9", "12345-1234567-12"]
_STRANGE = ["Nobody", "", "%", "a\\", "گلی"]
_NEVER_STORED: dict[str, list[Any]] = {"Date": ["2030-01-01"], "String": _STRANGE, "Int": [7], "Float": [7.5]}
_ARGUMENTS = {"Query.household(id:)": ("Household", "id"), "Query.person(cnic:)": ("Person", "cnic")}
_ARGUMENTS |= {"Query.crossCheck(cnics:)": ("Person", "cnic")}
"""Arguments that are compared with a leaf, as the fields of a filter are."""


class StoredValues:
    """The values of a registry by the coordinate that is asked for."""

    def __init__(self, registry: Registry) -> None:
        self._reached = Reached(registry, NATIONAL, today())
        self._rows: dict[str, Sequence[Row]] = {
            "Household": self._reached.households,
            "Person": self._reached.persons,
            "Region": self._reached.regions,
        }
        self._kept: dict[str, list[Any]] = {}
        for (kind, name), inner in KINDS.items():
            self._add(kind, name, inner)

    def _add(self, kind: str, name: str, inner: str) -> None:
        """Find the rows of the kinds that are only met on the way from others."""
        if inner in self._rows or kind not in self._rows:
            return
        if (kind, name) in OBJECTS:
            found = [OBJECTS[kind, name](self._reached, row) for row in self._rows[kind]]
            self._rows[inner] = [row for row in found if row is not None]
        else:
            self._rows[inner] = [other for row in self._rows[kind] for other in LISTS[kind, name](self._reached, row)]

    def of(self, coordinate: str, type_: Any) -> list[Any]:
        """Return the values to choose from, as JSON."""
        if coordinate not in self._kept:
            self._kept[coordinate] = self._find(coordinate, type_)
        return self._kept[coordinate]

    def _find(self, coordinate: str, type_: Any) -> list[Any]:
        if type_.name == "Boolean":
            return [True, False]
        if isinstance(type_, GraphQLEnumType):
            return list(type_.values)
        kind, _, name = coordinate.partition("Filter.")
        kind, name = _ARGUMENTS.get(coordinate, (kind, name))
        if name == "within":
            return [region["code"] for region in self._reached.regions] * 5 + ["NO_SUCH"]
        if name == "isEligibleFor" or coordinate in _CODES or coordinate.endswith("(programme:)"):
            return _PROGRAMME_CODES
        return self._numbers() if name in ("cnic", "bformNo") else self._leaves(kind, name, type_)

    def _leaves(self, kind: str, name: str, type_: Any) -> list[Any]:
        read = leaf(kind, name)
        stored = sorted({read(self._reached, row) for row in self._rows[kind]} - {None})
        sample = stored[:: max(1, len(stored) // 40)]
        found = [shown(value) for value in sample]
        return found + _beside(sample[len(sample) // 2]) if found else _NEVER_STORED[type_.name]

    def _numbers(self) -> list[str]:
        numbers = [p[column] for p in self._reached.persons for column in ("cnic", "bform_no") if p[column]]
        shared = [number for number, bearers in Counter(numbers).items() if bearers > 1] * 20
        return [*numbers, *(number.replace("-", "") for number in numbers), *shared, *_MALFORMED, "99999-9999999-9"]


def _beside(value: Any) -> list[Any]:
    match value:
        case bool():
            return []
        case int():
            return [value - 1, value + 1, -1, 0, 2_147_483_647]
        case float():
            return [value + 0.005, value - 0.005, -1.5, 0, 1e9]
        case datetime():
            return [shown(value + timedelta(microseconds=1)), "2026-03-01T00:00:00Z", "2026-03-01T09:30:00"]
        case date():
            return [shown(value + timedelta(days=1)), "1900-01-01", "2100-01-01"]
        case UUID():
            return ["00000000-0000-4000-8000-000000000000", value.hex.upper(), "12"]
        case _:
            return _STRANGE
