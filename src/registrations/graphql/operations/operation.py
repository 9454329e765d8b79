"""Operations of valid documents, and what was found out about them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, OperationType, get_variable_values
from graphql.execution.values import VariableValues

from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.errors import TOO_EXPENSIVE, formatted
from registrations.graphql.operations.limits import MAXIMUM_COST, excesses, measure, sizes_of, values_in
from registrations.graphql.operations.variables import Variables
from registrations.graphql.plans.planning import Plan, plan_operation
from registrations.graphql.plans.selection import INTROSPECTION, root_fields_of, switches_of

PLANS_KEPT = 50  # of an operation, for as many settings of its switches
ESTIMATES_KEPT = 50  # likewise, for as many sizes
LONGEST_NAME = 100  # characters of an operation's name in logs, metrics and traces
GREATEST_COST = 10**9  # that an answer shows: a document can ask for more than JSON's readers have numbers for
MAXIMUM_COERCION_ERRORS = 50  # as many as graphql-core reports by itself

CONTAINERS = (dict, list)
WITHOUT_TOKEN = {"__typename", *INTROSPECTION, "viewer"}
"""The root fields of queries for which nobody has to sign in."""


class PlanBudget:
    """How many more fields the plans that are kept of a document may have. A plan takes up to 1 KB for each."""

    def __init__(self, fields: int) -> None:
        self._fields = fields

    def takes(self, plan: Plan) -> bool:
        """Whether the plan may be kept; then it has been taken into account."""
        if plan.weight > self._fields:
            return False
        self._fields -= plan.weight
        return True


class OperationRun(NamedTuple):
    """Which operation of the document was asked for, and what it costs. A name has at most 100 characters here."""

    name: str | None
    type: str
    cost: int


class Estimate(NamedTuple):
    """An operation with its cost, the cost as answers show it, and the errors that it is refused with, if any."""

    run: OperationRun
    extensions: dict[str, Any]
    excesses: list[dict[str, Any]]


class Operation:
    def __init__(self, document: DocumentNode, ast: OperationDefinitionNode, budget: PlanBudget) -> None:
        """The budget is for the plans of all operations of the document."""
        self.is_query = ast.operation is OperationType.QUERY
        self._document = document
        self._ast = ast
        self._budget = budget
        self._names = [definition.variable.name.value for definition in ast.variable_definitions or ()]
        self._sizes = sizes_of(document)
        self._switches = switches_of(document)
        self._variables = Variables(GRAPHQL_SCHEMA, ast)
        self._estimates: dict[Any, Estimate] = {}
        self._plans: dict[Any, Plan] = {}

    @property
    def needs_token(self) -> bool:
        """Whether it selects anything for which one has to sign in."""
        return not root_fields_of(self._document, self._ast) <= WITHOUT_TOKEN

    def estimate(self, variables: Mapping[str, Any]) -> Estimate:
        """What the operation asks for with these variables, of which only sizes count."""
        # Of those that it does not define, there may be any number.
        values = [variables.get(name, ...) for name in self._names]
        key = (*[_size(variables.get(name, ...)) for name in self._sizes], *map(_length, values))
        if (estimate := self._estimates.get(key)) is None:
            estimate = self._estimate(variables)
            if len(self._estimates) >= ESTIMATES_KEPT:
                self._estimates.clear()
            self._estimates[key] = estimate
        return estimate

    def variables(self, inputs: Mapping[str, Any], *, hide_suggestions: bool) -> VariableValues | list[GraphQLError]:
        """The values of the operation's variables; or what is wrong with them."""
        coerced = self._variables.coerce(inputs)
        if coerced is not None:
            return coerced
        definitions = self._ast.variable_definitions or ()
        return get_variable_values(GRAPHQL_SCHEMA, definitions, dict(inputs), MAXIMUM_COERCION_ERRORS, hide_suggestions)

    def plan(self, variables: VariableValues) -> Plan:
        """How the operation is answered. It is kept where its document has room for it."""
        key = tuple([_switch(variables.coerced.get(name)) for name in self._switches])
        if (plan := self._plans.get(key)) is None:
            plan = plan_operation(GRAPHQL_SCHEMA, self._document, self._ast, variables)
            if len(self._plans) < PLANS_KEPT and self._budget.takes(plan):
                self._plans[key] = plan
        return plan

    def _estimate(self, variables: Mapping[str, Any]) -> Estimate:
        demand = measure(GRAPHQL_SCHEMA, self._document, self._ast, variables)
        cost = min(demand.cost, GREATEST_COST)
        extensions = {"cost": {"requested": cost, "allowed": MAXIMUM_COST}}
        name = self._ast.name.value[:LONGEST_NAME] if self._ast.name else None
        run = OperationRun(name, self._ast.operation.value, cost)
        return Estimate(run, extensions, formatted(excesses(self._ast, demand), TOO_EXPENSIVE))


def _size(value: Any) -> Any:
    if isinstance(value, list):
        return ("list", len(value))
    return value if isinstance(value, int | float | None) or value is ... else type(value)


def _length(value: Any) -> int | None:
    """How many values are given; None where the default counts."""
    if isinstance(value, CONTAINERS):
        return 1 + values_in(value)
    return None if value is ... else 0


def _switch(value: Any) -> bool | None:
    # In another operation of the document, a variable of that name may be anything.
    return value if isinstance(value, bool) else None
