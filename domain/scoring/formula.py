"""From the tables of a scorecard file to the formula that is stored. Only `scorecard_file` calls it.

Every fault is told by its place and what to do, in words that never hold a number of the file: points and limits stay
secret. Points and the constant are numbers with at most two decimals, kept in hundredths.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.errors import Refusal
from domain.score import HUNDREDTHS
from domain.scoring.feature import Feature
from domain.scoring.features import FEATURES

_MOST = 100 * HUNDREDTHS
_TOO_LARGE = 10**12
_WORD = re.compile(r"[A-Za-z][A-Za-z_ -]{0,63}")


class ScorecardFault(Refusal):
    """A scorecard file that cannot be used: the sentence names the place and what to do, never a number of the file."""

    code = "SCORECARD_FAULT"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the points of each answer in hundredths and, of a number, where each range begins."""

    feature: str
    points: dict[str, int] = field(repr=False)
    bounds: list[float] = field(repr=False)

    def stored(self) -> dict[str, Any]:
        """Return the question as the scorecard's row keeps it."""
        return {"feature": self.feature, "points": self.points, "bounds": self.bounds}


def formula(constant: object, tables: list[Any]) -> dict[str, Any]:
    """Return the formula of a file's `constant` and `[[question]]` tables; raise `ScorecardFault`."""
    questions = [_question(number, table) for number, table in enumerate(tables, 1)]
    _refuse_repetition([question.feature for question in questions])
    start = _hundredths(constant, "constant")
    _require_range(start, questions)
    return {"constant": start, "questions": [question.stored() for question in questions]}


def word(key: object) -> str:
    """Return a key of the file for an error message, unless it is no plain word and so might be a misplaced number."""
    text = str(key)
    return f"`{text}`" if _WORD.fullmatch(text) else "something that is not a word"


def require_keys(table: Mapping[str, Any], required: set[str], optional: set[str], place: str) -> None:
    """Raise `ScorecardFault` unless a table has every required key and none but these."""
    for key in sorted(required - table.keys()):
        raise ScorecardFault(f"{place}: `{key}` is missing. Add it.")
    for key in table.keys() - required - optional:
        known = ", ".join(sorted(required | optional))
        raise ScorecardFault(f"{place}: {word(key)} has no meaning here. Remove it, or use one of {known}.")


def _question(number: int, table: Any) -> Question:
    place = f"question {number}"
    if not isinstance(table, dict):
        raise ScorecardFault(f"{place}: it must be a table, [[question]] with `feature` and `points`.")
    require_keys(table, {"feature", "points"}, set(), place)
    name = table["feature"]
    if not isinstance(name, str) or name not in FEATURES:
        raise ScorecardFault(f"{place}: {word(name)} is not a feature. Use one of {', '.join(sorted(FEATURES))}.")
    place = f"{place} (`{name}`)"
    if FEATURES[name].answers is None:
        return _of_ranges(name, table["points"], place)
    return Question(name, _of_answers(FEATURES[name], table["points"], place), [])


def _of_answers(feature: Feature, points: Any, place: str) -> dict[str, int]:
    answers = feature.answers or ()
    if not isinstance(points, dict):
        raise ScorecardFault(f"{place}: `points` must be a table that gives points to {', '.join(answers)}.")
    for answer in points:
        if answer not in answers:
            raise ScorecardFault(f"{place}: {word(answer)} is not an answer. The answers are {', '.join(answers)}.")
    for answer in answers:
        if answer not in points:
            raise ScorecardFault(f"{place}: there are no points for `{answer}`. Add them.")
    return {answer: _hundredths(given, f"{place}, `{answer}`") for answer, given in points.items()}


def _of_ranges(name: str, ranges: Any, place: str) -> Question:
    if not isinstance(ranges, list) or not ranges or not all(isinstance(each, dict) for each in ranges):
        raise ScorecardFault(f"{place}: `points` must be a list of ranges, each with `from`, `below` and `points`.")
    ordered = [_limits(each, f"{place}, range {number}") for number, each in enumerate(ranges, 1)]
    _require_cover(ordered, place)
    points = {
        str(number): _hundredths(each["points"], f"{place}, range {number}") for number, each in enumerate(ranges, 1)
    }
    return Question(name, points, [float(begin) for begin, _ in ordered])


def _limits(table: dict[str, Any], place: str) -> tuple[Decimal, Decimal | None]:
    require_keys(table, {"from", "points"}, {"below"}, place)
    begin = _number(table["from"], f"{place}, `from`")
    end = _number(table["below"], f"{place}, `below`") if "below" in table else None
    if end is not None and end <= begin:
        raise ScorecardFault(f"{place}: it is empty. `below` must be greater than `from`.")
    return begin, end


def _require_cover(limits: list[tuple[Decimal, Decimal | None]], place: str) -> None:
    """Raise `ScorecardFault` unless the ranges cover every number from 0 up, each once and in ascending order."""
    expected: Decimal | None = Decimal(0)
    for number, (begin, end) in enumerate(limits, 1):
        if expected is None or begin < expected:
            raise ScorecardFault(f"{place}: range {number} overlaps the one before it, or they are not in order.")
        if begin > expected:
            raise ScorecardFault(
                f"{place}: there are no points just under range {number}. Ranges begin at 0 and leave no gap."
            )
        expected = end
    if expected is not None:
        raise ScorecardFault(f"{place}: there are no points above the last range. Leave out its `below`.")


def _number(given: object, place: str) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | Decimal) or not _is_modest(Decimal(given)):
        raise ScorecardFault(f"{place}: it must be a number of at most twelve digits.")
    return Decimal(given)


def _is_modest(number: Decimal) -> bool:
    return number.is_finite() and abs(number) < _TOO_LARGE


def _hundredths(given: object, place: str) -> int:
    scaled = _number(given, place) * HUNDREDTHS
    if abs(scaled) > _MOST:
        raise ScorecardFault(f"{place}: points lie between -100 and 100.")
    if scaled != int(scaled):
        raise ScorecardFault(f"{place}: points have at most two decimals, because scores are kept in hundredths.")
    return int(scaled)


def _refuse_repetition(features: list[str]) -> None:
    for number, name in enumerate(features, 1):
        if name in features[: number - 1]:
            raise ScorecardFault(f"question {number}: `{name}` is asked again. Give its points in one question.")


def _require_range(constant: int, questions: list[Question]) -> None:
    lowest = constant + sum(min(question.points.values()) for question in questions)
    highest = constant + sum(max(question.points.values()) for question in questions)
    if lowest < 0 or highest > _MOST:
        side = "below 0" if lowest < 0 else "above 100"
        raise ScorecardFault(f"A score {side} is possible. Check the points: every sum must lie between 0 and 100.")
