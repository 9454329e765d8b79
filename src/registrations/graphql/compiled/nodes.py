"""Plans of root fields with records of any kind: of which, is asked first; then those of each kind are read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import get_nullable_type, is_list_type
from graphql.execution.values import VariableValues

from registrations.graphql.compiled.arguments import Arguments, Convert
from registrations.graphql.compiled.bindings import Nodes
from registrations.graphql.compiled.failures import Failure
from registrations.graphql.compiled.levels import Records, Run, records, together
from registrations.graphql.compiled.plan import Selected
from registrations.graphql.context import Context


@dataclass(frozen=True)
class NodesField:
    arguments: Arguments
    root: Nodes
    is_list: bool
    types: Mapping[str, Records]

    async def answer(self, context: Context, variables: VariableValues, failures: list[Failure]) -> Any:
        ids = self.root.ids(**self.arguments.values(variables))
        found = await self._found(ids, Run(context, variables, failures)) if ids else {}
        answers = [found.get(id_) for id_ in ids]
        return answers if self.is_list else answers[0]

    async def _found(self, ids: Sequence[str], run: Run) -> dict[str, Any]:
        ids_of: dict[str, list[str]] = {}
        for id_, type_name in (await self.root.find(run.context, ids)).items():
            ids_of.setdefault(type_name, []).append(id_)
        kinds = await together([self.types[type_name].answers(of_type, run) for type_name, of_type in ids_of.items()])
        return {id_: answer for answers in kinds for id_, answer in answers.items()}


def nodes_field(selected: Selected, root: Nodes, convert: Convert) -> NodesField:
    return NodesField(
        Arguments(selected.definition, selected.nodes[0], convert),
        root,
        is_list_type(get_nullable_type(selected.definition.type)),
        {name: records(of_type, root.types[name], convert) for name, of_type in selected.of_types.items()},
    )
