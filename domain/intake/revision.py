"""A household that is surveyed again: who of the new roster is who of the old one, and what changes.

Only intake uses it. A person keeps the id under which programmes and disclosures know her: whoever has the same
identity number is the same person, then whoever has the same line, name and date of birth.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnClause,
    Connection,
    TableValuedAlias,
    Text,
    Update,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    select,
    union,
    update,
)

from domain.codes import VerificationStatus
from domain.determination import Determination
from domain.enrolment import Enrolment
from domain.exclusion import ExclusionHit
from domain.household import Household
from domain.intake.entry import HOUSEHOLD_LINE, PERSON_ANSWERS, PERSON_LINE, Entry, household_values, person_values
from domain.intake.many import many_ids
from domain.intake.person import LAST_LINE, PersonAnswers
from domain.person import Person


class Registered(NamedTuple):
    """A person as the registry has her before the revision."""

    id: UUID
    province_id: int
    district_id: int
    person: PersonAnswers


@dataclass(slots=True)
class Revision:
    """What a submission changes in a household that is registered."""

    household_id: UUID
    kept: list[tuple[Registered, PersonAnswers]]
    joined: list[PersonAnswers]
    dropped: list[Registered]
    drops_somebody_on_record: bool = False
    """Whether somebody would be dropped who has an enrolment or an exclusion: that is not a survey's to delete."""

    @property
    def numbers_before(self) -> Iterator[str]:
        """The identity numbers of the old roster."""
        for registered in [*self.dropped, *(before for before, _ in self.kept)]:
            yield from registered.person.numbers


def match_rosters(connection: Connection, entries: Sequence[Entry], ids: dict[str, UUID]) -> dict[str, Revision]:
    """Return the revision that each entry makes of its household; `ids` has the household of each form number."""
    rosters = _rosters(connection, [ids[entry.form_no] for entry in entries])
    revisions = {entry.form_no: _match(entry, ids[entry.form_no], rosters[ids[entry.form_no]]) for entry in entries}
    on_record = _on_record(connection, [one.id for revision in revisions.values() for one in revision.dropped])
    for revision in revisions.values():
        revision.drops_somebody_on_record = any(one.id in on_record for one in revision.dropped)
    return revisions


def _rosters(connection: Connection, household_ids: list[UUID]) -> dict[UUID, list[Registered]]:
    columns = [getattr(Person, column) for column in PERSON_ANSWERS]
    rosters: dict[UUID, list[Registered]] = defaultdict(list)
    rows = connection.execute(
        select(Person.household_id, Person.id, Person.province_id, Person.district_id, *columns)
        .where(Person.household_id == any_(many_ids(household_ids)))
        .order_by(Person.line_no)
    )
    for household_id, person_id, province_id, district_id, *answers in rows:
        person = PersonAnswers("", *answers)
        rosters[household_id].append(Registered(person_id, province_id, district_id, person))
    return rosters


def _match(entry: Entry, household_id: UUID, registered: list[Registered]) -> Revision:
    persons = [member.person for member in entry.submission.members]
    left = {one.id: one for one in registered}
    matched: dict[int, Registered] = {}
    for marks in (_numbers, _line_name_and_birth):
        index = {mark: one for one in left.values() for mark in marks(one.person)}
        for person in persons:
            found = next((index[mark] for mark in marks(person) if mark in index and index[mark].id in left), None)
            if found and person.line_no not in matched:
                matched[person.line_no] = left.pop(found.id)
    kept = [(matched[person.line_no], person) for person in persons if person.line_no in matched]
    joined = [person for person in persons if person.line_no not in matched]
    return Revision(household_id, kept, joined, list(left.values()))


def _numbers(person: PersonAnswers) -> Iterable[object]:
    return person.numbers


def _line_name_and_birth(person: PersonAnswers) -> Iterable[object]:
    return [(person.line_no, person.name, person.birth_date)]


def _on_record(connection: Connection, person_ids: list[UUID]) -> set[UUID]:
    if not person_ids:
        return set()
    persons = any_(many_ids(person_ids))
    enrolled = select(Enrolment.person_id).where(Enrolment.person_id == persons)
    excluded = select(ExclusionHit.person_id).where(ExclusionHit.person_id == persons)
    return set(connection.execute(union(enrolled, excluded)).scalars())


