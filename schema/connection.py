"""Relay connections: a page of rows with opaque cursors. The planner knows these three shapes by name."""

from typing import Generic, TypeVar

import strawberry

Node = TypeVar("Node")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether another page follows.")
    has_previous_page: bool = strawberry.field(
        description="Whether this page follows another, that is, `after` was given."
    )
    start_cursor: str | None = strawberry.field(description="The cursor of the first row; empty on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last row, to be handed in as `after`.")


@strawberry.type(description="One row of a page.")
class Edge(Generic[Node]):
    """One row of a page with its cursor."""

    node: Node = strawberry.field(description="The row.")
    cursor: str = strawberry.field(
        description="The row's place in this order; opaque, valid for this order and client only."
    )


@strawberry.type(description="A page of rows.")
class Connection(Generic[Node]):
    """A page of rows in a stable order."""

    edges: list[Edge[Node]] = strawberry.field(description="The rows of the page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")
    total_count: int = strawberry.field(
        description="How many rows the filter selects within the caller's rows; counted only when asked for."
    )
