"""Small registries for the tests of scores and rules: reference data installed, households written answer by answer."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, select, text

from domain.eligibility.determine import determine_households
from domain.scoring.score import score_households
from domain.tables import Determination, Enrolment, Household, Person, Programme, Region, Score, Scorecard

ON = date(2026, 7, 1)
"""The day of the tests' determinations, after the beginning of every version of the rules."""
SURVEYED = date(2026, 1, 10)
PROVINCES = (
    "Balochistan",
    "Khyber Pakhtunkhwa",
    "Sindh",
    "Punjab",
    "Islamabad",
    "Gilgit-Baltistan",
    "Azad Kashmir",
)

HOUSEHOLD: dict[str, Any] = {
    "source": "DESK",
    "registered_on": SURVEYED,
    "surveyed_on": SURVEYED,
    "mobile": "+923001234567",
    "monthly_income": 20_000,
    "rooms": 2,
    "tenure": "OWNED",
    "toilet": "NONE",
    "water_source": "OPEN_WELL",
    "cooking_fuel": "FIREWOOD",
    "lighting": "SOLAR",
    **dict.fromkeys(("refrigerator", "washing_machine", "air_conditioner", "tv", "cooking_range"), False),
    **dict.fromkeys(("motorcycle", "car", "tractor"), False),
    "large_livestock": 0,
    "small_livestock": 0,
    "agricultural_land_acres": 0.0,
}
"""The answers of a household that the tests start from: complete, and poor."""

MAN: dict[str, Any] = {
    "name": "Somebody",
    "cnic": None,
    "bform_no": None,
    "sex": "MALE",
    "birth_date": date(1980, 5, 20),
    "relation_to_head": "HEAD",
    "marital_status": "MARRIED",
    "is_pregnant": None,
    "expected_delivery": None,
    "is_lactating": None,
    "education_level": "NONE",
    "attending_school": False,
    "employment_status": "DAILY_WAGE",
    "elementary_occupation": True,
    "disability_severity": None,
    "verification_status": "MATCH",
}
WIFE = {
    **MAN,
    "sex": "FEMALE",
    "relation_to_head": "SPOUSE",
    "birth_date": date(1984, 3, 2),
    "employment_status": "NOT_IN_LABOUR_FORCE",
    "elementary_occupation": None,
    "is_pregnant": False,
    "is_lactating": False,
}
CHILD = {
    **WIFE,
    "relation_to_head": "SON_DAUGHTER",
    "marital_status": None,
    "is_pregnant": None,
    "is_lactating": None,
    "employment_status": None,
    "birth_date": date(2017, 4, 1),
    "attending_school": True,
}
"""Members that the tests start from: a husband, his wife, a daughter of school age; none has a number."""


Answer = tuple[str, list[str]]
YES: Answer = ("ELIGIBLE", [])


def no(*reasons: str) -> Answer:
    """A refusal for these reasons."""
    return "NOT_ELIGIBLE", list(reasons)


def unknown(*reasons: str) -> Answer:
    """An answer that is not known for these reasons."""
    return "UNKNOWN", list(reasons)


def number(of: int) -> str:
    """Return a well-formed identity number that was never issued."""
    return f"90000-{of:07d}-1"


class World:
    """A registry that a test writes to and reads from, on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.provinces = dict(connection.execute(select(Region.name, Region.id).where(Region.level == 1)).all())
        self._scorecard = connection.scalar(select(Scorecard.id).limit(1))

    def household(
        self, *members: dict[str, Any], province: str = "Punjab", score: int | None = 2000, **answers: Any
    ) -> UUID:
        """Write a household with a score in hundredths, and return its id."""
        household, place = uuid4(), {"province_id": self.provinces[province], "district_id": self.provinces[province]}
        row = {**HOUSEHOLD, **answers, **place, "id": household, "form_no": str(household)}
        self.connection.execute(
            insert(Household).values(**row, region_id=self.provinces[province], size=max(len(members), 1))
        )
        scored = {
            "household_id": household,
            "scorecard_id": self._scorecard,
            "value": score,
            "scored_at": text("now()"),
        }
        self.connection.execute(insert(Score).values(**scored, **place))
        for line, member in enumerate(members, 1):
            self.connection.execute(insert(Person).values(**member, **place, household_id=household, line_no=line))
        return household

    def members(self, household: UUID) -> list[UUID]:
        """Return the members' ids in the order of the roster."""
        lines = select(Person.id).where(Person.household_id == household).order_by(Person.line_no)
        return list(self.connection.scalars(lines))

    def enrol(self, person: UUID, programme: str, since: date = SURVEYED, until: date | None = None) -> None:
        """Write an enrolment, running unless it has a last day."""
        row = select(Person.household_id, Person.province_id, Person.district_id).where(Person.id == person)
        household, province, district = self.connection.execute(row).one()
        place = {"household_id": household, "province_id": province, "district_id": district}
        code = select(Programme.id).where(Programme.code == programme).scalar_subquery()
        period = {"since": since, "until": until, "status": "ENDED" if until else "ACTIVE"}
        self.connection.execute(
            insert(Enrolment).values(**place, **period, person_id=person, programme_id=code, source="test")
        )

    def score(self, on: date | None = None) -> dict[UUID, int | None]:
        """Score every household and return the values in hundredths."""
        score_households(self.connection, select(Household.id), on=on)
        return dict(self.connection.execute(select(Score.household_id, Score.value)).all())

    def determine(self, programme: str, on: date = ON) -> dict[UUID | None, list[tuple[Any, ...]]]:
        """Determine every household and return (decision, reasons, from, until) of one programme by person, in order of
        time; the rows of households stand under None."""
        determine_households(self.connection, select(Household.id), on=on)
        row = Determination
        rows = self.connection.execute(
            select(row.person_id, row.decision, row.reasons, row.holds_from, row.holds_until)
            .join(Programme, Programme.id == row.programme_id)
            .where(Programme.code == programme)
            .order_by(row.person_id, row.holds_from)
        )
        found: dict[UUID | None, list[tuple[Any, ...]]] = {}
        for person, decision, *rest in rows:
            found.setdefault(person, []).append((decision.value, *rest))
        return found

    def answers(self, programme: str, *members: dict[str, Any], on: date = ON, **household: Any) -> list[Any]:
        """Write a household and return, for each member, the (decision, reasons) on the day, or None."""
        return self.today(programme, self.household(*members, **household), on)

    def today(self, programme: str, household: UUID, on: date = ON) -> list[Any]:
        """Determine and return, for each member of a household, the (decision, reasons) on the day, or None."""
        found = self.determine(programme, on)
        today = {person: row[:2] for person, rows in found.items() for row in rows if row[2] <= on < row[3]}
        return [today.get(person) for person in self.members(household)]
