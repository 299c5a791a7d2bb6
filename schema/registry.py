"""The full schema of the registry, from which every visible schema is cut."""

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.declare import RequiresScopes
from schema.query import Query

SCHEMA = strawberry.Schema(
    query=Query, config=StrawberryConfig(auto_camel_case=True), schema_directives=[RequiresScopes]
)


def full_schema() -> GraphQLSchema:
    """Return the full schema as graphql-core sees it."""
    return SCHEMA._schema
