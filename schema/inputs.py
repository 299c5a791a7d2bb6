"""Filters and orders, derived from the types: a field of a type is a field of its filter, under the same bundle.

`PersonFilter` has a field for every attribute of `Person`, `PersonOrder` for every attribute that is never empty; both
follow groups and relations. Nobody declares a filter by hand, so no filter can reach what its field may not.
"""

from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types.base import StrawberryList, StrawberryOptional, get_object_definition
from strawberry.types.field import StrawberryField

from domain.catalogue import Bundle, attribute_of
from resolvers.answer import ANSWER_KEY, Answer, Group, ToMany, ToOne, Value
from schema.codes import SortDirection
from schema.declare import requires
from schema.household import Household
from schema.person import Person
from schema.region import Region

_EQUAL = {"eq": "Equal to this value.", "in": "Equal to one of these values; an empty list is an error."}
_RANGE = {
    "gt": "Greater, or later, than this value.",
    "gte": "This value or greater, or later.",
    "lt": "Less, or earlier, than this value.",
    "lte": "This value or less, or earlier.",
}
_NULL = {"isNull": "True: not answered. False: answered."}

_OPERATORS: dict[Any, type] = {}
_FILTERS: dict[type, type] = {}
_ORDERS: dict[type, type] = {}
_LISTS: dict[type, type] = {}


def _input(cls: type, fields: dict[str, tuple[Any, Any]], description: str) -> type:
    """Turn the bare class `cls` into an input type in place, so that types may refer to each other."""
    cls.__annotations__ = {name: annotation | None for name, (annotation, _) in fields.items()}
    for name, (_, field) in fields.items():
        setattr(cls, name, field)
    return strawberry.input(cls, description=description)


def _optional(meaning: str, *, name: str | None = None, answer: Answer | None = None, directives: Any = ()) -> Any:
    metadata = {ANSWER_KEY: answer} if answer is not None else {}
    return strawberry.field(
        default=strawberry.UNSET, name=name, description=meaning, directives=directives, metadata=metadata
    )


def _operators(leaf: Any, name: str) -> type:
    """Return the operator object of a leaf type, such as `IntFilter`."""
    if leaf not in _OPERATORS:
        words = _EQUAL | (_RANGE if leaf in (int, float, date, datetime) else {}) | _NULL
        if leaf is bool:
            words.pop("in")
        fields = {
            _python(operator): (_operand(leaf, operator), _optional(meaning, name=operator))
            for operator, meaning in words.items()
        }
        _OPERATORS[leaf] = _input(type(name, (), {}), fields, "Conditions on a value; all that are given must hold.")
    return _OPERATORS[leaf]


def _python(operator: str) -> str:
    return {"in": "in_", "isNull": "is_null"}.get(operator, operator)


def _operand(leaf: Any, operator: str) -> Any:
    if operator == "isNull":
        return bool
    return list[leaf] if operator == "in" else leaf


def _leaf(field: StrawberryField) -> Any:
    """Return the Python type of a leaf field, without `| None`; none for lists, which have no operators."""
    type_ = field.type
    if isinstance(type_, StrawberryOptional):
        type_ = type_.of_type
    if isinstance(type_, StrawberryList):
        return None
    wrapped = getattr(type_, "wrapped_cls", type_)
    return wrapped if isinstance(wrapped, type) or wrapped is strawberry.ID else None


def _leaf_name(leaf: Any) -> str:
    special = {str: "String", int: "Int", float: "Float", bool: "Boolean", datetime: "DateTime", strawberry.ID: "ID"}
    return f"{special.get(leaf, leaf.__name__[:1].upper() + leaf.__name__[1:])}Filter"


def _target(field: StrawberryField) -> type:
    """Return the object type behind a field, through lists, options and lazy references."""
    type_: Any = field.type
    while isinstance(type_, StrawberryList | StrawberryOptional):
        type_ = type_.of_type
    resolved = type_.resolve_type() if hasattr(type_, "resolve_type") else type_
    assert isinstance(resolved, type)
    return resolved


def _fields(cls: type) -> list[tuple[StrawberryField, Answer]]:
    definition = get_object_definition(cls, strict=True)
    return [(field, field.metadata[ANSWER_KEY]) for field in definition.fields if ANSWER_KEY in field.metadata]


