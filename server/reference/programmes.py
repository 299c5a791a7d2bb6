"""The page of programmes: whom each serves, its criteria in words, its thresholds with their sources, its conflicts."""

from typing import Any

from domain.eligibility.determine import RULES
from domain.eligibility.reason import WORDS
from server.reference.markdown import bullets, code, document, section, table, words
from server.reference.rules import ShippedRules, read_reference, shipped_rules

_INTRODUCTION = """\
The registry knows these programmes by name. For those with rules it keeps a determination for every person of the
group that the programme serves, and one for the household. A determination says `ELIGIBLE` when every criterion is
met, `NOT_ELIGIBLE` when one is not, and `UNKNOWN` when none is known to be missed and an answer is missing. A
person outside the group has no determination of the programme. [Reason codes](reasons.md) say which criterion
stands in the way.

Thresholds are dated parameters with their sources. A source is N (news agency or official statement in the press),
B (a blog: a hint, to be confirmed) or A (an assumption of this registry). A determination is written ahead for as
many months as `horizon_months` says, cut at the days on which it changes."""

_CONFLICTS = (
    "A running enrolment in one programme closes the other, whichever came first. `crossCheck` applies this table."
)


def page() -> str:
    """Return the page of programmes."""
    rules = shipped_rules()
    listed = read_reference("programmes.toml")["programme"]
    return document(
        "Programmes",
        _INTRODUCTION,
        *(_programme(each, [one for one in rules if one.programme == each["code"]]) for each in listed),
        section("Conflicts", _CONFLICTS, _conflicts()),
    )


def _programme(programme: dict[str, Any], versions: list[ShippedRules]) -> str:
    facts = f"{programme['name']}. Run by: {programme['agency']}. Serves: {programme['unit']}."
    none = "" if versions else "Known for cross-checks; the registry has no rules of it."
    return section(code(programme["code"]), facts, none, *map(_version, versions))


def _version(shipped: ShippedRules) -> str:
    criteria = (f"{code(each.unmet.value)}: {WORDS[each.unmet]}" for each in shipped.rules.criteria)
    purpose = words(RULES[shipped.programme].__doc__)
    return section(
        f"{shipped.programme} {shipped.version}",
        f"In force from {shipped.valid_from}. It is to {purpose[:1].lower()}{purpose[1:]}",
        "What stands in the way, one reason for each criterion:",
        bullets(criteria),
        table(("parameter", "value", "unit", "source"), (_parameter(*item) for item in shipped.parameters.items())),
        shipped.preamble,
        level=3,
    )


def _parameter(name: str, parameter: dict[str, Any]) -> tuple[str, str, str, str]:
    if "same_as" in parameter:
        return code(name), f"as in {code(parameter['same_as'])}", "", ""
    value = parameter["value"]
    shown = " to ".join(map(str, value)) if isinstance(value, list) else str(value)
    return code(name), shown, parameter.get("unit", ""), parameter["source"]


def _conflicts() -> str:
    rows = [
        (code(conflict["programme"]), code(excluded), conflict["level"], str(conflict["valid_from"]), conflict["rule"])
        for conflict in read_reference("conflicts.toml")["conflict"]
        for excluded in conflict["excludes"]
    ]
    return table(("programme", "excludes", "level", "from", "rule"), rows)
