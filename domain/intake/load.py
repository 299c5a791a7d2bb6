"""Loads a survey into the registry: `nser load` and the demonstration call it.

The files are staged and sorted by form. Then, batch by batch, forms are read and held to the rules here while earlier
batches are being written by the database. Each batch is a transaction of its own, so a crash leaves of each household
the old or the new state, and loading again completes what is missing.
"""

import gc
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from domain.errors import Refusal
from domain.grant import today
from domain.identity import Severity
from domain.intake.copying import unprepared
from domain.intake.decision import Decision, decide
from domain.intake.entry import Entry, entry
from domain.intake.fault import Fault, TableName
from domain.intake.lock import alone, mark_writing
from domain.intake.place import read_places
from domain.intake.rejected import RejectedFile
from domain.intake.roster import Form, Rules, Submission
from domain.intake.staging import Staged, forms_in_order, stage
from domain.intake.summary import Counts, LoadSummary
from domain.intake.survey_folder import open_survey
from domain.intake.write import Accepted, write

BATCH = 2_000
"""Households of one transaction: enough that its cost is spread, few enough that a crash costs seconds."""
WRITERS = 2
"""Batches that the database writes at once. Of the work of a load two thirds are the database's."""
_OBJECTS_BETWEEN_COLLECTIONS = 100_000

Progress = Callable[[int, int | None], None]


class LoadDisturbed(Refusal):
    """Somebody else registered what the load was about to write."""

    code = "LOAD_DISTURBED"


def load_survey(
    engine: Engine, folder: Path, *, rejected_file: Path, synthetic: bool = False, progress: Progress | None = None
) -> LoadSummary:
    """Load the survey in `folder`, set bad forms aside in `rejected_file`, and return what became of all rows.

    `synthetic` admits identity numbers that begin with 9. `progress` is called with the number of household rows dealt
    with and the number there are, `None` until that is known. Loading the same survey again changes nothing. Raises
    `BadInput` for files that cannot be read to their end, before anything is loaded; `LoadRunning` while another load
    runs; `LoadDisturbed` when a desk registers the same number or form at the same moment. The engine's pool must
    have room for four connections.
    """
    survey = open_survey(folder)
    report = progress or (lambda done, total: None)
    report(0, None)
    files: dict[TableName, str] = {"households": survey.households.file, "persons": survey.persons.file}
    with (
        _rare_collections(),
        engine.connect() as deciding,
        alone(deciding),
        RejectedFile(rejected_file, files) as rejected,
        engine.connect() as reading,
    ):
        staged = stage(reading, survey, rejected)
        rules = Rules(read_places(reading), today(), synthetic=synthetic)
        load = _Load(engine, deciding, rejected, staged, report)
        summary = load.run(_checked(form, rules) for form in forms_in_order(reading))
    summary.rejected_file = rejected.written
    return summary


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let Python look for cycles less often: rows have none, and looking through a batch of them over and over takes a
    third of the time of reading it."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Checked(NamedTuple):
    """A form that was held to the rules: ready to be written, or with the faults that stand against it."""

    form: Form
    entry: Entry | None
    faults: list[Fault]


def _checked(form: Form, rules: Rules) -> _Checked:
    read = rules.read(form)
    return _Checked(form, entry(form, read), []) if isinstance(read, Submission) else _Checked(form, None, read)


class _UnderWay(NamedTuple):
    """A batch that is being written."""

    batch: list[_Checked]
    decision: Decision
    written: Future[None]


class _Load:
    """One load, from the checked forms to the summary."""

    def __init__(
        self, engine: Engine, deciding: Connection, rejected: RejectedFile, staged: Staged, report: Progress
    ) -> None:
        self._engine = engine
        self._deciding = deciding
        self._rejected = rejected
        self._report = report
        self._total = staged.households
        self._summary = LoadSummary(
            Counts(rejected=staged.households_without_form), Counts(rejected=staged.persons_without_form)
        )

    def run(self, checked: Iterator[_Checked]) -> LoadSummary:
        """Decide on all forms and write them, some batches in the database while the next is being read."""
        under_way: deque[_UnderWay] = deque()
        with ThreadPoolExecutor(WRITERS) as writers:
            while batch := list(islice(checked, BATCH)):
                decision = self._decide(batch, [one.decision for one in under_way])
                under_way.append(_UnderWay(batch, decision, writers.submit(self._write, decision.accepted)))
                while len(under_way) > WRITERS:
                    self._record(under_way.popleft())
            while under_way:
                self._record(under_way.popleft())
        return self._summary

    def _decide(self, batch: list[_Checked], under_way: list[Decision]) -> Decision:
        with self._deciding.begin(), unprepared(self._deciding):
            return decide(self._deciding, [one.entry for one in batch if one.entry], under_way)

    def _write(self, accepted: list[Accepted]) -> None:
        with self._engine.begin() as connection, unprepared(connection):
            mark_writing(connection)
            write(connection, accepted, today=today())

    def _record(self, done: _UnderWay) -> None:
        """Count a batch once it is committed, and set its rejected forms aside."""
        try:
            done.written.result()
        except (IntegrityError, psycopg.IntegrityError) as failure:
            raise LoadDisturbed(
                "Somebody else registered a number or a form of this survey at the same moment. "
                "Load it again: what is in stays, and the rest is completed."
            ) from failure
        for one in done.batch:
            self._count(one, done.decision)
        self._report(self._summary.households.all, self._total)

    def _count(self, one: _Checked, decision: Decision) -> None:
        form, households, persons = one.form, self._summary.households, self._summary.persons
        if one.entry is None or form.form_no in decision.rejected:
            self._rejected.form(form, one.faults or decision.rejected[form.form_no])
            households.rejected += len(form.households)
            persons.rejected += len(form.persons)
        elif form.form_no in decision.unchanged:
            households.unchanged += 1
            persons.unchanged += len(form.persons)
        else:
            households.accepted += 1
            persons.accepted += len(form.persons)
            findings = one.entry.submission.findings
            self._summary.warnings += sum(finding.severity is Severity.WARNING for finding in findings)
