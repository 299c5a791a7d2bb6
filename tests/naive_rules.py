"""A second, slow computation of scores and determinations in plain Python over plain rows: the oracle of the tests.

It shares no code with `domain/`: thresholds and points are written out again, ages are counted as people count them,
and time is walked from one interesting day to the next. Dates of 29 February fall on the 28th of a common year.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

FOREVER = date(9999, 12, 31)
HORIZON = 24
Row = dict[str, Any]
Tri = bool | None


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def age(person: Row, day: date) -> int:
    """Completed years, negative before birth."""
    born: date = person["birth_date"]
    years = day.year - born.year
    return years - (day < months_later(born, 12 * years))


def all_of(*conditions: Tri) -> Tri:
    """False if one is false, else unknown if one is unknown, else true."""
    return False if False in conditions else None if None in conditions else True


def any_of(*conditions: Tri) -> Tri:
    """True if one is true, else unknown if one is unknown, else false."""
    return True if True in conditions else None if None in conditions else False


PROVINCE = {"Balochistan": 0, "Khyber Pakhtunkhwa": 9, "Sindh": 11, "Punjab": 12, "Islamabad": 12,
            "Gilgit-Baltistan": 9, "Azad Kashmir": 9}  # fmt: skip
WATER = {"PIPED": 3, "MOTOR_PUMP": 3, "HAND_PUMP": 3, "CLOSED_WELL": 3, "OPEN_WELL": 0, "TANKER": 0, "OTHER": 0}
TOILET = {"FLUSH_SEWER": 4, "FLUSH_PIT": 2, "FLUSH_OPEN_DRAIN": 2, "DRY_PIT": 0, "NONE": 0}


def score(household: Row, province: str) -> int | None:
    """The Schreiner score in hundredths, or None when an answer is missing."""
    points = [
        PROVINCE[province],
        [31, 22, 15, 11, 6, 0][min(5, sum(_age_then(household, each) <= 13 for each in household["members"]))],
        _schooling(household),
        _elementary(household),
        _education(household),
        WATER.get(household["water_source"]),
        TOILET.get(household["toilet"]),
        _if(household["refrigerator"], 12),
        _if(household["tv"], 3),
        _if(any_of(*(household[vehicle] for vehicle in ("motorcycle", "car", "tractor"))), 12),
    ]
    return None if None in points else 100 * sum(point for point in points if point is not None)


def _if(answer: Tri, points: int) -> int | None:
    return None if answer is None else points * answer


def _age_then(household: Row, person: Row) -> int:
    return age(person, household["surveyed_on"])


def _schooling(household: Row) -> int | None:
    answers = [each["attending_school"] for each in household["members"] if 5 <= _age_then(household, each) <= 13]
    return _if(all_of(*answers), 5)


def _elementary(household: Row) -> int | None:
    count = 0
    for person in household["members"]:
        idle = person["employment_status"] in ("UNEMPLOYED", "NOT_IN_LABOUR_FORCE")
        elementary = person["elementary_occupation"]
        if elementary is None and not idle and _age_then(household, person) >= 10:
            return None
        count += bool(elementary)
    return [12, 5, 0][min(2, count)]


def _education(household: Row) -> int | None:
    levels = [
        each["education_level"]
        for each in household["members"]
        if each["sex"] == "FEMALE" and each["relation_to_head"] in ("HEAD", "SPOUSE")
    ]
    if not levels:
        return 4
    return None if None in levels else 6 if any(level != "NONE" for level in levels) else 0


@dataclass(frozen=True)
class Case:
    """One person on one day."""

    person: Row
    household: Row
    day: date
    on: date

    def in_kafaalat(self) -> bool:
        """Whether a member has an active enrolment in Kafaalat that has begun."""
        enrolments = [each for member in self.household["members"] for each in member["enrolments"]]
        return any(begun <= self.on for code, begun in enrolments if code == "KAFAALAT")

    def another_is_trained(self) -> bool:
        """Whether another member has a running enrolment in Hunarmand, begun or not."""
        others = [member for member in self.household["members"] if member is not self.person]
        return any(code == "HUNARMAND" for member in others for code, _ in member["enrolments"])

    def poor(self) -> Tri:
        """Whether the score is at or under the cut-off."""
        value = self.household["score"]
        if value is None:
            return None
        disabled = any(each["disability_severity"] in ("A_LOT", "CANNOT_DO") for each in self.household["members"])
        return bool(value <= (3700 if disabled else 3200))


Answer = list[tuple[Tri, str, str]]


def kafaalat(case: Case) -> Answer | None:
    """The criteria of Kafaalat on the day, or None outside of the target group."""
    person = case.person
    unasked = person["sex"] == "FEMALE" and person["marital_status"] is None
    ever = person["marital_status"] not in ("NEVER_MARRIED", None)
    if not (person["sex"] == "TRANSGENDER" or (person["sex"] == "FEMALE" and ever)) and (
        not unasked or age(person, case.day) < 18
    ):
        return None
    status = person["verification_status"]
    verified = None if status in ("PENDING", "UNAVAILABLE") else status == "MATCH"
    return [
        (None if unasked else True, "", "MARITAL_STATUS_UNKNOWN"),
        (case.poor(), "SCORE_ABOVE_CUTOFF", "SCORE_UNKNOWN"),
        (person["cnic"] is not None, "CNIC_MISSING", ""),
        (verified, "NOT_VERIFIED", "VERIFICATION_PENDING"),
        (not person["excluded"], "EXCLUSION_FILTER_APPLIED", ""),
    ]


def nashonuma(case: Case) -> Answer | None:
    """The criteria of Nashonuma on the day, or None outside of the target group."""
    person, surveyed = case.person, case.household["surveyed_on"]
    pregnant, lactating = person["is_pregnant"], person["is_lactating"]
    mother: Tri = False
    if person["sex"] == "FEMALE":
        mother = any_of(pregnant, lactating)
        if mother is None and not 15 <= age(person, surveyed) <= 49:
            mother = False
    ends = []
    if pregnant and mother:
        ends.append(months_later(person["expected_delivery"] or months_later(surveyed, 9), 6))
    if lactating and mother:
        ends.append(months_later(surveyed, 6))
    if mother is None:
        ends.append(months_later(months_later(surveyed, 9), 6))
    child = mother is False
    if not (0 <= age(person, case.day) < 2 if child else case.day < max(ends)):
        return None
    return [
        (None if mother is None else True, "", "MATERNITY_UNKNOWN"),
        (case.in_kafaalat(), "NO_KAFAALAT_IN_HOUSEHOLD", ""),
        (child or person["cnic"] is not None, "CNIC_MISSING", ""),
        (not child or person["bform_no"] is not None, "BFORM_MISSING", ""),
    ]


STAGES = {"NONE": (4, 12), "PRIMARY": (8, 18), "MIDDLE": (8, 18), "MATRIC": (13, 22)}


def taleemi_wazaif(case: Case) -> Answer | None:
    """The criteria of Taleemi Wazaif on the day, or None outside of the target group."""
    person, years = case.person, age(case.person, case.day)
    level, attends = person["education_level"], person["attending_school"]
    first, last = STAGES.get(level, (4, 22))
    if not attends and level is not None and level not in STAGES:
        return None
    if not (4 <= years <= 22 if attends else first <= years <= last):
        return None
    numbered = person["bform_no"] is not None or (person["cnic"] is not None and years >= 18)
    return [
        (case.in_kafaalat(), "NO_KAFAALAT_IN_HOUSEHOLD", ""),
        (numbered, "BFORM_MISSING", ""),
        (attends, "NOT_AT_SCHOOL", "ATTENDANCE_UNKNOWN"),
        (None if level is None else level in STAGES, "STAGE_NOT_SERVED", "STAGE_UNKNOWN"),
        (level not in STAGES or first <= years <= last, "AGE_OUTSIDE_STAGE", ""),
    ]


def hunarmand(case: Case) -> Answer | None:
    """The criteria of Hunarmand on the day, or None outside of the target group."""
    person = case.person
    if not 18 <= age(person, case.day) <= 40:
        return None
    level = person["education_level"]
    schooled = None if level is None else level in ("MATRIC", "INTERMEDIATE", "BACHELOR", "POSTGRADUATE")
    return [
        (case.poor(), "SCORE_ABOVE_CUTOFF", "SCORE_UNKNOWN"),
        (schooled, "EDUCATION_BELOW_MINIMUM", "EDUCATION_UNKNOWN"),
        (person["cnic"] is not None, "CNIC_MISSING", ""),
        (case.household["mobile"] is not None, "MOBILE_MISSING", ""),
        (not case.another_is_trained(), "HOUSEHOLD_ALREADY_SERVED", ""),
    ]


PROGRAMMES: dict[str, Callable[[Case], Answer | None]] = {
    "KAFAALAT": kafaalat,
    "NASHONUMA": nashonuma,
    "TALEEMI_WAZAIF": taleemi_wazaif,
    "HUNARMAND": hunarmand,
}
Stretch = tuple[str, list[str], date, date]


def determinations(programme: str, household: Row, on: date) -> tuple[list[list[Stretch]], Stretch | None]:
    """The stretches of each member within the horizon, and the household's."""
    everything = [_stretches(programme, person, household, on) for person in household["members"]]
    within = [[each for each in stretches if each[2] <= months_later(on, HORIZON)] for stretches in everything]
    return within, _of_household([each for stretches in everything for each in stretches], on)


