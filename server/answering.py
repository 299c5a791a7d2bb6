"""From a grant and an operation to bytes: the one way to an answer. Used by the GraphQL endpoint and nothing else.

visible schema → plan → one statement → bytes. The statement itself checks that the grant still stands; when not,
there is no row, and `StaleGrant` tells the endpoint to ask for the grant anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.catalogue import Bundle
from domain.errors import Refusal
from domain.grant import Grant
from resolvers.cursor import CursorKey
from resolvers.database import Database
from resolvers.document import DocumentLimits, InvalidOperation
from resolvers.lru import Lru
from resolvers.plan import Planner, binding_of, execute
from schema.registry import full_schema
from schema.scopes import Needs, Sight, needs_of
from schema.viewer import Viewer, ViewerCoordinate, viewer_of
from schema.visible import Coordinates, visible_schema


class StaleGrant(Exception):
    """Client or agreement have changed since the grant was made."""


class AsksRegistry(Exception):
    """A request that may ask about the schema only asks the registry."""


class InsufficientScope(Refusal):
    """The operation uses coordinates that exist and that the grant does not give."""

    code = "INSUFFICIENT_SCOPE"

    def __init__(self, needs: Needs) -> None:
        super().__init__("The grant does not give all that the operation uses.")
        self.needs = needs


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    schema_only: bool = False
    """Whether it may ask about the schema only, and nothing of the registry."""


class Answering:
    """Answers operations under grants; keeps a planner for each set of bundles in use."""

    def __init__(self, database: Database, cursor_key: CursorKey, limits: DocumentLimits) -> None:
        self._database = database
        self._cursor_key = cursor_key
        self._limits = limits
        self._full = full_schema()
        self._coordinates = Coordinates.of(self._full)
        self._planners: Lru[frozenset[Bundle], Planner] = Lru(50)

    async def answer(self, grant: Grant, request: Request) -> bytes:
        """Return the response's `data` as JSON.

        Raises `StaleGrant`, `AsksRegistry`, `InvalidOperation`, or a `Refusal` (`InsufficientScope`, `BadInput`,
        `LimitExceeded`, `Unavailable`, `TimedOut`, `Ambiguous`).
        """
        planner = self._planner(grant.bundles)
        try:
            plan, variables = planner.plan(request.query, request.operation_name, request.variables, grant.rows)
        except InvalidOperation:
            self._raise_if_withheld(grant, planner, request)
            raise
        if request.schema_only and plan.reads_registry:
            raise AsksRegistry
        binding = binding_of(grant, variables, self._cursor_key)
        row = await self._database.fetch_one(plan.sql, plan.arguments(binding), by_value=plan.by_value)
        if row is None:
            raise StaleGrant
        executed = {}
        if plan.executed is not None:
            executed = execute(planner.schema, plan.executed, request.variables, lambda: self._viewer(grant, planner))
        return plan.render(row, executed, binding)

    def _planner(self, bundles: frozenset[Bundle]) -> Planner:
        planner = self._planners.get(bundles)
        if planner is None:
            planner = Planner(visible_schema(self._full, bundles), self._limits)
            self._planners.put(bundles, planner)
        return planner

    def _raise_if_withheld(self, grant: Grant, planner: Planner, request: Request) -> None:
        sight = Sight(grant.bundles, Coordinates.of(planner.schema).required)
        needs = needs_of(self._full, sight, request, self._limits)
        if needs is not None:
            raise InsufficientScope(needs)

    def _viewer(self, grant: Grant, planner: Planner) -> Viewer:
        visible = Coordinates.of(planner.schema).required
        return viewer_of(
            grant,
            [
                ViewerCoordinate(
                    coordinate=name, granted=name in visible, required_scopes=[b.value for b in sorted(needed)]
                )
                for name, needed in self._coordinates.required.items()
            ],
        )
