"""Introspection, which graphql-core executes: the fields `__schema` and `__type` of a query."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    execute_sync,
)

from registrations.graphql.plans.failures import Failure, PartlyFailed
from registrations.graphql.plans.nested import Run
from registrations.graphql.plans.selection import Fragments, Selected


@dataclass(frozen=True)
class IntrospectionField:
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


@dataclass(frozen=True)
class Introspection:
    """Plans the introspection fields of one operation, with the fragments and variables that they may use."""

    schema: GraphQLSchema
    fragments: Fragments
    variables: tuple[VariableDefinitionNode, ...]

    def field(self, selected: Selected) -> IntrospectionField:
        operation = OperationDefinitionNode(
            operation=OperationType.QUERY,
            variable_definitions=self.variables,
            selection_set=SelectionSetNode(selections=tuple(selected.nodes)),
        )
        document = DocumentNode(definitions=(operation, *self.fragments.values()))
        node = selected.nodes[0]
        return IntrospectionField((node.alias or node.name).value, self.schema, document)
