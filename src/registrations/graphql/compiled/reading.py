"""Plans of queries: what is read for them is completed by functions."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, is_non_null_type
from graphql.execution.values import VariableValues

from registrations.graphql.compiled.arguments import Convert
from registrations.graphql.compiled.bindings import Root
from registrations.graphql.compiled.failures import Failure, without_failures
from registrations.graphql.compiled.plan import NotCompiled, Planner, Room
from registrations.graphql.compiled.roots import RootField, root_field
from registrations.graphql.context import Context


@dataclass(frozen=True)
class Plan:
    """An operation: those fields of it that read something, their places in the document, and the rest of the answer.

    Where a required field is null, so is the whole answer.
    """

    fields: Mapping[str, RootField]
    nodes: Mapping[str, list[FieldNode]]
    blank: Mapping[str, Any]
    required: Collection[str]

    async def run(
        self, context: Context, variables: VariableValues
    ) -> tuple[dict[str, Any] | None, list[GraphQLError]]:
        failures: list[Failure] = []
        if len(self.fields) == 1:
            [key] = self.fields
            answer = {**self.blank, key: await self._answer(key, context, variables, failures)}
        else:
            answers = await asyncio.gather(*(self._answer(key, context, variables, failures) for key in self.fields))
            answer = {**self.blank, **dict(zip(self.fields, answers, strict=True))}
        return self._told(answer) if failures else (answer, [])

    async def _answer(self, key: str, context: Context, variables: VariableValues, failures: list[Failure]) -> Any:
        try:
            return await self.fields[key].answer(context, variables, failures)
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            failures.append(failure := Failure.of(error, self.nodes[key]))
            return failure

    def _told(self, answer: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[GraphQLError]]:
        told, errors = without_failures(answer)
        return None if any(told[key] is None for key in self.required) else told, errors


def compile_query(
    schema: GraphQLSchema,
    roots: Mapping[str, Root],
    convert: Convert,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    room: Room,
) -> Plan | None:
    """The plan of a query for these values of the variables in `@skip` and `@include`; None where it has none."""
    try:
        selected = Planner(schema, document, variables, room).plan(operation)
        read = {key: field for key, field in selected.items() if field.name != "__typename"}
        required = [key for key, field in read.items() if is_non_null_type(field.definition.type)]
        if not selected or (required and len(read) > 1):
            return None  # which errors an answer tells that is null as a whole, graphql-core knows
        fields = {key: root_field(field, roots.get(field.name), convert) for key, field in read.items()}
    except NotCompiled:
        return None
    assert schema.query_type is not None
    blank = {key: None if key in fields else schema.query_type.name for key in selected}
    return Plan(fields, {key: field.nodes for key, field in read.items()}, blank, required)
