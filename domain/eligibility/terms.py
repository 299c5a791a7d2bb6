"""The thresholds of a version of rules. Rule modules read them, the installer checks them, nothing else holds a copy.

A version's file gives every parameter as a table: `value` with its `source`, or `same_as`, the code of another
programme whose parameter of that name applies, in the version in force at the time.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.errors import Refusal


class RulesFault(Refusal):
    """Rules that cannot be applied: the sentence says which programme and parameter, and what to do."""

    code = "RULES_FAULT"


class Terms:
    """The parameters of one programme's version as the rules read them, and the day on which the data are read."""

    def __init__(self, programme: str, parameters: Mapping[str, Any], on: date) -> None:
        """Take a version's parameters with every `same_as` resolved."""
        self.programme = programme
        self.on = on
        self._parameters = parameters

    def integer(self, name: str) -> int:
        """Return a whole number; raise `RulesFault` when it is missing or something else."""
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise RulesFault(f"{self.programme}: the parameter `{name}` must be a whole number.")
        return value

    def number(self, name: str) -> float:
        """Return a number; raise `RulesFault` when it is missing or something else."""
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RulesFault(f"{self.programme}: the parameter `{name}` must be a number.")
        return value

    def text(self, name: str) -> str:
        """Return a text; raise `RulesFault` when it is missing or something else."""
        value = self._value(name)
        if not isinstance(value, str):
            raise RulesFault(f"{self.programme}: the parameter `{name}` must be a text.")
        return value

    def ages(self, name: str) -> tuple[int, int]:
        """Return the first and the last age of `[first, last]` in completed years, both included."""
        value = self._value(name)
        if not isinstance(value, list) or len(value) != 2 or not all(type(age) is int for age in value):
            raise RulesFault(f"{self.programme}: the parameter `{name}` must be two ages, [first, last].")
        first, last = value
        if not 0 <= first <= last:
            raise RulesFault(f"{self.programme}: the ages of `{name}` must rise.")
        return first, last

    def _value(self, name: str) -> Any:
        parameter = self._parameters.get(name)
        if not isinstance(parameter, Mapping) or "value" not in parameter or "source" not in parameter:
            raise RulesFault(f"{self.programme}: the parameter `{name}` needs a `value` and a `source`.")
        return parameter["value"]
