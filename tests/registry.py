"""A small registry for tests: plain rows, made from a seed, rich in the cases that matter, and written to a database.

The rows are dictionaries by table, keyed like the columns. The oracle (`tests/oracle.py`) answers from the very same
rows, so it knows nothing of SQL.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine, insert, text

from domain import codes, tables
from domain.base import Base
from domain.grant import today
from domain.score import BAND_EDGES

Rows = dict[str, Any]
T = TypeVar("T")

TABLES: tuple[type[Base], ...] = (
    tables.Region,
    tables.Programme,
    tables.ProgrammeRules,
    tables.ProgrammeConflict,
    tables.Scorecard,
    tables.Household,
    tables.Score,
    tables.Person,
    tables.Determination,
    tables.Enrolment,
)
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@dataclass
class Registry:
    """All rows of a registry by the name of their table."""

    rows: dict[str, list[Rows]] = field(default_factory=lambda: {table.__tablename__: [] for table in TABLES})

    def add(self, table: type[Base], **row: Any) -> Rows:
        """Add one row and return it."""
        self.rows[table.__tablename__].append(row)
        return row

    def write(self, engine: Engine) -> None:
        """Write every row to an empty, migrated database."""
        with engine.begin() as connection:
            for table in TABLES:
                rows = self.rows[table.__tablename__]
                if rows:
                    stored = {column.key for column in table.__table__.columns if column.computed is None}
                    keys = [key for key in rows[0] if key in stored]
                    connection.execute(insert(table), [{key: row[key] for key in keys} for row in rows])
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("analyze"))


def band_of(value: int | None) -> str:
    """Return the band of a score in hundredths, restated here so that the test does not ask the code it tests."""
    if value is None:
        return "UNSCORED"
    return next((band.value for band, edge in BAND_EDGES.items() if value <= edge), "E")


PROGRAMMES = ("KAFAALAT", "NASHONUMA", "TALEEMI_WAZAIF", "HUNARMAND", "HIMMAT_CARD", "ZAKAT")


def small_registry(seed: int = 1, households: int = 60) -> Registry:
    """Return a registry of about `households` × 5 persons in 2 provinces, 4 districts and 8 tehsils."""
    return _Maker(random.Random(seed), Registry()).make(households)


class _Maker:
    def __init__(self, rng: random.Random, registry: Registry) -> None:
        self.rng = rng
        self.registry = registry
        self.tehsils: list[Rows] = []
        self.numbers = iter(range(1, 10_000_000))

    def make(self, households: int) -> Registry:
        self.places()
        self.programmes()
        for at in range(households):
            self.household(at)
        self.shared_number()
        return self.registry

    def shared_number(self) -> None:
        """Let a child bear the CNIC of somebody else as her B-Form number, as an enumerator's slip does."""
        people = self.registry.rows["person"]
        adult = next(person for person in people if person["cnic"])
        child = next(p for p in people if p["bform_no"] and p["district_id"] != adult["district_id"])
        child["bform_no"] = adult["cnic"]

    def pick(self, options: Iterable[T], *, or_none: float = 0.15) -> T | None:
        return None if self.rng.random() < or_none else self.rng.choice(list(options))

    def uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def places(self) -> None:
        ids = iter(range(1, 1000))
        for p in range(2):
            province = self.region(next(ids), f"P{p}", f"Province {p}", 1, None, None, None)
            for d in range(2):
                district = self.region(next(ids), f"P{p}D{d}", f"District {d}", 2, province, province["id"], None)
                for t in range(2):
                    tehsil = self.region(
                        next(ids), f"P{p}D{d}T{t}", f"Tehsil {t}", 3, district, province["id"], district["id"]
                    )
                    self.tehsils.append(tehsil)

    def region(
        self,
        id_: int,
        code: str,
        name: str,
        level: int,
        parent: Rows | None,
        province: int | None,
        district: int | None,
    ) -> Rows:
        return self.registry.add(
            tables.Region,
            id=id_,
            code=code,
            name=name,
            level=level,
            parent_id=parent["id"] if parent else None,
            province_id=province if level > 1 else id_,
            district_id={1: None, 2: id_}.get(level, district),
            valid_from=date(2022, 9, 9) if level == 3 else None,
            valid_until=date(2025, 6, 30) if code.endswith("T1") else None,
        )

    def programmes(self) -> None:
        for at, code in enumerate(PROGRAMMES, start=1):
            self.registry.add(
                tables.Programme,
                id=at,
                code=code,
                name=code.title(),
                agency="BISP" if at < 5 else "PSPA",
                unit="person",
            )
            self.registry.add(
                tables.ProgrammeRules,
                id=at,
                programme_id=at,
                version=f"2025-0{at}",
                valid_from=date(2025, 1, 1),
                valid_until=None,
                parameters={},
            )
        for at, (one, other, level, until) in enumerate(
            [(5, 1, "PERSON", None), (5, 6, "HOUSEHOLD", None), (2, 6, "PERSON", date(2025, 12, 31))], start=1
        ):
            self.registry.add(
                tables.ProgrammeConflict,
                id=at,
                programme_id=one,
                excludes_id=other,
                level=level,
                rule=f"rule {at}",
                valid_from=date(2025, 1, 1),
                valid_until=until,
            )
        for id_, until in ((1, date(2024, 12, 31)), (2, None)):
            self.registry.add(
                tables.Scorecard,
                id=id_,
                code="TEST",
                version=str(id_),
                title="A scorecard for tests",
                source="nobody",
                is_demonstration=until is None,
                valid_from=date(2018 + id_, 1, 1),
                valid_until=until,
                parameters={"secret": 1},
            )

    def household(self, at: int) -> None:
        rng, tehsil = self.rng, self.rng.choice(self.tehsils)
        size = rng.randint(1, 8)
        surveyed = today() - timedelta(days=rng.randint(0, 900))
        placed = {"province_id": tehsil["province_id"], "district_id": tehsil["district_id"]}
        household = self.registry.add(
            tables.Household,
            id=self.uuid(),
            form_no=f"F{at}",
            region_id=tehsil["id"],
            **placed,
            size=size,
            source=rng.choice(list(codes.SurveySource)),
            registered_on=surveyed - timedelta(days=rng.choice([0, 0, 300])),
            surveyed_on=surveyed,
            address=self.pick(["Street 1", 'House "7"', "گلی نمبر ۳", "a\\b"]),
            latitude=self.pick([31.5, 24.86, 33.0]),
            longitude=self.pick([74.3, 67.01]),
            mobile=self.pick(["+923001234567", "+923331234567"]),
            monthly_income=self.pick([0, 15000, 44999, 45000, 120000]),
            rooms=self.pick(range(6)),
            tenure=self.pick(codes.Tenure),
            toilet=self.pick(codes.Toilet),
            water_source=self.pick(codes.WaterSource),
            cooking_fuel=self.pick(codes.CookingFuel),
            lighting=self.pick(codes.Lighting),
            **{name: self.pick([True, False]) for name in _GOODS},
            large_livestock=self.pick(range(4)),
            small_livestock=self.pick(range(9)),
            agricultural_land_acres=self.pick([0.0, 1.25, 12.5]),
        )
        value = self.pick([0, 1617, 1618, 3200, 3201, 3700, 3701, 4500, 4501, 10000, rng.randint(0, 10000)])
        self.registry.add(
            tables.Score,
            household_id=household["id"],
            **placed,
            scorecard_id=1 if at % 7 == 0 else 2,
            value=value,
            rank=10_001 if value is None else value,
            band=band_of(value),
            scored_at=NOW + timedelta(microseconds=at * 1001),
        )
        for line in range(1, size + 1):
            self.person(household, line)
        if rng.random() < 0.7:
            self.determination(household, None, rng.randint(1, 4))

    def person(self, household: Rows, line: int) -> None:
        rng = self.rng
        number = f"9{next(self.numbers):04d}-{rng.randint(0, 9_999_999):07d}-{rng.randint(0, 9)}"
        days = rng.choice([rng.randint(0, 800), rng.randint(0, 7000), rng.randint(0, 30000), rng.randint(729, 732)])
        birth = today() - timedelta(days=days)
        adult = days > 18 * 365 + 5
        sex = rng.choice([codes.Sex.MALE, codes.Sex.FEMALE, codes.Sex.FEMALE, codes.Sex.TRANSGENDER])
        pregnant = sex is codes.Sex.FEMALE and adult and rng.random() < 0.4
        person = self.registry.add(
            tables.Person,
            id=self.uuid(),
            household_id=household["id"],
            province_id=household["province_id"],
            district_id=household["district_id"],
            line_no=line,
            name=rng.choice(["Zainab", "Ali", "Sana", "عائشہ", 'O"Neil']),
            cnic=number if adult and rng.random() < 0.9 else None,
            bform_no=number if not adult and rng.random() < 0.8 else None,
            sex=sex,
            birth_date=birth,
            relation_to_head=codes.RelationToHead.HEAD if line == 1 else rng.choice(list(codes.RelationToHead)[1:]),
            marital_status=self.pick(codes.MaritalStatus),
            is_pregnant=pregnant if rng.random() < 0.9 else None,
            expected_delivery=today() + timedelta(days=rng.randint(-30, 200)) if pregnant else None,
            is_lactating=self.pick([True, False]),
            education_level=self.pick(codes.EducationLevel),
            attending_school=self.pick([True, False]),
            employment_status=self.pick(codes.EmploymentStatus),
            elementary_occupation=self.pick([True, False]),
            occupation=self.pick(["mason", "tailor", "کسان"]),
            disability_domain=self.pick(codes.DisabilityDomain, or_none=0.7),
            disability_severity=self.pick(codes.DisabilitySeverity, or_none=0.7),
            verification_status=rng.choice(list(codes.VerificationStatus)),
            verification_checked_on=self.pick([date(2026, 2, 1)]),
            verification_mismatches=rng.choice([[], ["NAME"], ["NAME", "GENDER"]]),
        )
        for programme in range(1, 5):
            if rng.random() < 0.45:
                self.determination(household, person, programme)
        for programme in rng.sample(range(1, 7), k=rng.choice([0, 0, 1, 1, 2, 3])):
            self.enrolment(person, programme)

    def determination(self, household: Rows, person: Rows | None, programme: int) -> None:
        rng = self.rng
        decision = rng.choice(list(codes.Decision))
        start = today() - timedelta(days=rng.choice([0, 1, 100]))
        stretches: Sequence[tuple[int, int]] = rng.choice(
            [((0, 365),), ((0, 100), (100, 400)), ((-400, -100),), ((-400, 0),), ((101, 400),)]
        )
        for begins, ends in stretches:
            self.registry.add(
                tables.Determination,
                id=len(self.registry.rows["determination"]) + 1,
                household_id=household["id"],
                person_id=person["id"] if person else None,
                province_id=household["province_id"],
                district_id=household["district_id"],
                programme_id=programme,
                rules_id=programme,
                decision=decision,
                reasons=[] if decision is codes.Decision.ELIGIBLE else rng.sample(["NO_CNIC", "SCORE_UNKNOWN"], k=1),
                determined_at=NOW,
                data_as_of=household["surveyed_on"],
                holds_from=start + timedelta(days=begins),
                holds_until=start + timedelta(days=ends),
            )

    def enrolment(self, person: Rows, programme: int) -> None:
        rng = self.rng
        status = rng.choice(list(codes.EnrolmentStatus))
        since = date(2025, rng.randint(1, 12), rng.randint(1, 28))
        running = status in (codes.EnrolmentStatus.ACTIVE, codes.EnrolmentStatus.SUSPENDED)
        self.registry.add(
            tables.Enrolment,
            id=self.uuid(),
            person_id=person["id"],
            household_id=person["household_id"],
            province_id=person["province_id"],
            district_id=person["district_id"],
            programme_id=programme,
            status=status,
            since=since,
            until=None if running else since + timedelta(days=rng.randint(0, 100)),
            source="PSPA file",
        )


_GOODS = (
    "refrigerator",
    "washing_machine",
    "air_conditioner",
    "tv",
    "cooking_range",
    "motorcycle",
    "car",
    "tractor",
)
