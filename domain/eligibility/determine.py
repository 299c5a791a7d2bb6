"""Determines whom the programmes serve. Intake, the desk, enrolling and the command that re-determines call it; nothing
else writes determinations.

One statement for each version of a programme's rules answers for one household or for millions.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, Select, delete, insert

from domain.determination import Determination
from domain.eligibility import hunarmand, kafaalat, nashonuma, taleemi_wazaif
from domain.eligibility.answer import COLUMNS, rows
from domain.eligibility.rule import Rules
from domain.eligibility.terms import RulesFault, Terms
from domain.eligibility.timeline import Window, read_versions, windows

RULES: dict[str, Callable[[Terms], Rules]] = {
    "KAFAALAT": kafaalat.rules,
    "NASHONUMA": nashonuma.rules,
    "TALEEMI_WAZAIF": taleemi_wazaif.rules,
    "HUNARMAND": hunarmand.rules,
}
"""The programmes whose rules the registry can apply, by code."""


def determine_households(connection: Connection, households: Select[UUID], *, on: date) -> int:
    """Determine the given households anew as of the day `on`, and return how many determinations they have now.

    `households` selects household ids, from tables other than `determination`. Every programme with rules in force from
    `on` to its horizon is answered for, as `Determination` describes; a day on which another version is in force is
    answered by that version. Answers as of earlier days are replaced. Raises `RulesFault` for rules that cannot be
    applied.
    """
    connection.execute(delete(Determination).where(Determination.household_id.in_(households)))
    versions = read_versions(connection)
    programmes = sorted({version.programme for version in versions})
    return sum(
        _determine(connection, households, window, on)
        for programme in programmes
        for window in windows(versions, programme, on)
    )


def _determine(connection: Connection, households: Select[UUID], window: Window, on: date) -> int:
    programme = window.version.programme
    if programme not in RULES:
        raise RulesFault(f"{programme} has parameters but no criteria in this release. Remove its rules, or upgrade.")
    terms = Terms(programme, window.parameters, on)
    found = rows(RULES[programme](terms), households, window, terms)
    statement = insert(Determination).from_select(COLUMNS, found).execution_options(preserve_rowcount=True)
    return connection.execute(statement).rowcount