def _of_household(stretches: list[Stretch], on: date) -> Stretch | None:
    today = [each for each in stretches if each[2] == on]
    if not today:
        return None
    decisions = {each[0] for each in today}
    decision = next(each for each in ("ELIGIBLE", "UNKNOWN", "NOT_ELIGIBLE") if each in decisions)
    reasons = set() if decision == "ELIGIBLE" else {code for each in today for code in each[1]}
    changes = [each[3] for each in today] + [each[2] for each in stretches if each[2] > on]
    return decision, sorted(reasons), on, min(changes)


def _stretches(programme: str, person: Row, household: Row, on: date) -> list[Stretch]:
    days = [day for day in sorted(_interesting(person, household)) if day > on]
    found: list[Stretch] = []
    open_: tuple[str, list[str], date] | None = None
    for day in [on, *days, FOREVER]:
        answer = None if day == FOREVER else _answer(programme, Case(person, household, day, on))
        if open_ and (answer is None or answer != open_[:2]):
            found.append((*open_, day))
            open_ = None
        if answer and open_ is None:
            open_ = (*answer, day)
    return found


def _answer(programme: str, case: Case) -> tuple[str, list[str]] | None:
    criteria = PROGRAMMES[programme](case)
    if criteria is None:
        return None
    together = all_of(*(state for state, _, _ in criteria))
    decision = {True: "ELIGIBLE", False: "NOT_ELIGIBLE", None: "UNKNOWN"}[together]
    return decision, [unmet if state is False else unknown for state, unmet, unknown in criteria if state is not True]


def _interesting(person: Row, household: Row) -> set[date]:
    """Every day on which a rule could possibly change its mind: birthdays, and whole months after what was stated."""
    birthdays = {months_later(person["birth_date"], 12 * years) for years in range(60)}
    stated = [household["surveyed_on"], months_later(household["surveyed_on"], 9), person["expected_delivery"]]
    return birthdays | {months_later(day, months) for day in stated if day for months in range(30)}
