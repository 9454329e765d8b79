"""From an operation of a valid document to its plan."""

from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues

from registrations.graphql.context import Context
from registrations.graphql.plans.failures import without_failures
from registrations.graphql.plans.mutations import MutationPlan
from registrations.graphql.plans.nested import Run
from registrations.graphql.plans.queries import QueryPlan
from registrations.graphql.plans.selection import Selector, fragments_of


@dataclass(frozen=True)
class Plan:
    """How an operation is answered. `weight` is how many fields it has, as a measure of the memory that it takes."""

    root: QueryPlan | MutationPlan
    may_fail: bool
    weight: int

    async def run(self, context: Context, variables: VariableValues) -> tuple[Any, list[GraphQLError]]:
        """The data of the answer, and its errors."""
        run = Run(context, variables, [])
        answer = await self.root.answer(run)
        return without_failures(answer) if run.failures or self.may_fail else (answer, [])


def plan_operation(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: VariableValues
) -> Plan:
    """The plan for these values of the variables in `@skip` and `@include`; others don't matter."""
    selector = Selector(schema, fragments_of(document), variables)
    selected = selector.select(operation)
    kind = MutationPlan if operation.operation is OperationType.MUTATION else QueryPlan
    return Plan(kind.planned(selected, schema), selector.has_failures, selector.weight)
