"""Loads a scorecard from its file, mostly a private one, for `nser scorecard load` and the installer of reference data.

The file is TOML: `code`, `version`, `title`, `source`, `valid_from`, optionally `valid_until` (the last day),
`demonstration` and `constant`, and a `[[question]]` for each feature (the catalogue is in `features`, an example in
`domain/reference/scorecard_schreiner_2009.toml`). Its weights appear in no result, error or log of the program.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Select, Text, and_, bindparam, cast, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import DBAPIError

from domain.score import Scorecard
from domain.scoring.formula import ScorecardFault, formula, require_keys

_TEXTS = ("code", "version", "title", "source")
_REQUIRED = {*_TEXTS, "valid_from", "question"}
_OPTIONAL = {"valid_until", "demonstration", "constant"}
_PARAMETERS = cast(bindparam("parameters", type_=Text), JSONB)


class _Sealed(str):
    """A string that an echo of a statement's parameters does not show."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'(sealed)'"


@dataclass(frozen=True, slots=True)
class LoadedScorecard:
    """What may be told about a scorecard that has been loaded."""

    code: str
    version: str
    title: str
    valid_from: date
    valid_until: date | None
    is_demonstration: bool
    questions: int
    is_new: bool
    """Whether this load stored it, rather than an earlier one."""


def load_scorecard(connection: Connection, file: Path) -> LoadedScorecard:
    """Store the scorecard of a file and say which it is; the same file again changes nothing.

    Raises `ScorecardFault` for a file that cannot be read or used, and for one whose version is already stored with
    another content: a version is never overwritten.
    """
    table = _read(file)
    stored = _described(table)
    sealed = _Sealed(json.dumps(formula(table.get("constant", 0), table["question"]), sort_keys=True))
    is_new = _store(connection, stored, sealed)
    told = {name: value for name, value in stored.items() if name != "source"}
    return LoadedScorecard(**told, questions=len(table["question"]), is_new=is_new)


def _read(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as failure:
        raise ScorecardFault(f"{file} cannot be read: {failure.strerror}.") from None
    except UnicodeDecodeError:
        raise ScorecardFault(f"{file} is not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as failure:
        # The parser's own words may quote the file.
        place = re.search(r"line \d+, column \d+", str(failure))
        raise ScorecardFault(f"{file} is not valid TOML at {place[0] if place else 'its end'}. Correct it.") from None
    require_keys(table, _REQUIRED, _OPTIONAL, "the file")
    return table


def _described(table: dict[str, Any]) -> dict[str, Any]:
    for name in _TEXTS:
        if not isinstance(table[name], str) or not table[name].strip():
            raise ScorecardFault(f"`{name}` must be a text between quotation marks.")
    if not isinstance(table["question"], list) or not table["question"]:
        raise ScorecardFault("`question` must be at least one table, each headed [[question]].")
    demonstration = table.get("demonstration", False)
    if not isinstance(demonstration, bool):
        raise ScorecardFault("`demonstration` must be true or false.")
    begin, end = _day(table, "valid_from"), _day(table, "valid_until") if "valid_until" in table else None
    if end is not None and end < begin:
        raise ScorecardFault("`valid_until` lies before `valid_from`. It is the last day of validity.")
    texts = {name: table[name].strip() for name in _TEXTS}
    return {**texts, "is_demonstration": demonstration, "valid_from": begin, "valid_until": end}


def _day(table: dict[str, Any], name: str) -> date:
    day = table[name]
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ScorecardFault(f"`{name}` must be a date written YYYY-MM-DD, without quotation marks.")
    return day


def _store(connection: Connection, described: dict[str, Any], sealed: _Sealed) -> bool:
    """Insert the scorecard unless it is there; tell whether it was inserted."""
    insertion = insert(Scorecard).values(**described, parameters=_PARAMETERS).on_conflict_do_nothing()
    if _execute(connection, insertion.returning(Scorecard.id), sealed).one_or_none():
        return True
    if not _execute(connection, _is_same(described), sealed).scalar_one():
        raise ScorecardFault(
            f"Version {described['version']} of {described['code']} is stored with another content. "
            "Give the changed scorecard a version of its own."
        )
    return False


def _is_same(described: dict[str, Any]) -> Select[bool]:
    columns = {name: getattr(Scorecard, name) for name in described}
    alike = [columns[name].is_not_distinct_from(value) for name, value in described.items()]
    key = columns["code"] == described["code"], columns["version"] == described["version"]
    return select(and_(Scorecard.parameters == _PARAMETERS, *alike)).where(*key)


def _execute(connection: Connection, statement: Executable, sealed: _Sealed) -> CursorResult[Any]:
    try:
        return connection.execute(statement, {"parameters": sealed})
    except DBAPIError as failure:
        kind = type(failure).__name__
    # Raised here and not above: the driver's exception holds the weights and would stay attached as the context.
    raise ScorecardFault(f"The database did not store the scorecard ({kind}). Its own log says why.")