def revise(connection: Connection, revisions: Sequence[tuple[Entry, Revision]]) -> None:
    """Bring the registered households and the persons who stay up to date; those who joined are written elsewhere.

    Lines and identity numbers may change places within a roster and move between households of the batch, so whoever
    changes first gives up both: no two persons ever have the same, not even between two statements.
    """
    dropped = [one.id for _, revision in revisions for one in revision.dropped]
    changed = [row for entry, revision in revisions for row in _changed_persons(entry, revision)]
    _drop(connection, dropped)
    _park(connection, [row["id"] for row in changed])
    connection.execute(_REVISE_PERSONS, {"rows": orjson.dumps(changed).decode()})
    households = [_household_row(entry, revision) for entry, revision in revisions]
    connection.execute(_REVISE_HOUSEHOLDS, {"rows": orjson.dumps(households).decode()})
    _move_enrolments(connection, [revision.household_id for _, revision in revisions])


def _changed_persons(entry: Entry, revision: Revision) -> Iterator[dict[str, Any]]:
    place = entry.submission.place
    for before, person in revision.kept:
        stays = (before.province_id, before.district_id) == (place.province_id, place.district_id)
        if not stays or before.person[1:] != person[1:]:
            row = dict(zip(PERSON_LINE, person_values(person, place), strict=True))
            yield {"id": before.id, "is_verified": _has_same_identity(before.person, person), **row}


def _has_same_identity(before: PersonAnswers, person: PersonAnswers) -> bool:
    """Tell whether NADRA's answer still speaks of this person: it was asked about the number and the name."""
    return (before.cnic, before.bform_no, before.name) == (person.cnic, person.bform_no, person.name)


def _household_row(entry: Entry, revision: Revision) -> dict[str, Any]:
    return {"id": revision.household_id, **dict(zip(HOUSEHOLD_LINE, household_values(entry.submission), strict=True))}


def _drop(connection: Connection, person_ids: list[UUID]) -> None:
    persons = any_(many_ids(person_ids))
    connection.execute(delete(Determination).where(Determination.person_id == persons))
    connection.execute(delete(Person).where(Person.id == persons))


def _park(connection: Connection, person_ids: list[UUID]) -> None:
    connection.execute(
        update(Person)
        .where(Person.id == any_(many_ids(person_ids)))
        .values(line_no=Person.line_no + LAST_LINE, cnic=None, bform_no=None)
    )


def _move_enrolments(connection: Connection, household_ids: list[UUID]) -> None:
    """Let the enrolments of a household that moved follow it into its new territory."""
    connection.execute(
        update(Enrolment)
        .where(
            Enrolment.household_id == Household.id,
            Household.id == any_(many_ids(household_ids)),
            Enrolment.district_id != Household.district_id,
        )
        .values(province_id=Household.province_id, district_id=Household.district_id)
    )


def _revised(model: type[Household | Person], columns: Iterable[str], *more: ColumnClause[Any]) -> TableValuedAlias:
    """The rows of the parameter `rows`, a JSON array of objects, as a table with the types of the model's columns."""
    typed = [column(name, getattr(model, name).type) for name in columns]
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    return rows.table_valued(column("id", Uuid), *typed, *more).render_derived(name="revised", with_types=True)


def _revise_households() -> Update:
    columns = [name for name in HOUSEHOLD_LINE if name not in ("form_no", "registered_on")]
    revised = _revised(Household, columns)
    values = {name: revised.c[name] for name in columns}
    return update(Household).where(Household.id == revised.c.id).values(values)


def _revise_persons() -> Update:
    revised = _revised(Person, PERSON_LINE, column("is_verified", Boolean))
    kept = revised.c.is_verified
    values = {
        **{name: revised.c[name] for name in PERSON_LINE},
        "verification_status": case((kept, Person.verification_status), else_=VerificationStatus.PENDING),
        "verification_checked_on": case((kept, Person.verification_checked_on)),
        "verification_mismatches": case((kept, Person.verification_mismatches), else_=[]),
    }
    return update(Person).where(Person.id == revised.c.id).values(values)


_REVISE_HOUSEHOLDS = _revise_households()
_REVISE_PERSONS = _revise_persons()
