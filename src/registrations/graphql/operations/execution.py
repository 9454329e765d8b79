"""Runs an operation: parse, validate, measure, plan, answer. What comes out is the answer's body."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from graphql import ExecutionResult, execute

from registrations.graphql.context import Context
from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.errors import BAD_USER_INPUT, UNAUTHENTICATED, formatted, unauthenticated
from registrations.graphql.operations.documents import Document, Documents, InvalidDocument
from registrations.graphql.operations.limits import MAXIMUM_COST_UNSIGNED
from registrations.graphql.operations.operation import OperationRun


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
    """Runs operations, each by its plan."""

    def __init__(self, *, introspection: bool = True) -> None:
        self._documents = Documents(introspection=introspection)
        self._hide_suggestions = not introspection

    async def run(self, request: OperationRequest, context: Context, *, only_queries: bool = False) -> Answer:
        """Runs the operation. Raises `OnlyQueriesAllowed`; any other mistake is part of the answer."""
        is_known = context.viewer is not None
        try:
            document = (self._documents.find if is_known else self._documents.find_unsigned)(request.query)
        except InvalidDocument as invalid:
            return Answer({"errors": invalid.errors})
        operation = document.operation(request.operation_name)
        if operation is None:
            return Answer({"errors": _no_operation(document, request.operation_name)})
        if only_queries and not operation.is_query:
            raise OnlyQueriesAllowed
        run, extensions, too_much = operation.estimate(request.variables)
        if not is_known and (operation.needs_token or run.cost > MAXIMUM_COST_UNSIGNED):
            return Answer({"errors": formatted([unauthenticated()], UNAUTHENTICATED)}, run)
        if too_much:
            return Answer({"errors": too_much, "extensions": extensions}, run)
        variables = operation.variables(request.variables, hide_suggestions=self._hide_suggestions)
        if isinstance(variables, list):
            return Answer({"errors": formatted(variables, BAD_USER_INPUT), "extensions": extensions}, run)
        data, errors = await operation.plan(variables).run(context, variables)
        if is_known:
            self._documents.keep(request.query, document)
        if not errors:
            return Answer({"data": data, "extensions": extensions}, run)
        refusal = {"errors": formatted(errors, BAD_USER_INPUT), "extensions": extensions}
        if data is None and not any(error.path for error in errors):
            return Answer(refusal, run)
        return Answer({"data": data, **refusal}, run)


def _no_operation(document: Document, name: str | None) -> list[dict[str, Any]]:
    """Which operation is missing, or that one has to be named, in graphql-core's words."""
    result = execute(GRAPHQL_SCHEMA, document.ast, operation_name=name)
    assert isinstance(result, ExecutionResult)
    return formatted(result.errors or [], BAD_USER_INPUT)
