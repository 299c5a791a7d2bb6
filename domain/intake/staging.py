"""Brings the rows of a survey into the order of its forms, whatever the order of its files. Only intake uses it.

The rows go as they are into two temporary tables and come back sorted by form, in the order of the households file:
the database sorts on disk, so the program holds a few thousand forms at a time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import orjson
from sqlalchemy import Connection

from domain.intake.copying import driver
from domain.intake.fault import Fault, TableName
from domain.intake.rejected import RejectedFile
from domain.intake.roster import LARGEST_ROSTER, Form, StagedRow
from domain.intake.survey_folder import SurveyFolder, SurveyTable

FORM_NO = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z/._-]{0,62}[0-9A-Za-z])?")
"""The grammar of a form number: it is shown in errors and lists, so it cannot be just anything."""

_TABLES = """
create temporary table staged_household (line bigint, form_no text collate "C", body text) on commit drop;
create temporary table staged_person (line bigint, form_no text collate "C", body text) on commit drop
"""

# A form stands where its first household row stands; the persons of no household come last.
_IN_ORDER = """
with form as (select form_no, min(line) as place from staged_household group by form_no)
select form.place, form_no, 0, staged_household.line, staged_household.body
from staged_household join form using (form_no)
union all
select form.place, form_no, 1, staged_person.line, staged_person.body
from staged_person left join form using (form_no)
order by 1 nulls last, 3, 4
"""

ROWS_AT_ONCE = 10_000
"""Sorted rows in memory at once, besides those of a batch."""

_Row = tuple[int | None, str, int, int, str]


@dataclass(frozen=True, slots=True)
class Staged:
    """How many rows a survey has, and of those how many name no form and were set aside at once."""

    households: int
    persons: int
    households_without_form: int
    persons_without_form: int


def stage(connection: Connection, survey: SurveyFolder, rejected: RejectedFile) -> Staged:
    """Copy the survey into temporary tables of the connection's transaction.

    Raises `BadInput` for a file that cannot be read to its end, before anything is loaded.
    """
    driver(connection).execute("set local work_mem = '64MB'")
    driver(connection).execute(_TABLES)
    households, homeless = _copy(connection, "households", survey.households, rejected)
    persons, strays = _copy(connection, "persons", survey.persons, rejected)
    driver(connection).execute("analyze staged_household, staged_person")
    return Staged(households, persons, homeless, strays)


def _copy(connection: Connection, name: TableName, table: SurveyTable, rejected: RejectedFile) -> tuple[int, int]:
    target = {
        "households": "copy staged_household (line, form_no, body) from stdin",
        "persons": "copy staged_person (line, form_no, body) from stdin",
    }[name]
    width, rows, formless = len(table.columns), 0, 0
    with driver(connection).cursor() as cursor, cursor.copy(target) as copy:
        for line, values in table.rows():
            rows += 1
            form_no = values[0]
            if FORM_NO.fullmatch(form_no):
                copy.write_row((line, form_no, orjson.dumps(values if len(values) == width else None).decode()))
            else:
                formless += 1
                rejected.row("", _faulty_form_no(name, line, form_no))
    return rows, formless


def _faulty_form_no(name: TableName, line: int, form_no: str) -> Fault:
    if not form_no:
        reason = "Fill in form_no: without it nobody can tell which household the row belongs to."
        return Fault(name, line, "form_no", "empty", "VALUE_MISSING", reason)
    reason = "Write a form number of letters, digits, hyphens, dots, underscores and slashes, at most 64 characters."
    return Fault(name, line, "form_no", f"text({len(form_no)})", "FORM_MALFORMED", reason)


def forms_in_order(connection: Connection) -> Iterator[Form]:
    """Yield the staged forms in the order of the households file, then each person whose form no household has."""
    with driver(connection).cursor(name="forms_in_order") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(_IN_ORDER)
        for place, rows in groupby(cursor, key=itemgetter(0)):
            if place is None:
                for row in rows:
                    yield _form([row])
            else:
                yield _form(rows)


def _form(rows: Iterable[_Row]) -> Form:
    """Gather the rows of a form. What exceeds the largest roster is kept without its values: it is rejected unread."""
    form = Form("")
    for _, form.form_no, kind, line, body in rows:
        gathered = form.persons if kind else form.households
        gathered.append(StagedRow(line, orjson.loads(body) if len(gathered) <= LARGEST_ROSTER else None))
    return form
