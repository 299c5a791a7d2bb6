"""One form of a survey, its household's row and the rows of its roster: read, held to the rules, and made ready.

Only intake uses it. A fault of any row sets the whole form aside: a household without one of its members would be a
false record.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from domain.codes import RelationToHead
from domain.intake.fault import Fault
from domain.intake.finding import Finding
from domain.intake.household import HouseholdAnswers, HouseholdRules, household_findings
from domain.intake.person import PersonAnswers, PersonRules
from domain.intake.place import Place

LARGEST_ROSTER = 60
"""More members are two households on one form, or a form number used twice."""


class StagedRow(NamedTuple):
    """A row as it was read; without values when it has too many or too few, or when nobody will look at them."""

    line: int
    values: list[str] | None


@dataclass(slots=True)
class Form:
    """The rows that name one form number."""

    form_no: str
    households: list[StagedRow] = field(default_factory=list)
    persons: list[StagedRow] = field(default_factory=list)
    """In the order of the file."""


class Member(NamedTuple):
    """One row of a roster as it was understood, with its line in the file."""

    line: int
    person: PersonAnswers


class Submission(NamedTuple):
    """A form without a fault, as it goes into the registry unless the registry itself speaks against it."""

    line: int
    """The line of the household's row."""
    place: Place
    household: HouseholdAnswers
    members: list[Member]
    """In the order of their line numbers."""
    findings: list[Finding]


class Rules:
    """Everything that a form can be held to without looking at other forms."""

    def __init__(self, places: dict[str, Place], today: date, *, synthetic: bool) -> None:
        """Take the places by code, the date in Pakistan, and whether numbers of synthetic people are admitted."""
        self._household = HouseholdRules(places, today)
        self._person = PersonRules(today, synthetic=synthetic)

    def read(self, form: Form) -> Submission | list[Fault]:
        """Return the submission that a form makes, or every fault that stands against it."""
        if faults := _faults_of_shape(form):
            return faults
        (line, row), *_ = form.households
        household, faults = self._household.read(line, row or [])
        surveyed_on = None if any(fault.column == "surveyed_on" for fault in faults) else household.surveyed_on
        members = []
        for line_of_member, values in form.persons:
            person, faults_of_row = self._person.read(line_of_member, values or [], surveyed_on)
            members.append(Member(line_of_member, person))
            faults += faults_of_row
        faults += _faults_of_roster(line, members)
        place = self._household.place(household)
        return faults if faults or place is None else self._submission(line, place, household, members)

    def _submission(self, line: int, place: Place, household: HouseholdAnswers, members: list[Member]) -> Submission:
        members.sort(key=lambda member: member.person.line_no)
        findings = household_findings(household)
        for member in members:
            findings += self._person.findings(member.person, household.surveyed_on, place)
        return Submission(line, place, household, members, findings)


def _faults_of_shape(form: Form) -> list[Fault]:
    """Return the faults that leave nothing to read: the wrong number of rows, or of values in a row."""
    if not form.households:
        reason = "Add the household to the households file, or correct the form number."
        return [
            Fault("persons", row.line, "form_no", "form number", "HOUSEHOLD_MISSING", reason) for row in form.persons
        ]
    if len(form.households) > 1:
        reason = "Give each household a form number of its own; this one comes more than once."
        return [
            Fault("households", row.line, "form_no", "form number", "FORM_REPEATED", reason) for row in form.households
        ]
    household_line = form.households[0].line
    if not form.persons:
        reason = "Add the members to the persons file: a household has at least its head."
        return [Fault("households", household_line, "form_no", "form number", "ROSTER_EMPTY", reason)]
    if len(form.persons) > LARGEST_ROSTER:
        reason = f"Check whether two households share the form number; a roster has at most {LARGEST_ROSTER} members."
        return [Fault("households", household_line, "form_no", "form number", "ROSTER_TOO_LARGE", reason)]
    return _faults_of_width(form)


def _faults_of_width(form: Form) -> list[Fault]:
    reason = "Give the row as many values as the header has columns; put quotation marks around values with commas."
    rows = [("households", row) for row in form.households] + [("persons", row) for row in form.persons]
    return [
        Fault("households" if table == "households" else "persons", row.line, "", "row", "ROW_MISSHAPEN", reason)
        for table, row in rows
        if row.values is None
    ]


def _faults_of_roster(household_line: int, members: list[Member]) -> list[Fault]:
    return [
        *_faults_of_head(household_line, members),
        *_faults_of_line_numbers(members),
        *_faults_of_repeated_numbers(members),
    ]


def _faults_of_head(household_line: int, members: list[Member]) -> list[Fault]:
    """Where somebody's relation could not be read, that may be the head, so the roster is not said to lack one."""
    relations = [member.person.relation_to_head for member in members]
    heads = relations.count(RelationToHead.HEAD)
    if heads == 1 or (heads == 0 and None in relations):
        return []
    if heads == 0:
        reason = "Name the head of the household: exactly one member has the relation head."
        return [Fault("households", household_line, "relation_to_head", "no head", "HEAD_MISSING", reason)]
    reason = "Leave one head: exactly one member has the relation head."
    lines = [member.line for member in members if member.person.relation_to_head == RelationToHead.HEAD]
    return [Fault("persons", line, "relation_to_head", "head", "HEAD_REPEATED", reason) for line in lines[1:]]


def _faults_of_line_numbers(members: list[Member]) -> list[Fault]:
    reason = "Number the members 1, 2, 3 and so on, each once."
    seen: set[int] = set()
    faults = []
    for line, person in members:
        if person.line_no in seen:
            faults.append(Fault("persons", line, "line_no", "number", "LINE_REPEATED", reason))
        if person.line_no is not None:
            seen.add(person.line_no)
    return faults


def _faults_of_repeated_numbers(members: list[Member]) -> list[Fault]:
    reason = "Correct the number: another member of this roster has the same."
    seen: set[str] = set()
    faults = []
    for line, person in members:
        for column, number in (("cnic", person.cnic), ("bform_no", person.bform_no)):
            if number in seen:
                faults.append(Fault("persons", line, column, "13 digits", "NUMBER_REPEATED", reason))
        seen.update(person.numbers)
    return faults
