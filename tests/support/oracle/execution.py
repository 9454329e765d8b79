"""Runs an operation over the world."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import DocumentNode, GraphQLError, execute_sync, parse

from tests.support.oracle.client_errors import BAD_USER_INPUT, formatted
from tests.support.oracle.resolvers import QUERY
from tests.support.oracle.schema import SCHEMA
from tests.support.oracle.world import Asking
from tests.support.own_introspection import use_own_introspection


def answer(asking: Asking, document: str, variables: Mapping[str, Any], operation_name: str | None) -> dict[str, Any]:
    """The answer to an operation of a valid document; mutations change the world."""
    use_own_introspection()
    result = execute_sync(
        SCHEMA, _parsed(document), QUERY, asking, variable_values=dict(variables), operation_name=operation_name
    )
    if not result.errors:
        return {"data": result.data}
    for error in result.errors:
        if error.path and not isinstance(error.original_error, GraphQLError | None):
            raise error.original_error  # a resolver here is wrong
    errors = formatted(result.errors, BAD_USER_INPUT)
    if result.data is None and not any(error.path for error in result.errors):
        return {"errors": errors}  # nothing was run
    return {"data": result.data, "errors": errors}


@lru_cache(1_000)
def _parsed(document: str) -> DocumentNode:
    return parse(document)
