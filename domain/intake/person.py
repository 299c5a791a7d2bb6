"""A person's row of a survey: the answers, how each column is read, and the rules of the row. Only intake uses it."""

from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from domain.codes import (
    DisabilityDomain,
    DisabilitySeverity,
    EducationLevel,
    EmploymentStatus,
    MaritalStatus,
    RelationToHead,
    Sex,
)
from domain.identity import ADULT_AGE, Severity, is_issued, number_findings
from domain.intake.fault import Fault, value_class
from domain.intake.finding import Finding
from domain.intake.form import REQUIRED_PERSON_COLUMNS
from domain.intake.place import Place
from domain.intake.value import Field, RowReader, day, identity_number, one_of, truth, whole, words

LAST_LINE = 999
"""The highest line number of a roster."""
OLDEST = 130
CHILDBEARING_AGES = range(10, 61)
"""Ages in completed years at which an answer that she is pregnant or breastfeeding is believed."""
LONGEST_TO_DELIVERY = timedelta(days=310)
"""Ten months: nobody is told the date earlier."""
LATEST_DELIVERY = timedelta(days=-21)
"""A delivery may be three weeks overdue at the survey."""


class PersonAnswers(NamedTuple):
    """The answers about one person, field by field as `PERSON_COLUMNS` names them; empty is not answered.

    A word of a vocabulary is held as the registry stores it. What an accepted submission must have is typed so.
    """

    form_no: str
    line_no: int
    name: str
    cnic: str | None
    bform_no: str | None
    sex: str
    birth_date: date
    relation_to_head: str
    marital_status: str | None
    is_pregnant: bool | None
    expected_delivery: date | None
    is_lactating: bool | None
    education_level: str | None
    attending_school: bool | None
    employment_status: str | None
    elementary_occupation: bool | None
    occupation: str | None
    disability_domain: str | None
    disability_severity: str | None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The person's identity numbers: mostly one, none for many children, two where a B-Form was not given up."""
        if self.cnic and self.bform_no and self.cnic != self.bform_no:
            return self.cnic, self.bform_no
        number = self.cnic or self.bform_no
        return (number,) if number else ()


FIELDS: tuple[Field, ...] = (
    words("form_no", 64),
    whole("line_no", 1, LAST_LINE),
    words("name", 120),
    identity_number("cnic"),
    identity_number("bform_no"),
    one_of("sex", Sex),
    day("birth_date"),
    one_of("relation_to_head", RelationToHead),
    one_of("marital_status", MaritalStatus),
    truth("is_pregnant"),
    day("expected_delivery"),
    truth("is_lactating"),
    one_of("education_level", EducationLevel),
    truth("attending_school"),
    one_of("employment_status", EmploymentStatus),
    truth("elementary_occupation"),
    words("occupation", 120),
    one_of("disability_domain", DisabilityDomain),
    one_of("disability_severity", DisabilitySeverity),
)


def age_on(born: date, on: date) -> int:
    """Return the age in completed years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class PersonRules:
    """The rules of a person's row, with what they need to know."""

    def __init__(self, today: date, *, synthetic: bool) -> None:
        """Take the date in Pakistan, and whether numbers of synthetic people are admitted."""
        self._today = today
        self._synthetic = synthetic
        self._reader = RowReader("persons", FIELDS, REQUIRED_PERSON_COLUMNS, today)

    def read(self, line: int, row: list[str], surveyed_on: date | None) -> tuple[PersonAnswers, list[Fault]]:
        """Return the answers and all faults of the row; what depends on the survey's date waits until that is known.

        Answers with faults are good for nothing but finding more.
        """
        values, faults = self._reader.read(line, row)
        person = PersonAnswers._make(values)
        if person.birth_date is not None and surveyed_on is not None:
            faults += self._faults_of_birth(line, person.birth_date, surveyed_on)
            if person.is_pregnant or person.is_lactating or person.expected_delivery:
                faults += self._faults_of_motherhood(line, person, surveyed_on)
        if not all(is_issued(number, synthetic=self._synthetic) for number in person.numbers):
            faults += self._faults_of_numbers(line, person)
        return person, faults

    def findings(self, person: PersonAnswers, surveyed_on: date, place: Place) -> list[Finding]:
        """Return what is worth telling about a person whose row is sound."""
        findings = []
        for number in person.numbers:
            for told in number_findings(number, person.sex, place.first_digits):
                column = "cnic" if number == person.cnic else "bform_no"
                findings.append(Finding(person.line_no, column, told.code, told.severity))
        is_adult = age_on(person.birth_date, surveyed_on) >= ADULT_AGE
        at = partial(Finding, person.line_no)
        if person.cnic and not is_adult:
            findings.append(at("cnic", "CNIC_OF_MINOR", Severity.WARNING))
        if person.bform_no and is_adult:
            findings.append(at("bform_no", "BFORM_OF_ADULT", Severity.WARNING))
        if (person.disability_domain is None) != (person.disability_severity is None):
            missing = "disability_domain" if person.disability_domain is None else "disability_severity"
            findings.append(at(missing, "DISABILITY_INCOMPLETE", Severity.WARNING))
        return findings

    def _faults_of_birth(self, line: int, born: date, surveyed_on: date) -> list[Fault]:
        if surveyed_on.year - OLDEST <= born.year and born <= surveyed_on:
            return []
        at = partial(Fault, "persons", line, "birth_date", value_class(born.isoformat(), self._today))
        if born > surveyed_on:
            return [at("BIRTH_AFTER_SURVEY", "Write the date of birth; nobody is in a roster before being born.")]
        return [at("AGE_IMPLAUSIBLE", f"Write the date of birth; nobody is older than {OLDEST} years.")]

    def _faults_of_motherhood(self, line: int, person: PersonAnswers, surveyed_on: date) -> list[Fault]:
        faults = []
        at = partial(Fault, "persons", line)
        can_bear = person.sex != Sex.MALE and age_on(person.birth_date, surveyed_on) in CHILDBEARING_AGES
        for column, answer in (("is_pregnant", person.is_pregnant), ("is_lactating", person.is_lactating)):
            if answer and person.sex is not None and not can_bear:
                reason = f"Correct sex, birth_date or {column}: it is true only of a woman from 10 to 60 years of age."
                faults.append(at(column, "true", "MOTHERHOOD_IMPLAUSIBLE", reason))
        if person.expected_delivery is not None:
            faults += self._faults_of_delivery(line, person.expected_delivery, person.is_pregnant, surveyed_on)
        return faults

    def _faults_of_delivery(
        self, line: int, expected: date, is_pregnant: bool | None, surveyed_on: date
    ) -> list[Fault]:
        kind = value_class(expected.isoformat(), self._today)
        at = partial(Fault, "persons", line, "expected_delivery", kind)
        if not is_pregnant:
            return [at("DELIVERY_WITHOUT_PREGNANCY", "Leave it empty unless is_pregnant is true.")]
        if not LATEST_DELIVERY <= expected - surveyed_on <= LONGEST_TO_DELIVERY:
            return [at("DELIVERY_IMPLAUSIBLE", "Write the expected date: at most ten months after the survey.")]
        return []

    def _faults_of_numbers(self, line: int, person: PersonAnswers) -> list[Fault]:
        reason = "Write the number as it stands on the document; a number that begins with 0 or 9 is never issued."
        return [
            Fault("persons", line, column, "13 digits", "NUMBER_NOT_ISSUED", reason)
            for column, number in (("cnic", person.cnic), ("bform_no", person.bform_no))
            if number and not is_issued(number, synthetic=self._synthetic)
        ]
