"""Plans of mutations with one field: the change is made, and where it succeeds the answer is completed from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues

from registrations.graphql.compiled.arguments import Arguments, Convert
from registrations.graphql.compiled.bindings import Change
from registrations.graphql.compiled.code import Code, Complete
from registrations.graphql.compiled.plan import NotCompiled, Planner, Room
from registrations.graphql.context import Context


class NotChanged(Exception):
    """The change failed with the cause, before anything was answered."""


@dataclass(frozen=True)
class ChangePlan:
    key: str
    arguments: Arguments
    change: Change
    complete: Complete

    async def run(self, context: Context, variables: VariableValues) -> tuple[dict[str, Any], list[GraphQLError]]:
        """Raises `NotChanged`, which `failed_already` lets graphql-core make an answer of."""
        try:
            record = await self.change.run(context, **self.arguments.values(variables))
        except Exception as error:
            raise NotChanged from error
        return {self.key: self.complete(record, context.signed_in)}, []


def compile_mutation(
    schema: GraphQLSchema,
    changes: Mapping[str, Change],
    convert: Convert,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    room: Room,
) -> ChangePlan | None:
    """The plan of a mutation for these values of the variables in `@skip` and `@include`; None where it has none."""
    assert schema.mutation_type is not None
    members = {name: change.success for name, change in changes.items()}
    try:
        selected = Planner(schema, document, variables, room, members).plan(operation)
        if len(selected) != 1:
            return None
        [(key, field)] = selected.items()
        if field.name not in changes:
            return None
        change, code = changes[field.name], Code(of_objects=True)
        complete = code.function("r, viewer", code.change(field, change.field, change.fields))
        arguments = Arguments(schema.mutation_type.fields[field.name], field.nodes[0], convert)
    except NotCompiled:
        return None
    return ChangePlan(key, arguments, change, complete)


def failed_already(error: BaseException | None) -> Any:
    """Stands for a service that refused a change: asked for it again, it refuses it again, without trying."""
    return _FailedAlready(error or AssertionError("it did not fail"))


class _FailedAlready:
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __getattr__(self, _name: str) -> Any:
        async def refuse(*_arguments: Any) -> None:
            raise self._error

        return refuse
