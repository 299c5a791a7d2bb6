"""From the text of a document to an operation that may be planned: parsed, within limits, valid in the schema."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    validate,
)

from domain.errors import LimitExceeded


class InvalidOperation(Exception):
    """A document or variables that the visible schema does not admit; the errors say where and why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """How large a document may be. Fragments count as often as they are spread."""

    tokens: int = 4_000
    depth: int = 15
    fields: int = 1_000
    root_fields: int = 10
    aliases: int = 100
    key: int = 63
    """Characters of a response key: PostgreSQL cuts longer column names."""
    repeats: int = 100
    """How often one response key may be written: validation compares every two fields of one key."""
    values: int = 20_000
    """Values in the variables."""
    objects: int = 1_000
    """Input objects in the variables."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document."""

    node: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document with its operations."""

    operations: tuple[Operation, ...]

    def operation(self, name: str | None) -> Operation:
        """Return the operation of this name, or the only one; raise `InvalidOperation` when it is not clear which."""
        if name is None and len(self.operations) == 1:
            return self.operations[0]
        for operation in self.operations:
            if operation.node.name and operation.node.name.value == name:
                return operation
        raise InvalidOperation([GraphQLError(_unclear(name, len(self.operations)))])


def _unclear(name: str | None, count: int) -> str:
    if name is None:
        return f"The document has {count} operations; say with operationName which one is meant."
    return f'The document has no operation named "{name}".'


def read_document(schema: GraphQLSchema, text: str, limits: DocumentLimits) -> Document:
    """Return the document; raise `InvalidOperation` or `LimitExceeded`."""
    try:
        node = parse(text, max_tokens=limits.tokens, no_location=False)
    except GraphQLSyntaxError as error:
        raise InvalidOperation([error]) from None
    fragments = {d.name.value: d for d in node.definitions if isinstance(d, FragmentDefinitionNode)}
    operations = tuple(Operation(d, fragments) for d in node.definitions if isinstance(d, OperationDefinitionNode))
    _check_sizes(operations, limits)
    errors = validate(schema, node, max_errors=50)
    if errors:
        raise InvalidOperation(errors)
    return Document(operations)


def check_variables(given: Mapping[str, Any], limits: DocumentLimits) -> None:
    """Raise `LimitExceeded` for variables that are too many, before anything is made of them."""
    values, objects = 0, 0
    unseen: list[Any] = [given]
    while unseen and values <= limits.values and objects <= limits.objects:
        container = unseen.pop()
        inner = container.values() if isinstance(container, Mapping) else container
        values += len(inner)
        objects += isinstance(container, Mapping)
        unseen += [value for value in inner if isinstance(value, dict | list)]
    _require("values in the variables", values, limits.values)
    _require("input objects in the variables", objects, limits.objects)


def _require(what: str, size: int, most: int) -> None:
    if size > most:
        raise LimitExceeded(f"At most {most} {what} are taken.", limit=most)


def _check_sizes(operations: tuple[Operation, ...], limits: DocumentLimits) -> None:
    for operation in operations:
        try:
            measured = _Measure(operation.fragments).of(operation.node.selection_set, frozenset())
            roots = _Measure(operation.fragments, only_here=True).of(operation.node.selection_set, frozenset())
        except RecursionError:
            raise LimitExceeded("The fragments spread each other too deeply.", limit=limits.depth) from None
        _require("levels of fields", measured.depth, limits.depth)
        _require("fields", measured.fields, limits.fields)
        _require("aliases", measured.aliases, limits.aliases)
        _require("characters of a response key", max(map(len, measured.keys), default=0), limits.key)
        _require("fields of one response key", max(measured.keys.values(), default=0), limits.repeats)
        _require("root fields", roots.fields, limits.root_fields)


@dataclass(frozen=True, slots=True)
class _Size:
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    """How often each response key is written."""


class _Measure:
    """Measures a selection with its fragments spread, visiting each fragment once however often it is spread."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode], *, only_here: bool = False) -> None:
        self._fragments = fragments
        self._only_here = only_here
        self._known: dict[str, _Size] = {}

    def of(self, selection_set: SelectionSetNode | None, spreading: frozenset[str]) -> _Size:
        parts = list(self._parts(selection_set, spreading)) if selection_set else []
        return _Size(
            max((part.depth for part in parts), default=0),
            sum(part.fields for part in parts),
            sum(part.aliases for part in parts),
            _sum(part.keys for part in parts),
        )

    def _parts(self, selection_set: SelectionSetNode, spreading: frozenset[str]) -> Iterator[_Size]:
        for node in selection_set.selections:
            match node:
                case FieldNode():
                    inner = _Size() if self._only_here else self.of(node.selection_set, spreading)
                    key = (node.alias or node.name).value
                    aliases = inner.aliases + (node.alias is not None)
                    yield _Size(inner.depth + 1, inner.fields + 1, aliases, inner.keys + Counter([key]))
                case InlineFragmentNode():
                    yield self.of(node.selection_set, spreading)
                case _:
                    assert isinstance(node, FragmentSpreadNode)
                    yield self._fragment(node.name.value, spreading)

    def _fragment(self, name: str, spreading: frozenset[str]) -> _Size:
        """Return the size of a fragment; one that spreads itself, which validation refuses, counts once."""
        if name in spreading or name not in self._fragments:
            return _Size()
        if name not in self._known:
            self._known[name] = self.of(self._fragments[name].selection_set, spreading | {name})
        return self._known[name]


def _sum(counters: Iterator[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total
