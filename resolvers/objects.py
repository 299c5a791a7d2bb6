"""From a selection to a statement: objects, relations, lists, pages and look-ups as JSON. The planner's heart.

Every way to a row goes through `visible`, which puts the row limit into the `where` of the table it reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Text,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from domain.determination import Determination
from domain.grant import RowLimit
from resolvers.answer import Derived, Group, Listing, Lookup, Page, ToMany, ToOne, Value, answer_of
from resolvers.binding import Binding, Parameters, required_leaf
from resolvers.filters import Filter
from resolvers.inputs import Argument, Leaf, Variables, read_arguments
from resolvers.json import Row, array, as_json, labelled, one_object, text_literal
from resolvers.limits import eligible_today, row_limit
from resolvers.order import bind_place, read_order
from resolvers.selection import Selections
from resolvers.source import Page as PageRows
from resolvers.source import Rows, Source


@dataclass
class Objects:
    """Builds the JSON of one operation's root fields under one row limit."""

    selections: Selections
    parameters: Parameters
    limit: RowLimit
    variables: Variables

    def __post_init__(self) -> None:
        self._filter = Filter(self.parameters, self.limit, self.variables)
        self.pages = 0
        self.marked: dict[str, str] = {}
        """For each page whose cursors are asked for, by its number, the name of its order."""

    # Objects

    def members(
        self, source: Source, type_: GraphQLObjectType, nodes: list[FieldNode]
    ) -> dict[str, ColumnElement[Any]]:
        """Return the selected members of an object, by response key."""
        return {key: self._member(source, type_, same_key) for key, same_key in self.selections.of(nodes).items()}

    def _member(self, source: Source, type_: GraphQLObjectType, nodes: list[FieldNode]) -> ColumnElement[Any]:
        name = nodes[0].name.value
        if name == "__typename":
            return text_literal(type_.name)
        field = type_.fields[name]
        match answer_of(field):
            case Value(column=column, shown=shown):
                stored = source.column(column)
                return shown(stored) if shown else stored
            case Derived(expression=expression):
                return expression(source.column)
            case Group():
                return Row(self.members(source, _object(field), nodes))
            case ToOne() as relation:
                return self._to_one(source, relation, field, nodes)
            case relation:
                assert isinstance(relation, ToMany), f"{type_.name}.{name} has no answer inside an object"
                return self._to_many(source, relation, field, nodes)

    def _to_one(
        self, source: Source, relation: ToOne, field: GraphQLField, nodes: list[FieldNode]
    ) -> ColumnElement[Any]:
        joined = source.joined(relation)
        if joined is not None:
            return Row(self.members(joined, _object(field), nodes))
        rows = Rows(relation.entity)
        found = rows.column(relation.there) == source.column(relation.here)
        return one_object(self.visible(rows, self.members(rows, _object(field), nodes), [found], reached=True))

    def _to_many(
        self, source: Source, relation: ToMany, field: GraphQLField, nodes: list[FieldNode]
    ) -> ColumnElement[Any]:
        rows = Rows(relation.entity)
        arguments = read_arguments(field, nodes[0], self.variables)
        where = [rows.column(relation.there) == source.column(relation.here)]
        if relation.only is not None:
            where.append(relation.only(rows.column))
        where += self._conditions(rows, arguments)
        order = read_order(rows, arguments.get("orderBy"), relation.order, self.limit, self.variables)
        where += order.conditions
        members = self.members(rows, _object(field), nodes)
        listed = self.visible(rows, members, where, reached=relation.own).order_by(
            *(key.sorted() for key in order.keys)
        )
        if "first" in arguments:
            listed = listed.limit(self.parameters.page_size("first", arguments["first"], Integer()))
        return array(listed)

    def _conditions(self, rows: Rows, arguments: Mapping[str, Argument]) -> list[ColumnElement[bool]]:
        conditions = []
        if "where" in arguments:
            conditions.append(self._filter.condition(rows, arguments["where"]))
        if "programme" in arguments:
            codes = self._one_code(arguments["programme"])
            conditions.append(rows.alias.programme_id == self.parameters.known.programmes(codes))
        return conditions

    def _one_code(self, argument: Argument) -> ColumnElement[Any]:
        leaf = required_leaf("programme", argument)
        return self.parameters.value("programme", leaf, lambda code: [code], ARRAY(Text))

    def visible(
        self,
        rows: Rows,
        members: Mapping[str, ColumnElement[Any]],
        where: Sequence[ColumnElement[bool]],
        *,
        reached: bool = False,
    ) -> Select[Any]:
        """Return the members of those rows that the row limit lets through. Call it last: members may join to rows."""
        return (
            select(*labelled(members))
            .select_from(rows.from_clause())
            .where(*row_limit(rows, self.limit, reached=reached), *where)
            .correlate_except(*rows.tables())
        )

    # Root fields

    def listing(self, answer: Listing, field: GraphQLField, nodes: list[FieldNode]) -> ColumnElement[Any]:
        """Return all rows of a reference table."""
        rows = Rows(answer.entity)
        listed = self.visible(rows, self.members(rows, _object(field), nodes), [])
        return array(listed.order_by(*map(rows.column, answer.order)))

    def lookup(self, answer: Lookup, field: GraphQLField, nodes: list[FieldNode]) -> ColumnElement[Any]:
        """Return the one row under a key; two rows under it fail the statement."""
        rows = Rows(answer.entity)
        leaf = required_leaf(answer.argument, read_arguments(field, nodes[0], self.variables)[answer.argument])
        columns = [rows.column(column) for column in answer.columns]
        parse = partial(_parsed, answer)
        key = self.parameters.value(answer.argument, leaf, parse, columns[0].type)
        found = or_(*(column == key for column in columns))
        return as_json(one_object(self.visible(rows, self.members(rows, _object(field), nodes), [found])))

    def page(self, answer: Page, field: GraphQLField, nodes: list[FieldNode]) -> ColumnElement[Any]:
        """Return a connection: its page is cut first, by key, and only the rows of the page are looked at closely."""
        return _PageBuilder(self, answer, field, nodes).build()


