"""Runs an operation: parse, validate, measure, execute. What comes out is the answer's body."""

from collections.abc import Awaitable, Mapping
from inspect import isawaitable
from types import MappingProxyType
from typing import Any, NamedTuple

from graphql import ExecutionResult, GraphQLError, execute

from registrations.graphql.compiled.changing import NotChanged, failed_already
from registrations.graphql.context import Context
from registrations.graphql.documents import Document, Documents, InvalidDocument
from registrations.graphql.errors import BAD_USER_INPUT, formatted
from registrations.graphql.operations import Operation, OperationRun
from registrations.graphql.schema import GRAPHQL_SCHEMA


class OperationRequest(NamedTuple):
    """What a client asks to be run: a document, which of its operations, with which values for its variables."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = MappingProxyType({})


class Answer(NamedTuple):
    """The body of an answer. Where nothing was executed, it has no `data`."""

    body: dict[str, Any]
    operation: OperationRun | None = None

    @property
    def was_executed(self) -> bool:
        return "data" in self.body

    @property
    def error_codes(self) -> tuple[str, ...]:
        errors = self.body.get("errors")
        return tuple(error["extensions"]["code"] for error in errors) if errors else ()


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
        operation = document.operation(request.operation_name)
        if operation is None:
            result = await self._execute(document, request, context)  # says which operation is missing, or not named
            return Answer({"errors": formatted(result.errors or [], BAD_USER_INPUT)})
        if only_queries and not operation.is_query:
            raise OnlyQueriesAllowed
        run, extensions, too_much = operation.estimate(request.variables)
        if too_much:
            return Answer({"errors": too_much, "extensions": extensions}, run)
        data, errors = await self._answer(document, operation if is_known else None, request, context)
        if not errors:
            return Answer({"data": data, "extensions": extensions}, run)
        told = {"errors": formatted(errors, BAD_USER_INPUT), "extensions": extensions}
        if data is None and not any(error.path for error in errors):
            return Answer(told, run)
        return Answer({"data": data, **told}, run)

    async def _answer(
        self, document: Document, known: Operation | None, request: OperationRequest, context: Context
    ) -> tuple[dict[str, Any] | None, list[GraphQLError]]:
        if self._compiled and known:
            variables = known.variables(request.variables)
            if not isinstance(variables, list) and (plan := known.plan(variables)):
                try:
                    return await plan.run(context, variables)
                except NotChanged as failure:
                    context.service = failed_already(failure.__cause__)
        result = await self._execute(document, request, context)
        return result.data, result.errors or []

    async def _execute(self, document: Document, request: OperationRequest, context: Context) -> ExecutionResult:
        # Not Strawberry's own: that runs the first of several operations where none is named, which the specification
        # forbids, and keeps no parsed documents; graphql-core does what both of them do on this schema.
        result: ExecutionResult | Awaitable[ExecutionResult] = execute(
            GRAPHQL_SCHEMA,
            document.ast,
            context_value=context,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
            hide_suggestions=self._hide_suggestions,
        )
        return await result if isawaitable(result) else result
