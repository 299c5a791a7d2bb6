"""The household's row of a survey: its answers, how each column is read, and the rules of the row. Only intake uses it.

The limits keep slips of the keyboard out and fit the columns of `domain/household.py`; none of them is a rule of a
programme.
"""

from datetime import date
from functools import partial
from typing import NamedTuple

from domain.codes import CookingFuel, Lighting, SurveySource, Tenure, Toilet, WaterSource
from domain.identity import Severity
from domain.intake.fault import Fault, value_class
from domain.intake.finding import Finding
from domain.intake.form import REQUIRED_HOUSEHOLD_COLUMNS
from domain.intake.place import Place
from domain.intake.value import Field, RowReader, day, decimal, mobile, one_of, truth, whole, words

FIRST_SURVEY = date(2010, 1, 1)
"""The registry's first survey began in 2010; an earlier date is a slip."""


class HouseholdAnswers(NamedTuple):
    """The answers of one household, field by field as `HOUSEHOLD_COLUMNS` names them; empty is not answered.

    A word of a vocabulary is held as the registry stores it. What an accepted submission must have is typed so.
    """

    form_no: str
    region_code: str
    address: str | None
    mobile: str | None
    latitude: float | None
    longitude: float | None
    surveyed_on: date
    source: str
    enumerator: str | None
    monthly_income: int | None
    tenure: str | None
    rooms: int | None
    toilet: str | None
    water_source: str | None
    cooking_fuel: str | None
    lighting: str | None
    refrigerator: bool | None
    washing_machine: bool | None
    air_conditioner: bool | None
    tv: bool | None
    cooking_range: bool | None
    motorcycle: bool | None
    car: bool | None
    tractor: bool | None
    large_livestock: int | None
    small_livestock: int | None
    agricultural_land_acres: float | None


FIELDS: tuple[Field, ...] = (
    words("form_no", 64),
    words("region_code", 32),
    words("address", 300),
    mobile("mobile"),
    # Pakistan with Azad Jammu and Kashmir and Gilgit-Baltistan, and a margin for positions taken at a border.
    decimal("latitude", 23.0, 37.5, "degrees north"),
    decimal("longitude", 60.5, 78.0, "degrees east"),
    day("surveyed_on"),
    one_of("source", SurveySource),
    words("enumerator", 40),
    whole("monthly_income", 0, 100_000_000),
    one_of("tenure", Tenure),
    whole("rooms", 0, 100),
    one_of("toilet", Toilet),
    one_of("water_source", WaterSource),
    one_of("cooking_fuel", CookingFuel),
    one_of("lighting", Lighting),
    truth("refrigerator"),
    truth("washing_machine"),
    truth("air_conditioner"),
    truth("tv"),
    truth("cooking_range"),
    truth("motorcycle"),
    truth("car"),
    truth("tractor"),
    whole("large_livestock", 0, 100_000),
    whole("small_livestock", 0, 100_000),
    decimal("agricultural_land_acres", 0, 100_000, "acres"),
)


class HouseholdRules:
    """The rules of a household's row, with what they need to know."""

    def __init__(self, places: dict[str, Place], today: date) -> None:
        """Take the places by code, and the date in Pakistan."""
        self._places = places
        self._today = today
        self._reader = RowReader("households", FIELDS, REQUIRED_HOUSEHOLD_COLUMNS, today)

    def read(self, line: int, row: list[str]) -> tuple[HouseholdAnswers, list[Fault]]:
        """Return the answers and all faults of the row. Answers with faults are good for nothing but finding more."""
        values, faults = self._reader.read(line, row)
        answers = HouseholdAnswers._make(values)
        if not any(fault.column == "surveyed_on" for fault in faults):
            faults += self._faults_of_date(line, answers.surveyed_on)
        if not any(fault.column == "region_code" for fault in faults):
            faults += self._faults_of_place(line, answers)
        return answers, faults

    def place(self, answers: HouseholdAnswers) -> Place | None:
        """Return where the household lives, when that is known."""
        return self._places.get(answers.region_code)

    def _faults_of_date(self, line: int, surveyed_on: date) -> list[Fault]:
        if FIRST_SURVEY <= surveyed_on <= self._today:
            return []
        kind = value_class(surveyed_on.isoformat(), self._today)
        at = partial(Fault, "households", line, "surveyed_on", kind)
        if surveyed_on > self._today:
            return [at("SURVEY_IN_FUTURE", "Write the date of the interview; it cannot lie in the future.")]
        reason = f"Write the date of the interview; the first survey began in {FIRST_SURVEY.year}."
        return [at("SURVEY_TOO_EARLY", reason)]

    def _faults_of_place(self, line: int, answers: HouseholdAnswers) -> list[Fault]:
        place = self.place(answers)
        at = partial(Fault, "households", line, "region_code", f"text({len(answers.region_code)})")
        if place is None:
            return [at("REGION_UNKNOWN", "Write the code of a tehsil as the loaded regions file has it.")]
        if not place.is_tehsil:
            return [at("REGION_NOT_TEHSIL", "Write the code of the tehsil, not of its district or province.")]
        if answers.surveyed_on and not place.is_valid_on(answers.surveyed_on):
            return [at("REGION_NOT_VALID", "Write the code of the tehsil that the place belonged to when surveyed.")]
        return []


def household_findings(answers: HouseholdAnswers) -> list[Finding]:
    """Return what is worth telling about a household that is accepted."""
    findings = []
    if answers.mobile is None:
        findings.append(Finding(None, "mobile", "MOBILE_MISSING", Severity.WARNING))
    if (answers.latitude is None) != (answers.longitude is None):
        missing = "latitude" if answers.latitude is None else "longitude"
        findings.append(Finding(None, missing, "POSITION_INCOMPLETE", Severity.WARNING))
    return findings
