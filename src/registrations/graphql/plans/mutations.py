"""Plans of mutations: one change after another, each completed from what it returns or is refused for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from graphql import GraphQLSchema

from registrations.domain.problems import Rejected
from registrations.graphql.plans.arguments import Arguments
from registrations.graphql.plans.failures import Failure
from registrations.graphql.plans.fields import Change
from registrations.graphql.plans.nested import Run
from registrations.graphql.plans.objects import ObjectType
from registrations.graphql.plans.selection import Selected, SelectionSet


@dataclass(frozen=True)
class ChangePlan:
    """A root field of a mutation."""

    selected: Selected
    arguments: Arguments
    change: Change
    success: ObjectType
    failure: ObjectType

    @classmethod
    def planned(cls, selected: Selected, schema: GraphQLSchema) -> Self:
        change: Change = selected.source
        success, failure = (
            ObjectType.planned(selected.sets[name], schema) for name in (change.success, change.failure)
        )
        return cls(selected, Arguments(selected), change, success, failure)

    async def answer(self, run: Run) -> Any:
        try:
            [answer] = await self._outcome(run)
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            return run.fail(Failure.of(error, self.selected.nodes, self.selected.null_steps))
        return answer

    async def _outcome(self, run: Run) -> Any:
        try:
            outcome = await self.change.run(run.context, **self.arguments.values(run.variables))
        except Rejected as rejected:
            run.context.field_errors += [problem.code for problem in rejected.problems]
            return await self.failure.answers([rejected], run)
        return await self.success.answers([outcome], run)


@dataclass(frozen=True)
class MutationPlan:
    changes: Mapping[str, ChangePlan | None]
    type_name: str
    failure: Failure | None

    @classmethod
    def planned(cls, selected: SelectionSet, schema: GraphQLSchema) -> Self:
        changes = {
            key: None if field.name == "__typename" else ChangePlan.planned(field, schema)
            for key, field in selected.fields.items()
        }
        return cls(changes, selected.type_name, selected.failure)

    async def answer(self, run: Run) -> Any:
        if self.failure:
            return self.failure
        return {key: await change.answer(run) if change else self.type_name for key, change in self.changes.items()}