class _PageBuilder:
    """Builds one connection; it lives as long as that takes."""

    def __init__(self, objects: Objects, answer: Page, field: GraphQLField, nodes: list[FieldNode]) -> None:
        self._objects = objects
        self._number = str(objects.pages)
        objects.pages += 1
        self._type = _object(field)
        self._nodes = nodes
        self._arguments = read_arguments(field, nodes[0], objects.variables)
        self._rows = Rows(answer.entity)
        self._page = PageRows(self._rows, f"page_{self._number}")
        self._first = objects.parameters.page_size("first", self._arguments["first"], Integer())
        self._where = self._belonging(answer)
        self._order = read_order(self._rows, self._arguments.get("orderBy"), (), objects.limit, objects.variables)
        self._places = self._after_places()
        self._numbered = False

    def build(self) -> ColumnElement[Any]:
        """Return the connection as JSON."""
        members = {key: self._member(same) for key, same in self._objects.selections.of(self._nodes).items()}
        connection = select(as_json(Row(members)))
        if self._page.kept or self._numbered:
            connection = connection.add_cte(self._cut().cte(self._page.name), nest_here=True)
        return connection.scalar_subquery()

    def _belonging(self, answer: Page) -> list[ColumnElement[bool]]:
        rows, where = self._rows, []
        if answer.only is not None:
            where.append(answer.only(rows.column))
        if answer.eligible_for is not None:
            codes = cast(literal_column(f"array['{answer.eligible_for}']"), ARRAY(Text))
            programmes = self._objects.parameters.known.programmes(codes)
            where.append(
                eligible_today(Determination.person_id, rows.column(rows.key()), programmes, self._objects.limit)
            )
        return where + self._objects._conditions(rows, self._arguments)

    def _member(self, nodes: list[FieldNode]) -> ColumnElement[Any]:
        match nodes[0].name.value:
            case "edges":
                return self._edges(nodes)
            case "pageInfo":
                return Row({key: self._page_info(same[0]) for key, same in self._objects.selections.of(nodes).items()})
            case "totalCount":
                return self._total()
            case _:
                return text_literal(self._type.name)

    def _edges(self, nodes: list[FieldNode]) -> ColumnElement[Any]:
        edge_type = _object(self._type.fields["edges"])
        members = {key: self._edge(edge_type, same) for key, same in self._objects.selections.of(nodes).items()}
        page = self._page.table
        position = self._position()
        edges = select(*labelled(members)).select_from(page).where(position <= self._first).order_by(position)
        return array(edges)

    def _edge(self, edge_type: GraphQLObjectType, nodes: list[FieldNode]) -> ColumnElement[Any]:
        match nodes[0].name.value:
            case "node":
                return Row(self._objects.members(self._page, _object(edge_type.fields["node"]), nodes))
            case "cursor":
                return self._cursor()
            case _:
                return text_literal(edge_type.name)

    def _page_info(self, node: FieldNode) -> ColumnElement[Any]:
        page, position = self._page.table, self._position()
        shown = select(self._cursor()).select_from(page).where(position <= self._first)
        match node.name.value:
            case "hasNextPage":
                return select(func.count() > self._first).select_from(page).scalar_subquery()
            case "hasPreviousPage":
                return literal_column("true" if self._places else "false")
            case "startCursor":
                return shown.order_by(position).limit(1).scalar_subquery()
            case "endCursor":
                return shown.order_by(position.desc()).limit(1).scalar_subquery()
            case _:
                return text_literal("PageInfo")

    def _position(self) -> ColumnElement[int]:
        self._numbered = True
        return literal_column(f"{self._page.name}.position", Integer)

    def _cursor(self) -> ColumnElement[str]:
        """Return the mark of a place, which the renderer replaces by a sealed cursor (see `resolvers/cursor.py`)."""
        self._objects.marked[self._number] = self._order.name
        kept = [self._page.keep(key.expression, ("key", at)) for at, key in enumerate(self._order.keys)]
        place = func.encode(func.convert_to(self._order.place(kept), "UTF8"), "hex")
        mark = self._objects.parameters.bind(self._mark, Text())
        return mark.concat(place)

    def _mark(self, binding: Binding) -> str:
        return f"{binding.nonce}{self._number}x"

    def _total(self) -> ColumnElement[int]:
        rows = self._rows
        where = [*row_limit(rows, self._objects.limit), *self._where, *self._order.conditions]
        return select(func.count()).select_from(rows.from_clause()).where(*where).scalar_subquery()

    def _after_places(self) -> list[ColumnElement[Any]]:
        """Return the key values of `after`; none on the first page, where `after` is left out or null."""
        after = self._arguments.get("after")
        return bind_place(self._order, after, self._objects.parameters) if isinstance(after, Leaf) else []

    def _cut(self) -> Select[Any]:
        """Return the page's rows with their positions, one more than asked for, to know whether more follow."""
        rows, order = self._rows, self._order
        where = [*row_limit(rows, self._objects.limit), *self._where, *order.conditions]
        if self._places:
            where.append(order.after(self._places))
        kept = self._page.kept or {"c0": order.keys[-1].expression}
        cut = (
            select(*labelled(kept))
            .select_from(rows.from_clause())
            .where(*where)
            .order_by(*(key.sorted() for key in order.keys))
            .limit(self._first + 1)
            .subquery("k")
        )
        return select(cut, func.row_number().over().label("position"))


def _parsed(answer: Lookup, value: Any) -> Any:
    return answer.parse(value, "eq") if answer.parse is not None else value


def _object(field: GraphQLField) -> GraphQLObjectType:
    type_ = get_named_type(field.type)
    assert isinstance(type_, GraphQLObjectType)
    return type_
