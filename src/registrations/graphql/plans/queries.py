"""Plans of queries: the root fields are read at once, and each completes its part of the answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from graphql import GraphQLSchema

from registrations.graphql.plans.failures import Failure
from registrations.graphql.plans.introspection import Introspection
from registrations.graphql.plans.nested import Run
from registrations.graphql.plans.root_fields import RootField, root_field
from registrations.graphql.plans.selection import INTROSPECTION, Selected, SelectionSet


@dataclass(frozen=True)
class QueryPlan:
    """A selection of the query's root: the fields that read something, and the answer without them."""

    fields: Mapping[str, tuple[Selected, RootField]]
    blank: Mapping[str, Any]
    failure: Failure | None

    @classmethod
    def planned(cls, selected: SelectionSet, schema: GraphQLSchema) -> Self:
        read = {key: field for key, field in selected.fields.items() if field.name != "__typename"}
        fields = {key: (field, _root_field(field, schema)) for key, field in read.items()}
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


def _root_field(selected: Selected, schema: GraphQLSchema) -> RootField:
    if selected.name in INTROSPECTION:
        return Introspection.planned(selected, schema)
    return root_field(selected)
