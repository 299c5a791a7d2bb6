"""Plans: from an operation under a visible schema to one SQL statement a root field, and from its row to bytes.

A plan is found by the text of the document, the name of the operation, the shape of its variables and the shape of the
row limit; never by values. Planning reads no row and knows no caller.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)
from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.dialects.postgresql import asyncpg

from domain.grant import Grant, RowLimit, still_stands
from resolvers.answer import CrossCheck, Listing, Lookup, Page, answer_of
from resolvers.binding import Binding, Getter, Parameters
from resolvers.cross_check import CrossCheckBuilder
from resolvers.cursor import CursorKey, seal_all
from resolvers.document import (
    Document,
    DocumentLimits,
    InvalidOperation,
    Operation,
    check_variables,
    read_document,
)
from resolvers.inputs import VariableReader, Variables
from resolvers.lru import Lru
from resolvers.objects import Objects
from resolvers.selection import Selections

_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]

Row = Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one operation is answered: one statement for all its root fields that read the registry.

    The statement yields one row with a column of JSON for each root field, or no row when the grant no longer stands.
    """

    sql: str
    getters: tuple[Getter, ...]
    keys: tuple[tuple[bytes, str], ...]
    """For each response key, already written as JSON with its colon, the column of the row, or `""` when executed."""
    orders: dict[str, str]
    executed: DocumentNode | None
    by_value: bool
    """Whether a filter compares with values of the caller, so that the best way through the tables depends on them."""
    unused: tuple[Getter, ...]
    """Arguments that the statement does not need and that must be right all the same."""

    @property
    def reads_registry(self) -> bool:
        """Whether any root field is answered from the registry."""
        return any(column for _, column in self.keys)

    def arguments(self, binding: Binding) -> list[Any]:
        """Return the values of the statement's parameters; raise `BadInput` for a value that cannot be one."""
        for getter in self.unused:
            getter(binding)
        return [getter(binding) for getter in self.getters]

    def render(self, row: Any, executed: Mapping[str, bytes], binding: Binding) -> bytes:
        """Return the response's `data` as JSON."""
        members = b",".join(
            key + (row[column] or b"null") if column else key + executed[key_name(key)] for key, column in self.keys
        )
        body = b"{" + members + b"}"
        return (
            seal_all(body, binding.nonce, self.orders, binding.cursor_key, binding.client_id) if self.orders else body
        )


def key_name(key: bytes) -> str:
    """Return the response key that `key`, its JSON with a colon, stands for."""
    name: str = orjson.loads(key[:-1])
    return name


class Planner:
    """Plans operations under one visible schema, and remembers documents and plans, about 30 kB each."""

    def __init__(
        self, schema: GraphQLSchema, limits: DocumentLimits, *, documents: int = 250, plans: int = 500
    ) -> None:
        self.schema = schema
        self._limits = limits
        self._documents: Lru[str, Document] = Lru(documents)
        self._readers: Lru[tuple[str, str], VariableReader] = Lru(documents)
        self._plans: Lru[Any, Plan] = Lru(plans)

    def plan(
        self, text: str, operation_name: str | None, given: Mapping[str, Any], limit: RowLimit
    ) -> tuple[Plan, Variables]:
        """Return the plan of an operation and its coerced variables.

        Raises `InvalidOperation` for what the visible schema does not admit, `BadInput` for a filter or order that
        cannot be meant, `LimitExceeded` for a document that is too large.
        """
        document = self._documents.get(text)
        if document is None:
            document = read_document(self.schema, text, self._limits)
            self._documents.put(text, document)
        operation = document.operation(operation_name)
        check_variables(given, self._limits)
        variables, shapes = self._reader(text, operation).read(given)
        key = (text, operation_name, shapes, limit.shape)
        plan = self._plans.get(key)
        if plan is None:
            plan = _plan(self.schema, operation, variables, limit)
            self._plans.put(key, plan)
        return plan, variables

    def _reader(self, text: str, operation: Operation) -> VariableReader:
        name = operation.node.name.value if operation.node.name else ""
        reader = self._readers.get((text, name))
        if reader is None:
            reader = VariableReader(self.schema, operation.node)
            self._readers.put((text, name), reader)
        return reader


