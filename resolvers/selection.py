"""Which fields of an object an operation selects, merged as the GraphQL specification says (CollectFields)."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from domain.errors import BadInput
from resolvers.inputs import Variables


@dataclass(frozen=True, slots=True)
class Selections:
    """Collects the fields of one operation under the given values of its variables."""

    fragments: dict[str, FragmentDefinitionNode]
    variables: Variables

    def of(self, nodes: list[FieldNode]) -> dict[str, list[FieldNode]]:
        """Return the selected sub-fields of a field by response key; the nodes of one key belong together."""
        return self.merged(node.selection_set for node in nodes if node.selection_set)

    def merged(self, sets: Iterator[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """Return the selected fields of several selection sets by response key."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in sets:
            for node in self._fields(selection_set, seen):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
        return found

    def _fields(self, selection_set: SelectionSetNode, seen: set[str]) -> Iterator[FieldNode]:
        """Yield the fields in the order in which they are written. No type of the schema is abstract, so a fragment
        that validation let through applies."""
        for node in selection_set.selections:
            if not self._included(node):
                continue
            match node:
                case FieldNode():
                    yield node
                case InlineFragmentNode():
                    yield from self._fields(node.selection_set, seen)
                case FragmentSpreadNode() if node.name.value not in seen:
                    seen.add(node.name.value)
                    yield from self._fields(self.fragments[node.name.value].selection_set, seen)

    def _included(self, node: SelectionNode) -> bool:
        conditions = {directive.name.value: directive.arguments for directive in node.directives or ()}
        return not self._holds(conditions.get("skip"), False) and self._holds(conditions.get("include"), True)

    def _holds(self, arguments: tuple[ArgumentNode, ...] | None, absent: bool) -> bool:
        if not arguments:
            return absent
        condition = arguments[0].value
        if isinstance(condition, VariableNode):
            value = self.variables[condition.name.value]
            if value is None:
                raise BadInput(f"${condition.name.value}: null decides neither @skip nor @include. Give true or false.")
            return bool(value)
        return bool(condition.value)  # type: ignore[attr-defined]
