"""JSON made by PostgreSQL: the three constructs out of which every answer is built. For the planner only.

An object is `(select o$ from (select a as "x", b as "y") as o$)`: a row whose column names are the response keys, which
PostgreSQL writes as JSON faster than it calls `json_build_object`. Rows inside rows become objects inside objects.
The row bears a name that no response key can bear: PostgreSQL would take the column of that name for the row.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON, NullType

_ROW = "o$"
_NO_COLUMNS: ColumnElement[Any] = literal_column("")
"""What PostgreSQL allows between SELECT and FROM, and SQLAlchemy does not know."""


class Row(FunctionElement[Any]):
    """A row built from named expressions of the surrounding query; it reads no table of its own."""

    inherit_cache = False
    type = NullType()
    name = "row"

    def __init__(self, members: Mapping[str, ColumnElement[Any]]) -> None:
        self.keys = tuple(members)
        super().__init__(*members.values())


@compiles(Row)
def _compile_row(element: Row, compiler: SQLCompiler, **options: Any) -> str:
    options.pop("within_columns_clause", None)
    options.pop("add_to_result_map", None)
    quote = compiler.preparer.quote_identifier
    members = ", ".join(
        f"{compiler.process(clause, **options)} AS {quote(key)}"
        for key, clause in zip(element.keys, element.clauses, strict=True)
    )
    return f"(SELECT {_ROW} FROM (SELECT {members}) AS {_ROW})"  # noqa: S608 - made of compiled clauses and quoted keys


def labelled(members: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """Return the members as the columns of a select, which may be none: a row without columns is an empty object."""
    return [expression.label(key) for key, expression in members.items()] or [_NO_COLUMNS]


def one_object(rows: Select[Any]) -> ColumnElement[Any]:
    """Return the single row of a select as an object, or null. Two rows fail the statement."""
    inner = rows.subquery(_ROW)
    return select(inner.table_valued()).scalar_subquery()


def array(rows: Select[Any]) -> ColumnElement[Any]:
    """Return the rows of a select, in their order, as a JSON array of objects."""
    inner = rows.subquery(_ROW)
    return select(func.coalesce(func.json_agg(inner.table_valued()), literal_column("'[]'::json"))).scalar_subquery()


def as_json(row: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a row as JSON, null staying null."""
    return func.row_to_json(row, type_=JSON)


def text_literal(name: str) -> ColumnElement[str]:
    """Return a name of the schema as an SQL literal; names of the schema contain letters, digits and `_` only."""
    assert name.replace("_", "a").isalnum()
    return literal_column(f"'{name}'::text")
