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
from graphql.validation.rules import overlapping_fields_can_be_merged

from registrations.graphql.context import Context
from registrations.graphql.errors import (
    BAD_USER_INPUT,
    PARSE_FAILED,
    TOO_EXPENSIVE,
    VALIDATION_FAILED,
    formatted,
)
from registrations.graphql.limits import MAXIMUM_COST, excesses, measure
from registrations.graphql.schema import schema

# Strawberry's own `execute` runs the first of several operations where none is named, which the specification
# forbids, and keeps no parsed documents; graphql-core does what both of them do on this schema.
GRAPHQL_SCHEMA = schema._schema
DOCUMENTS_KEPT = 500

MAXIMUM_LENGTH = 15_000  # characters
MAXIMUM_TOKENS = 1_000
MAXIMUM_COMMENTS = 50
MAXIMUM_ERRORS = 5
# Of comparing fields of one name with each other, the only part of validation that grows faster than the document.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 50_000


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

    @property
    def codes(self) -> set[str]:
        """Those of its errors."""
        return {error["extensions"]["code"] for error in self.body.get("errors", ())}


class OnlyQueriesAllowed(Exception):
    """The operation is not a query, and the request may only read."""


async def run(request: OperationRequest, context: Context, *, only_queries: bool = False) -> Answer:
    """Runs the operation. Raises `OnlyQueriesAllowed`; any other mistake is part of the answer."""
    document = _checked(request.query)
    if isinstance(document, Answer):
        return document
    operation = get_operation_ast(document, request.operation_name)
    if operation is None:
        result = await _execute(document, request, context)  # says which operation is missing, or not named
        return Answer({"errors": formatted(result.errors or [], BAD_USER_INPUT)})
    if only_queries and operation.operation is not OperationType.QUERY:
        raise OnlyQueriesAllowed
    demand = measure(GRAPHQL_SCHEMA, document, operation, request.variables)
    extensions = {"cost": {"requested": demand.cost, "allowed": MAXIMUM_COST}}
    if errors := excesses(operation, demand):
        return Answer({"errors": formatted(errors, TOO_EXPENSIVE), "extensions": extensions})
    return _answer(await _execute(document, request, context), extensions)


@lru_cache(maxsize=DOCUMENTS_KEPT)
def _checked(query: str) -> DocumentNode | Answer:
    """The document, when it is one that the schema can answer; else the answer that says what is wrong with it."""
    try:
        document = parse(
            query,
            max_source_length=MAXIMUM_LENGTH,
            max_lexical_tokens=MAXIMUM_TOKENS,
            max_comments=MAXIMUM_COMMENTS,
        )
    except GraphQLError as error:
        return Answer({"errors": formatted([error], PARSE_FAILED)})
    errors = validate(GRAPHQL_SCHEMA, document, max_errors=MAXIMUM_ERRORS)
    return Answer({"errors": formatted(errors, VALIDATION_FAILED)}) if errors else document


async def _execute(document: DocumentNode, request: OperationRequest, context: Context) -> ExecutionResult:
    result: ExecutionResult | Awaitable[ExecutionResult] = execute(
        GRAPHQL_SCHEMA,
        document,
        context_value=context,
        variable_values=request.variables,
        operation_name=request.operation_name,
    )
    return await result if isawaitable(result) else result


def _answer(result: ExecutionResult, extensions: dict[str, Any]) -> Answer:
    errors = formatted(result.errors or [], BAD_USER_INPUT)
    if result.data is None and not any("path" in error for error in errors):
        return Answer({"errors": errors, "extensions": extensions})
    return Answer({"data": result.data, **({"errors": errors} if errors else {}), "extensions": extensions})