def filter_of(cls: type) -> type:
    """Return the filter derived from an object type."""
    if cls not in _FILTERS:
        _FILTERS[cls] = type(f"{cls.__name__}Filter", (), {})
        fields: dict[str, tuple[Any, Any]] = {}
        for field, answer in _fields(cls):
            derived = _filter_field(field, answer)
            if derived is not None:
                fields[field.python_name] = derived
        fields |= _special_filters(cls) | _combinations(_FILTERS[cls])
        _input(_FILTERS[cls], fields, f"Which {cls.__name__} rows are meant; all that is given must hold.")
    return _FILTERS[cls]


def _filter_field(field: StrawberryField, answer: Answer) -> tuple[Any, Any] | None:
    meaning, directives = field.description or "", field.directives
    match answer:
        case Value():
            leaf = _leaf(field)
            if leaf is None:
                return None
            return _operators(leaf, _leaf_name(leaf)), _optional(
                meaning, answer=answer, directives=_filter_directives(answer, directives)
            )
        case Group() | ToOne():
            return filter_of(_target(field)), _optional(meaning, answer=answer, directives=directives)
        case ToMany():
            return _list_filter(_target(field)), _optional(meaning, answer=answer, directives=directives)
        case _:
            return None


def _filter_directives(answer: Value, directives: Any) -> Any:
    """Filtering by an identity number is asking by it, which is a bundle of its own."""
    try:
        asked_by_number = attribute_of(answer.column).lookup
    except LookupError:
        return directives
    return requires(Bundle.LOOKUP_CNIC) if asked_by_number else directives


def _list_filter(cls: type) -> type:
    if cls not in _LISTS:
        _LISTS[cls] = type(f"{cls.__name__}ListFilter", (), {})
        inner = filter_of(cls)
        fields = {
            "some": (inner, _optional("At least one of the rows that the caller reaches satisfies this.")),
            "none": (inner, _optional("None of the rows that the caller reaches satisfies this.")),
        }
        _input(_LISTS[cls], fields, f"Conditions on a list of {cls.__name__} rows.")
    return _LISTS[cls]


def _special_filters(cls: type) -> dict[str, tuple[Any, Any]]:
    fields = {}
    for special, (annotation, meaning, *bundles) in getattr(cls, "special_filters", {}).items():
        field = _optional(meaning, name=special.value, answer=special, directives=requires(*bundles))
        fields[special.name.lower()] = (annotation, field)
    return fields


def _combinations(own: type) -> dict[str, tuple[Any, Any]]:
    return {
        "and_": (list[own], _optional("All of these hold.", name="and")),  # type: ignore[valid-type]
        "or_": (list[own], _optional("At least one of these holds.", name="or")),  # type: ignore[valid-type]
        "not_": (own, _optional("This does not hold, or is not known to hold.", name="not")),
    }


def order_of(cls: type) -> type:
    """Return the order derived from a type: every attribute that is never empty, through groups and relations."""
    if cls not in _ORDERS:
        _ORDERS[cls] = type(f"{cls.__name__}Order", (), {})
        fields = {}
        for field, answer in _fields(cls):
            if isinstance(answer, Value) and _orderable(field, answer):
                annotation: type = SortDirection
            elif isinstance(answer, Group | ToOne) and not isinstance(field.type, StrawberryOptional):
                annotation = order_of(_target(field))
                if not annotation.__annotations__:
                    continue
            else:
                continue
            directives = field.directives
            fields[field.python_name] = (
                annotation,
                _optional(field.description or "", answer=answer, directives=directives),
            )
        if fields:
            _input(_ORDERS[cls], fields, f"An order of {cls.__name__} rows: exactly one field an object.")
    return _ORDERS[cls]


def _orderable(field: StrawberryField, answer: Value) -> bool:
    return _leaf(field) is not None and (answer.order or answer.column).property.columns[0].nullable is False


PersonFilter = filter_of(Person)
HouseholdFilter = filter_of(Household)
RegionFilter = filter_of(Region)
PersonOrder = order_of(Person)
HouseholdOrder = order_of(Household)
RegionOrder = order_of(Region)

__all__ = [
    "HouseholdFilter",
    "HouseholdOrder",
    "PersonFilter",
    "PersonOrder",
    "RegionFilter",
    "RegionOrder",
]
