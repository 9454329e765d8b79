"""Runs an operation: parse, validate, measure, execute. What comes out is the answer's body."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    get_variable_values,
)

from registrations.graphql.context import Context
from registrations.graphql.documents import Document, Documents, InvalidDocument
from registrations.graphql.errors import BAD_USER_INPUT, TOO_EXPENSIVE, formatted
from registrations.graphql.limits import MAXIMUM_COST, excesses
from registrations.graphql.schema import GRAPHQL_SCHEMA

LONGEST_NAME = 100  # characters of an operation's name that logs and the like are told
GREATEST_COST = 10**9  # that is told: a document can ask for more than any number that JSON's readers have


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """What a client asks to be run: a document, which of its operations, with which values for its variables."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OperationRun:
    """Which operation of the document was asked for, and what it costs. A name has at most 100 characters here."""

    name: str | None
    type: str
    cost: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer. Where nothing was executed, it has no `data`."""

    body: dict[str, Any]
    operation: OperationRun | None = None

    @property
    def was_executed(self) -> bool:
        return "data" in self.body

    @property
    def error_codes(self) -> tuple[str, ...]:
        return tuple(error["extensions"]["code"] for error in self.body.get("errors", ()))


class OnlyQueriesAllowed(Exception):
    """The operation is not a query, and the request may only read."""


class Execution:
    """Runs operations; those that come again by plans, if they may be compiled."""

    def __init__(self, *, introspection: bool = True, compiled: bool = True) -> None:
        self._documents = Documents(introspection=introspection)
        self._hide_suggestions = not introspection
        self._compiled = compiled

    async def run(self, request: OperationRequest, context: Context, *, only_queries: bool = False) -> Answer:
        """Runs the operation. Raises `OnlyQueriesAllowed`; any other mistake is part of the answer."""
        try:
            document, is_known = self._documents.find(request.query)
        except InvalidDocument as invalid:
            return Answer({"errors": invalid.errors})
        operation = get_operation_ast(document.ast, request.operation_name)
        if operation is None:
            result = await self._execute(document, request, context)  # says which operation is missing, or not named
            return Answer({"errors": formatted(result.errors or [], BAD_USER_INPUT)})
        if only_queries and operation.operation is not OperationType.QUERY:
            raise OnlyQueriesAllowed
        demand = document.demand(operation, request.variables)
        cost = min(demand.cost, GREATEST_COST)
        extensions = {"cost": {"requested": cost, "allowed": MAXIMUM_COST}}
        name = operation.name.value[:LONGEST_NAME] if operation.name else None
        told = OperationRun(name, operation.operation.value, cost)
        if too_much := excesses(operation, demand):
            return Answer({"errors": formatted(too_much, TOO_EXPENSIVE), "extensions": extensions}, told)
        data, errors = await self._answer(document, operation, request, context, is_known=is_known)
        told_errors = {"errors": formatted(errors, BAD_USER_INPUT)} if errors else {}
        if data is None and not any(error.path for error in errors):
            return Answer({**told_errors, "extensions": extensions}, told)
        return Answer({"data": data, **told_errors, "extensions": extensions}, told)

    async def _answer(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        request: OperationRequest,
        context: Context,
        *,
        is_known: bool,
    ) -> tuple[dict[str, Any] | None, list[GraphQLError]]:
        if self._compiled and is_known and operation.operation is OperationType.QUERY:
            defined = operation.variable_definitions or ()
            variables = get_variable_values(GRAPHQL_SCHEMA, defined, request.variables, max_errors=1)
            if not isinstance(variables, list) and (plan := document.plan(operation, variables)):
                return await plan.run(context, variables)
        result = await self._execute(document, request, context)
        return result.data, result.errors or []

    async def _execute(self, document: Document, request: OperationRequest, context: Context) -> ExecutionResult:
        # Not Strawberry's own: that runs the first of several operations where none is named, which the specification
        # forbids, and keeps no parsed documents; graphql-core does what both of them do on this schema.
        result: ExecutionResult | Awaitable[ExecutionResult] = execute(
            GRAPHQL_SCHEMA,
            document.ast,
            context_value=context,
            variable_values=request.variables,
            operation_name=request.operation_name,
            hide_suggestions=self._hide_suggestions,
        )
        return await result if isawaitable(result) else result
