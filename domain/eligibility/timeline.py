"""Which version of a programme's rules applies when. `determine` and the installer of reference data ask it.

In force on a day is, of the versions valid on it, the one that became valid last. A version may take a parameter from
another programme (`same_as`), in the version of that programme in force on the day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from domain.eligibility.terms import RulesFault
from domain.programme import Programme, ProgrammeRules

FOREVER = date(9999, 12, 31)
"""The end of what has no known end; the last date that every driver can read."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a programme's rules."""

    id: int
    programme: str
    programme_id: int
    begins: date
    ends: date
    """The first day on which it is not valid any more."""
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `begins` up to, and without, `ends`, on which one version applies with resolved parameters."""

    version: Version
    begins: date
    ends: date
    parameters: Mapping[str, Any]


def read_versions(connection: Connection) -> list[Version]:
    """Return every version of every programme's rules."""
    rows = connection.execute(
        select(
            ProgrammeRules.id,
            Programme.code,
            ProgrammeRules.programme_id,
            ProgrammeRules.valid_from,
            ProgrammeRules.valid_until,
            ProgrammeRules.parameters,
        ).join(Programme, Programme.id == ProgrammeRules.programme_id)
    )
    return [
        Version(id, code, programme_id, begins, _after(last), parameters)
        for id, code, programme_id, begins, last, parameters in rows
    ]


def windows(versions: Iterable[Version], programme: str, on: date) -> list[Window]:
    """Return the windows of a programme from `on`, in order.

    Days without a version in force, of it or of a programme that it takes a parameter from, are in none of them: an
    outdated threshold answers nobody.
    """
    all_versions = list(versions)
    own = [version for version in all_versions if version.programme == programme]
    concerned = {programme}.union(*(_borrowed(version.parameters) for version in own))
    relevant = [version for version in all_versions if version.programme in concerned]
    found = []
    for begins, ends in _between(relevant, on):
        version = in_force(own, programme, begins)
        parameters = _parameters(version, all_versions, begins)
        if version is not None and parameters is not None:
            found.append(Window(version, begins, ends, parameters))
    return _joined(found)


def in_force(versions: Iterable[Version], programme: str, day: date) -> Version | None:
    """Return the version of a programme that applies on a day."""
    valid = [each for each in versions if each.programme == programme and each.begins <= day < each.ends]
    return max(valid, key=lambda version: (version.begins, version.id), default=None)


def resolved(version: Version, versions: Iterable[Version], day: date) -> dict[str, Any]:
    """Return a version's parameters with every `same_as` replaced by what it refers to on that day.

    Raises `RulesFault` where it refers to nothing.
    """
    known = list(versions)
    return {name: _resolve(version, name, parameter, known, day) for name, parameter in version.parameters.items()}


def _parameters(version: Version | None, versions: list[Version], day: date) -> dict[str, Any] | None:
    if version is None:
        return None
    try:
        return resolved(version, versions, day)
    except RulesFault:
        return None


def _resolve(version: Version, name: str, parameter: Any, versions: list[Version], day: date) -> Any:
    other = _reference(parameter)
    if other is None:
        return parameter
    source = in_force(versions, other, day)
    if source is None or name not in source.parameters:
        raise RulesFault(
            f"{version.programme} takes `{name}` from {other}, which gives none on {day}. "
            f"Install rules of {other} that are valid on that day."
        )
    return source.parameters[name]


def _borrowed(parameters: Mapping[str, Any]) -> set[str]:
    return {other for parameter in parameters.values() if (other := _reference(parameter)) is not None}


def _reference(parameter: Any) -> str | None:
    return parameter.get("same_as") if isinstance(parameter, Mapping) else None


def _between(versions: list[Version], on: date) -> list[tuple[date, date]]:
    """Cut the time from `on` at every day on which a version begins or ends."""
    cuts = {on, FOREVER} | {day for each in versions for day in (each.begins, each.ends) if on < day < FOREVER}
    ordered = sorted(cuts)
    return list(pairwise(ordered))


def _joined(found: list[Window]) -> list[Window]:
    joined: list[Window] = []
    for window in found:
        last = joined[-1] if joined else None
        same = last and (last.ends, last.version, last.parameters) == (window.begins, window.version, window.parameters)
        if last and same:
            joined[-1] = Window(last.version, last.begins, window.ends, last.parameters)
        else:
            joined.append(window)
    return joined


def _after(last: date | None) -> date:
    return FOREVER if last is None else last + timedelta(days=1)