def _plan(schema: GraphQLSchema, operation: Operation, variables: Variables, limit: RowLimit) -> Plan:
    return _Planning(schema, operation, variables, limit).plan()


class _Planning:
    """Plans one operation; it lives as long as that takes."""

    def __init__(self, schema: GraphQLSchema, operation: Operation, variables: Variables, limit: RowLimit) -> None:
        root = schema.get_root_type(operation.node.operation)
        assert root is not None
        self._root = root
        self._operation = operation
        self._selections = Selections(operation.fragments, variables)
        self._parameters = Parameters()
        self._objects = Objects(self._selections, self._parameters, limit, variables)

    def plan(self) -> Plan:
        columns: dict[str, ColumnElement[Any]] = {}
        keys: list[tuple[bytes, str]] = []
        executed: list[FieldNode] = []
        for key, nodes in self._selections.merged(iter([self._operation.node.selection_set])).items():
            planned = self._root_field(nodes)
            column = f"r{len(columns)}" if planned is not None else ""
            if planned is not None:
                columns[column] = planned
            else:
                executed += nodes
            keys.append((orjson.dumps(key) + b":", column))
        sql, names, constants = self._compile(columns)
        return Plan(
            sql,
            tuple(self._getter(name, constants) for name in names),
            tuple(keys),
            self._objects.marked,
            self._executed(executed),
            self._parameters.by_value,
            tuple(getter for name, getter in self._parameters.getters.items() if name not in names),
        )

    def _root_field(self, nodes: list[FieldNode]) -> ColumnElement[Any] | None:
        field = self._root.fields.get(nodes[0].name.value)
        answer = answer_of(field) if field is not None else None
        if field is None or answer is None:
            return None
        return self._answered(answer, field, nodes)

    def _answered(self, answer: Any, field: GraphQLField, nodes: list[FieldNode]) -> ColumnElement[Any]:
        match answer:
            case Page():
                return self._objects.page(answer, field, nodes)
            case Lookup():
                return self._objects.lookup(answer, field, nodes)
            case Listing():
                return self._objects.listing(answer, field, nodes)
            case _:
                assert isinstance(answer, CrossCheck)
                return CrossCheckBuilder(self._objects, field, nodes).build()

    def _compile(self, columns: Mapping[str, ColumnElement[Any]]) -> tuple[str, list[str], Mapping[str, Any]]:
        labels = [column.label(name) for name, column in columns.items()] or [literal_column("true").label("stands")]
        compiled = select(*labels).where(still_stands(), *self._parameters.known.conditions()).compile(dialect=_DIALECT)
        return str(compiled), list(compiled.positiontup or ()), compiled.params

    def _getter(self, name: str, constants: Mapping[str, Any]) -> Getter:
        if name in self._parameters.getters:
            return self._parameters.getters[name]
        if name.startswith("grant_"):
            return lambda binding: binding.grant[name]
        constant = constants[name]
        return lambda _: constant

    def _executed(self, fields: list[FieldNode]) -> DocumentNode | None:
        """Return a document of the root fields that are executed rather than planned: introspection and `viewer`."""
        if not fields:
            return None
        node = self._operation.node
        alone = OperationDefinitionNode(
            operation=node.operation,
            variable_definitions=node.variable_definitions,
            directives=(),
            selection_set=SelectionSetNode(selections=tuple(fields)),
        )
        fragments: list[FragmentDefinitionNode] = list(self._operation.fragments.values())
        return DocumentNode(definitions=(alone, *fragments))


def execute(schema: GraphQLSchema, document: DocumentNode, given: Mapping[str, Any], context: Any) -> dict[str, bytes]:
    """Return the executed root fields of a plan as JSON, by response key; a fault of ours goes through as it is."""
    result = execute_sync(schema, document, variable_values=dict(given), context_value=context)
    assert isinstance(result, ExecutionResult)
    if result.errors:
        raise result.errors[0].original_error or InvalidOperation(result.errors)
    return {key: orjson.dumps(value) for key, value in (result.data or {}).items()}


def binding_of(grant: Grant, variables: Variables, cursor_key: CursorKey) -> Binding:
    """Return what a plan is bound to for one request."""
    return Binding(variables, grant.parameters(), grant.client_id, cursor_key, secrets.token_hex(16))
