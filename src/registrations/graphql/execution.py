"""Runs an operation: parse, validate, execute. What comes out is the answer's body."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from functools import lru_cache
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    validate,
)

from registrations.graphql.context import Context
from registrations.graphql.errors import BAD_USER_INPUT, PARSE_FAILED, VALIDATION_FAILED, formatted
from registrations.graphql.schema import schema

# Strawberry's own `execute` runs the first of several operations where none is named, which the specification
# forbids, and keeps no parsed documents; graphql-core does what both of them do on this schema.
GRAPHQL_SCHEMA = schema._schema
DOCUMENTS_KEPT = 500
LONGEST_KEPT = 10_000  # characters: what real clients send again and again is shorter


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """What a client asks to be run: a document, which of its operations, with which values for its variables."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer. Where nothing was executed, it has no `data`."""

    body: dict[str, Any]

    @property
    def was_executed(self) -> bool:
        return "data" in self.body


class OnlyQueriesAllowed(Exception):
    """The operation is not a query, and the request may only read."""


async def run(request: OperationRequest, context: Context, *, only_queries: bool = False) -> Answer:
    """Runs the operation. Raises `OnlyQueriesAllowed`; any other mistake is part of the answer."""
    document = (_checked if len(request.query) <= LONGEST_KEPT else _check)(request.query)
    if isinstance(document, Answer):
        return document
    operation = get_operation_ast(document, request.operation_name)
    if only_queries and operation and operation.operation is not OperationType.QUERY:
        raise OnlyQueriesAllowed
    result = await _execute(document, request, context)
    errors = result.errors or []
    if result.data is None and all(error.path is None for error in errors):
        return Answer({"errors": formatted(errors, BAD_USER_INPUT)})
    return Answer({"data": result.data} | ({"errors": formatted(errors, BAD_USER_INPUT)} if errors else {}))


def _check(query: str) -> DocumentNode | Answer:
    """The document, when it is one that the schema can answer; else the answer that says what is wrong with it."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return Answer({"errors": formatted([error], PARSE_FAILED)})
    errors = validate(GRAPHQL_SCHEMA, document)
    return Answer({"errors": formatted(errors, VALIDATION_FAILED)}) if errors else document


_checked = lru_cache(maxsize=DOCUMENTS_KEPT)(_check)


async def _execute(document: DocumentNode, request: OperationRequest, context: Context) -> ExecutionResult:
    result: ExecutionResult | Awaitable[ExecutionResult] = execute(
        GRAPHQL_SCHEMA,
        document,
        context_value=context,
        variable_values=request.variables,
        operation_name=request.operation_name,
    )
    return await result if isawaitable(result) else result
