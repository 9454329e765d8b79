"""Plans of queries: what is read for them is completed by functions."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, is_non_null_type
from graphql.execution.values import VariableValues

from registrations.graphql.compiled.arguments import Convert
from registrations.graphql.compiled.bindings import Root
from registrations.graphql.compiled.failures import Failure, without_failures
from registrations.graphql.compiled.plan import NotCompiled, Planner, Selected
from registrations.graphql.compiled.roots import RootField, root_field
from registrations.graphql.context import Context


@dataclass(frozen=True)
class Plan:
    """An operation: what is selected, those fields of it that read something, and the answer before they do.

    Its size is how many fields it has in all.
    """

    selected: Mapping[str, Selected]
    fields: Mapping[str, RootField]
    blank: Mapping[str, Any]
    size: int

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
            failures.append(failure := Failure.of(error, self.selected[key].nodes))
            return failure

    def _told(self, answer: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[GraphQLError]]:
        told, errors = without_failures(answer)
        is_missing = any(told[key] is None and _is_required(field) for key, field in self.selected.items())
        return None if is_missing else told, errors


def compile_query(
    schema: GraphQLSchema,
    roots: Mapping[str, Root],
    convert: Convert,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> Plan | None:
    """The plan of a query for these values of the variables in `@skip` and `@include`; None where it has none."""
    try:
        planner = Planner(schema, document, variables)
        selected = planner.plan(operation)
        read = {key: field for key, field in selected.items() if field.name != "__typename"}
        if not selected or (len(read) > 1 and any(map(_is_required, read.values()))):
            return None  # which errors an answer tells that is null as a whole, graphql-core knows
        fields = {key: root_field(field, roots.get(field.name), convert) for key, field in read.items()}
    except NotCompiled:
        return None
    assert schema.query_type is not None
    blank = {key: None if key in fields else schema.query_type.name for key in selected}
    return Plan(selected, fields, blank, planner.size)


def _is_required(field: Selected) -> bool:
    return is_non_null_type(field.definition.type)
