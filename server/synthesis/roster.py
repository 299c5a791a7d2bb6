"""The persons' rows of a household: names, numbers, dates and answers of its members. `survey` calls it."""

from dataclasses import dataclass
from datetime import date
from random import Random

from server.synthesis import figures
from server.synthesis.chance import by_year
from server.synthesis.dwelling import Standing
from server.synthesis.family import Member
from server.synthesis.figures import Province
from server.synthesis.health import disability, limitation_by_year, maternal
from server.synthesis.names import Names
from server.synthesis.numbers import Numbers
from server.synthesis.schooling import Schooling, leaning_of
from server.synthesis.work import Work

DAYS_A_YEAR = 365.2425
ADULT = 18
"""From this age (years) a person has a CNIC, below it a B-Form number."""
_WITH_BFORM = by_year(figures.WITH_BFORM)
_OWN_LAST_NAME = frozenset({"child_in_law", "sibling_in_law", "other_relative", "non_relative"})
_TRANSGENDER_FROM = 16.5
_UNMARRIED_GROWN = 0.157
"""Share of people older than `_TRANSGENDER_FROM` who have never married and are not the head (measured)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The interview of one household."""

    form_no: str
    surveyed: date
    standing: Standing


def grown_before(surveyed: date) -> int:
    """Return the ordinal of the last birth date of those who are adults on the day of the survey."""
    day = 28 if surveyed.month == 2 and surveyed.day == 29 else surveyed.day
    return date(surveyed.year - ADULT, surveyed.month, day).toordinal()


class Roster:
    """The rosters of one province."""

    def __init__(self, rng: Random, province: Province, names: Names, numbers: Numbers) -> None:
        """Take the survey's generator and sources, and the province's figures."""
        self._rng = rng
        self._names = names
        self._numbers = numbers
        self._schooling = Schooling(province)
        self._work = Work(rng)
        self._limitation = limitation_by_year(province)

    def rows(self, visit: Visit, members: list[Member]) -> list[list[str]]:
        """Return one row per member in the file's order of columns, numbered from 1, the head first."""
        last = self._names.last(self._rng)
        leaning = leaning_of(visit.standing.wealth, visit.standing.schooling)
        adult = grown_before(visit.surveyed)
        taken: set[str] = set()
        rows = []
        for line, member in enumerate(members, 1):
            person = self._person(member, visit, last, taken, adult)
            rows.append([visit.form_no, str(line), *person, *self._answers(member, visit, leaning)])
        return rows

    def _person(self, member: Member, visit: Visit, last: str, taken: set[str], adult: int) -> tuple[str, ...]:
        """Return `name` to `marital_status`."""
        sex = self._sex(member)
        born = visit.surveyed.toordinal() - int(member.age * DAYS_A_YEAR)
        cnic, bform = self._number(sex, member.age, born <= adult)
        name = f"{self._names.given(self._rng, sex, taken)} {self._last_name(member, last)}"
        return name, cnic, bform, sex, date.fromordinal(born).isoformat(), member.relation, member.marital

    def _sex(self, member: Member) -> str:
        """Return the recorded sex: now and then, a grown member who never married is transgender."""
        single = member.marital == "never_married" and member.age > _TRANSGENDER_FROM and member.relation != "head"
        if single and self._rng.random() < figures.TRANSGENDER / _UNMARRIED_GROWN:
            member.sex = "transgender"
        return member.sex

    def _number(self, sex: str, age: float, adult: bool) -> tuple[str, str]:
        """Return `cnic` and `bform_no`, at most one of which is given."""
        if adult:
            has = self._rng.random() < figures.WITH_CNIC[sex]
            return (self._numbers.identity(sex), "") if has else ("", "")
        has = self._rng.random() < _WITH_BFORM[int(age)]
        return ("", self._numbers.identity(sex)) if has else ("", "")

    def _last_name(self, member: Member, last: str) -> str:
        """Return the family's last name; those who came from other families, and some wives, keep their own."""
        if member.relation in _OWN_LAST_NAME or (member.relation == "spouse" and self._rng.random() < 0.4):
            return self._names.last(self._rng)
        return last

    def _answers(self, member: Member, visit: Visit, leaning: float) -> tuple[str, ...]:
        """Return `is_pregnant` to `disability_severity`."""
        rng = self._rng
        age = int(member.age)
        sex = "male" if member.sex == "transgender" else member.sex
        level, attends = self._schooling.answers(rng, sex, age, leaning)
        work = self._work.answers(sex, age, visit.standing.wealth, level, attends == "true")
        return (
            *maternal(rng, member, visit.surveyed),
            level,
            attends,
            *work,
            *disability(rng, self._limitation[age]),
        )
