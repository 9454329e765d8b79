"""Plans of queries: the root fields are read at once, and each completes its part of the answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    execute_sync,
)

from registrations.graphql.plans.failures import Failure, PartlyFailed
from registrations.graphql.plans.nested import Run
from registrations.graphql.plans.root_fields import RootField, root_field
from registrations.graphql.plans.selection import INTROSPECTION, Fragments, Selected, SelectionSet


@dataclass(frozen=True)
class Operation:
    """What graphql-core needs of an operation to execute introspection."""

    schema: GraphQLSchema
    fragments: Fragments
    variables: tuple[VariableDefinitionNode, ...]

    def with_only(self, nodes: Sequence[FieldNode]) -> DocumentNode:
        """A document with an operation that selects these fields of the query's root."""
        operation = OperationDefinitionNode(
            operation=OperationType.QUERY,
            variable_definitions=self.variables,
            selection_set=SelectionSetNode(selections=tuple(nodes)),
        )
        return DocumentNode(definitions=(operation, *self.fragments.values()))


@dataclass(frozen=True)
class QueryPlan:
    """A selection of the query's root: the fields that read something, and the answer without them."""

    fields: Mapping[str, tuple[Selected, RootField]]
    blank: Mapping[str, Any]
    failure: Failure | None

    @classmethod
    def planned(cls, selected: SelectionSet, operation: Operation) -> Self:
        read = {key: field for key, field in selected.fields.items() if field.name != "__typename"}
        fields = {key: (field, _root_field(field, operation)) for key, field in read.items()}
        blank = {key: None if key in read else selected.type_name for key in selected.fields}
        return cls(fields, blank, selected.failure)

    async def answer(self, run: Run) -> Any:
        if self.failure:
            return self.failure
        if len(self.fields) == 1:  # as most queries have: a task would be in vain
            [(key, field)] = self.fields.items()
            return {**self.blank, key: await self._answer(*field, run)}
        answers = await asyncio.gather(*[self._answer(*field, run) for field in self.fields.values()])
        return {**self.blank, **dict(zip(self.fields, answers, strict=True))}

    async def _answer(self, selected: Selected, field: RootField, run: Run) -> Any:
        try:
            return await field.answer(run)
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            return run.fail(Failure.of(error, selected.nodes, selected.null_steps))


@dataclass(frozen=True)
class Introspection:
    """A field that graphql-core answers from the schema."""

    key: str
    schema: GraphQLSchema
    document: DocumentNode

    async def answer(self, run: Run) -> Any:
        given = {name: source.value for name, source in run.variables.sources.items() if name in run.variables.coerced}
        result = execute_sync(self.schema, self.document, variable_values=given)
        if not result.errors:
            return result.data and result.data[self.key]
        if result.data is None:
            raise result.errors[0]
        run.failures.append(Failure.of(result.errors[0], [], 0))
        return PartlyFailed(result.data[self.key], result.errors)


def _root_field(selected: Selected, operation: Operation) -> RootField:
    if selected.name in INTROSPECTION:
        key = (selected.nodes[0].alias or selected.nodes[0].name).value
        return Introspection(key, operation.schema, operation.with_only(selected.nodes))
    return root_field(selected)
