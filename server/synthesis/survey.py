"""Writes a synthetic survey, household by household. The command `nser synthesise`, the demo and tests call it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from random import Random

from domain.geography import builtin_regions_file
from domain.intake.form import HOUSEHOLD_COLUMNS, PERSON_COLUMNS
from server.synthesis import figures
from server.synthesis.address import address
from server.synthesis.defects import Interview, Planted, Planter
from server.synthesis.dwelling import Dwellings
from server.synthesis.family import Families
from server.synthesis.figures import Province
from server.synthesis.names import Names
from server.synthesis.numbers import Numbers
from server.synthesis.places import Place, Places
from server.synthesis.roster import Roster, Visit
from server.synthesis.writing import Form, Table, table

SURVEY_DAYS = 1095
"""The survey runs over so many days, up to and including its last."""
BATCH = 1000
"""Households held in memory before they are written."""


@dataclass(frozen=True, slots=True)
class SynthesisSummary:
    """What was written: rows of each table, and faults planted on purpose."""

    folder: Path
    households: int
    persons: int
    planted: int


class _Makers:
    """The makers that belong to one province."""

    def __init__(self, rng: Random, province: Province, names: Names, numbers: Numbers) -> None:
        self.families = Families(rng, province)
        self.dwellings = Dwellings(province)
        self.roster = Roster(rng, province, names, numbers)


class _Survey:
    """The interviews of one survey, in the order in which they are written."""

    def __init__(self, seed: int, places: Places, surveyed_to: date) -> None:
        self._rng = rng = Random(seed)  # noqa: S311 - it must be repeatable, and guards no secret
        self._seed = seed
        self._places = places
        self._surveyed_to = surveyed_to
        self._names = Names()
        self._numbers = Numbers(rng)
        self._makers = {p.name: _Makers(rng, p, self._names, self._numbers) for p in figures.PROVINCES}
        self._last_mobile = ""

    def interview(self, number: int) -> Interview:
        """Return the rows of the next household; `number` becomes part of its form number."""
        rng = self._rng
        place = self._places.draw(rng)
        makers = self._makers[place.province.name]
        members = makers.families.make()
        standing = makers.dwellings.standing(rng, sum(member.age < 14 for member in members))
        ago = int(SURVEY_DAYS * rng.random() ** 1.3)
        visit = Visit(f"S{self._seed}-{number:08d}", self._surveyed_to - timedelta(days=ago), standing)
        persons = makers.roster.rows(visit, members)
        household = [*self._contact(visit, place, ago), *makers.dwellings.answers(rng, standing, _earners(persons))]
        return Interview(household, persons)

    def _contact(self, visit: Visit, place: Place, ago: int) -> list[str]:
        """Return the household's columns from `form_no` to `enumerator`."""
        rng = self._rng
        latitude, longitude = place.position(rng)
        if rng.random() < figures.WITHOUT_POSITION:
            latitude = longitude = ""
        at_desk = rng.random() < figures.DESK_SHARE * (1 - ago / figures.DESK_DAYS)
        enumerator = (place.number * 4 + int(rng.random() * 4)) % 10_000
        return [
            visit.form_no,
            place.pcode,
            address(rng, self._names, place, visit.standing.rural),
            self._mobile(),
            latitude,
            longitude,
            visit.surveyed.isoformat(),
            "desk" if at_desk else "door_to_door",
            f"E{enumerator:04d}",
        ]

    def _mobile(self) -> str:
        """Return the household's mobile number: mostly its own, now and then that of the household before, or none."""
        draw = self._rng.random()
        if draw >= figures.WITH_MOBILE:
            return ""
        if draw >= figures.MOBILE_REPEATED or not self._last_mobile:
            self._last_mobile = self._numbers.mobile()
        return self._last_mobile


def _earners(persons: list[list[str]]) -> int:
    """Count those whose work brings money."""
    status = PERSON_COLUMNS.index("employment_status")
    return sum(person[status] in ("government", "private", "self_employed", "daily_wage") for person in persons)


def _batches(survey: _Survey, households: int) -> Iterator[list[Interview]]:
    """Yield the interviews in batches."""
    for first in range(1, households + 1, BATCH):
        yield [survey.interview(number) for number in range(first, min(first + BATCH, households + 1))]


class _Writer:
    """The open tables of a survey folder, and what has been written to them."""

    def __init__(self, folder: Path, form: Form, files: ExitStack, *, planted: bool) -> None:
        self._households: Table = files.enter_context(table(folder, "households", HOUSEHOLD_COLUMNS, form))
        self._persons: Table = files.enter_context(table(folder, "persons", PERSON_COLUMNS, form))
        self._planted: Table | None = None
        (folder / "planted.csv").unlink(missing_ok=True)
        if planted:
            columns = tuple(field.name for field in fields(Planted))
            self._planted = files.enter_context(table(folder, "planted", columns, "csv"))
        self.households = self.persons = self.planted = 0

    def write(self, batch: list[Interview], faults: list[Planted]) -> None:
        """Append interviews, and the faults that were planted in them."""
        self._households.write([row for one in batch for row in (one.household, *one.repeated)])
        self._persons.write([row for one in batch for row in one.persons])
        if self._planted:
            self._planted.write([astuple(fault) for fault in faults])
        self.households += len(batch)
        self.persons += sum(len(one.persons) for one in batch)
        self.planted += len(faults)


def synthesise(
    folder: Path,
    households: int,
    seed: int,
    *,
    defects: float = 0.0,
    regions: Path | None = None,
    surveyed_to: date,
    form: Form = "csv",
    progress: Callable[[int], None] | None = None,
) -> SynthesisSummary:
    """Write a synthetic survey of so many households into `folder`, in the public intake format.

    The population is calibrated to the Census 2023 by province (`figures`); nobody in it exists, and every identity
    number begins with 9, which is never issued. The same arguments give the same bytes. `defects` is the share of
    households that get one planted fault, listed in `planted.csv`; `regions` is a regions file, the built-in one
    unless given; `surveyed_to` is the last day of the three years of interviews; `progress` is called with the number
    of households written so far. Tables that the folder held under the same names are replaced. Raises `ValueError`
    for a number of households below 1 or a share outside 0 to 1.
    """
    if households < 1 or not 0 <= defects <= 1:
        raise ValueError(f"Cannot synthesise {households} households with a share of {defects} defects.")
    survey = _Survey(seed, Places(regions or builtin_regions_file()), surveyed_to)
    planter = Planter(Random(f"defects of {seed}"), defects, surveyed_to)  # noqa: S311 - as above
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        writer = _Writer(folder, form, files, planted=defects > 0)
        for batch in _batches(survey, households):
            writer.write(batch, [fault for one in batch if (fault := planter.visit(one))])
            if progress:
                progress(writer.households)
    return SynthesisSummary(folder, writer.households, writer.persons, writer.planted)
