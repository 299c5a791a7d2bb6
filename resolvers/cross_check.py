"""The cross-check: up to 1,000 numbers, their enrolments and the conflicts between programmes, in one statement.

A number that is malformed is `INVALID`; one that is not registered and one outside the caller's rows are both
`NO_VISIBLE_RECORD`. A fault fails the whole statement, so it never turns into "no record".
"""

from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.orm import aliased

from domain.enrolment import Enrolment
from domain.errors import BadInput
from domain.identity import normalise_cnic
from domain.person import Person
from domain.programme import Programme, ProgrammeConflict
from resolvers.answer import Column
from resolvers.binding import Binding, required_leaf, required_list
from resolvers.inputs import Argument, Leaf, read_arguments
from resolvers.json import Row, array, labelled, text_literal
from resolvers.limits import row_limit
from resolvers.objects import Objects
from resolvers.source import Rows

_ORDER = (Enrolment.since, Enrolment.id)


class CrossCheckBuilder:
    """Builds the answer of one `crossCheck`; it lives as long as that takes."""

    def __init__(self, objects: Objects, field: GraphQLField, nodes: list[FieldNode]) -> None:
        self._objects = objects
        type_ = get_named_type(field.type)
        assert isinstance(type_, GraphQLObjectType)
        self._type = type_
        self._nodes = nodes
        arguments = read_arguments(field, nodes[0], objects.variables)
        self._asked = required_leaf("cnics", arguments["cnics"])
        self._programmes = self._codes(arguments["programmes"]) if "programmes" in arguments else None
        self._people: ColumnElement[Any] = literal_column("hit.people", ARRAY(Uuid))
        self._households: ColumnElement[Any] = literal_column("hit.households", ARRAY(Uuid))

    def build(self) -> ColumnElement[Any]:
        """Return the results as JSON, in the order of the numbers."""
        self._objects.parameters.by_value = True  # how many numbers there are decides how they are best looked up
        asked = self._asked_rows()
        hit = self._hits(asked.c.number).lateral("hit")
        members = {key: self._member(asked, nodes) for key, nodes in self._objects.selections.of(self._nodes).items()}
        listed = select(*labelled(members)).select_from(asked.outerjoin(hit, literal_column("true")))
        return array(listed.order_by(asked.c.position))

    def _codes(self, argument: Argument) -> ColumnElement[Any]:
        leaf = required_leaf("programmes", argument)
        parameters = self._objects.parameters
        return parameters.known.programmes(parameters.values("programmes", leaf, None, ARRAY(Text)))

    def _asked_rows(self) -> Any:
        asked = self._objects.parameters.bind(lambda b: _asked(self._asked, b), ARRAY(Text))
        numbers = self._objects.parameters.bind(
            lambda b: [normalise_cnic(number) for number in _asked(self._asked, b)], ARRAY(Text)
        )
        return (
            func.unnest(asked, numbers)
            .table_valued(column("asked", Text), column("number", Text), with_ordinality="position")
            .render_derived(name="i")
        )

    def _hits(self, number: ColumnElement[str]) -> Select[Any, Any]:
        """Return the visible persons who bear a number, as arrays: nobody, or one, or whoever shares it by mistake."""
        found = union(*(self._bearers(key, number) for key in (Person.cnic, Person.bform_no))).subquery("bearer")
        return select(
            func.array_agg(found.c.id).label("people"), func.array_agg(found.c.household_id).label("households")
        ).select_from(found)

    def _bearers(self, key: Column, number: ColumnElement[str]) -> Select[Any]:
        rows = Rows(Person)
        return (
            select(rows.column(Person.id).label("id"), rows.column(Person.household_id).label("household_id"))
            .select_from(rows.from_clause())
            .where(rows.column(key) == number, *row_limit(rows, self._objects.limit))
            .correlate_except(*rows.tables())
        )

    def _member(self, asked: Any, nodes: list[FieldNode]) -> ColumnElement[Any]:
        match nodes[0].name.value:
            case "cnic":
                return asked.c.asked  # type: ignore[no-any-return]
            case "status":
                return case(
                    (asked.c.number.is_(None), text_literal("INVALID")),
                    (self._people.is_(None), text_literal("NO_VISIBLE_RECORD")),
                    else_=text_literal("VISIBLE"),
                )
            case "personEnrolments":
                return self._enrolments("personEnrolments", nodes, self._of_person)
            case "householdEnrolments":
                return self._enrolments("householdEnrolments", nodes, self._of_others)
            case "conflicts":
                return self._conflicts(nodes)
            case _:
                return text_literal(self._type.name)

    def _of_person(self, rows: Rows) -> ColumnElement[bool]:
        return rows.column(Enrolment.person_id) == func.any(self._people)

    def _of_others(self, rows: Rows) -> ColumnElement[bool]:
        return and_(
            rows.column(Enrolment.household_id) == func.any(self._households),
            rows.column(Enrolment.person_id) != func.all(self._people),
        )

    def _enrolments(self, name: str, nodes: list[FieldNode], belonging: Any) -> ColumnElement[Any]:
        rows = Rows(Enrolment)
        type_ = get_named_type(self._type.fields[name].type)
        assert isinstance(type_, GraphQLObjectType)
        members = self._objects.members(rows, type_, nodes)
        listed = self._objects.visible(rows, members, [belonging(rows)])
        return array(listed.order_by(*map(rows.column, _ORDER)))

    def _conflicts(self, nodes: list[FieldNode]) -> ColumnElement[Any]:
        """Return the programmes that running enrolments close. A conflict runs both ways."""
        rows, rule = Rows(Enrolment), aliased(ProgrammeConflict)
        closed, closing = aliased(Programme), aliased(Programme)
        either = or_(
            and_(rule.programme_id == closed.id, rule.excludes_id == closing.id),
            and_(rule.excludes_id == closed.id, rule.programme_id == closing.id),
        )
        today = func.current_date()
        where = [
            closing.id == rows.column(Enrolment.programme_id),
            either,
            rows.column(Enrolment.until).is_(None),
            rule.valid_from <= today,
            or_(rule.valid_until.is_(None), rule.valid_until >= today),
            or_(self._of_person(rows), and_(rule.level == "HOUSEHOLD", self._of_others(rows))),
        ]
        if self._programmes is not None:
            where.append(closed.id == self._programmes)
        members = self._conflict_members(nodes, rows, closed, closing, rule)
        listed = (
            select(*labelled(members))
            .select_from(rows.from_clause())
            .where(*row_limit(rows, self._objects.limit), *where)
            .correlate_except(*rows.tables(), rule, closed, closing)
        )
        return array(listed.order_by(closed.code, closing.code, rule.id, rows.column(Enrolment.id)))

    def _conflict_members(self, nodes: list[FieldNode], rows: Rows, closed: Any, closing: Any, rule: Any) -> Any:
        level = case((self._of_person(rows), text_literal("PERSON")), else_=text_literal("HOUSEHOLD"))
        members: dict[str, ColumnElement[Any]] = {}
        for key, same in self._objects.selections.of(nodes).items():
            match same[0].name.value:
                case "programme":
                    members[key] = self._programme(closed, same)
                case "becauseOf":
                    members[key] = self._programme(closing, same)
                case "level":
                    members[key] = level
                case "rule":
                    members[key] = rule.rule
                case _:
                    members[key] = text_literal("Conflict")
        return members

    def _programme(self, programme: Any, nodes: list[FieldNode]) -> ColumnElement[Any]:
        rows = Rows.over(Programme, programme)
        type_ = get_named_type(self._conflict_type().fields["programme"].type)
        assert isinstance(type_, GraphQLObjectType)
        return Row(self._objects.members(rows, type_, nodes))

    def _conflict_type(self) -> GraphQLObjectType:
        type_ = get_named_type(self._type.fields["conflicts"].type)
        assert isinstance(type_, GraphQLObjectType)
        return type_


def _asked(leaf: Leaf, binding: Binding) -> list[str]:
    numbers = required_list("cnics", leaf.read(binding.variables))
    if any(number is None for number in numbers):
        raise BadInput("cnics: null is not a number.", coordinate="cnics")
    return numbers
