"""What an operation selects, with its arguments coerced by graphql-core. Part of the oracle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLDirective,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_variable_values,
    parse,
)

from tests.oracle_filter import Refused


@dataclass(frozen=True)
class Selected:
    """One selected field: its response key, name, kind of value, arguments and what is selected of it in turn."""

    key: str
    name: str
    kind: str
    arguments: Mapping[str, Any]
    fields: tuple["Selected", ...]


class Reader:
    """Reads one operation under the values of its variables."""

    def __init__(self, schema: GraphQLSchema, text: str, given: Mapping[str, Any]) -> None:
        definitions = parse(text).definitions
        self._fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
        self._operation = next(d for d in definitions if isinstance(d, OperationDefinitionNode))
        self._schema = schema
        values = get_variable_values(schema, self._operation.variable_definitions or (), dict(given))
        assert not isinstance(values, list), "an operation with variables that do not fit"
        self._variables: Any = values

    def read(self) -> tuple[Selected, ...]:
        """Return the selected root fields."""
        root = self._schema.query_type
        assert root is not None
        return self._merged(root, [self._operation.selection_set])

    def _merged(self, parent: GraphQLObjectType, sets: list[SelectionSetNode]) -> tuple[Selected, ...]:
        by_key: dict[str, list[FieldNode]] = {}
        for selection_set in sets:
            for node in self._flat(selection_set):
                by_key.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return tuple(self._selected(parent, key, nodes) for key, nodes in by_key.items())

    def _flat(self, selection_set: SelectionSetNode) -> Iterator[FieldNode]:
        for node in selection_set.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                yield from self._flat(self._fragments[node.name.value].selection_set)
            else:
                yield from self._flat(node.selection_set)  # type: ignore[attr-defined]

    def _included(self, node: SelectionNode) -> bool:
        return self._condition(GraphQLIncludeDirective, node, True) and not self._condition(
            GraphQLSkipDirective, node, False
        )

    def _condition(self, directive: GraphQLDirective, node: SelectionNode, absent: bool) -> bool:
        values = get_directive_values(directive, node, self._variables)
        return absent if values is None else bool(values["if"])

    def _selected(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Selected:
        name = nodes[0].name.value
        if name == "__typename":
            return Selected(key, name, "String", {}, ())
        field = parent.fields[name]
        type_ = get_named_type(field.type)
        sets = [node.selection_set for node in nodes if node.selection_set]
        try:
            arguments = get_argument_values(field, nodes[0], self._variables)
        except GraphQLError:
            raise Refused from None
        inner = self._merged(type_, sets) if isinstance(type_, GraphQLObjectType) else ()
        return Selected(key, name, type_.name, arguments, inner)
