"""Fields of a query: a record, a connection, records of any kind, the viewer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import get_nullable_type, is_list_type
from graphql.execution.values import VariableValues

from registrations.domain.listing import ListQuery
from registrations.graphql.cursors import cursor_writer
from registrations.graphql.plans.arguments import Asked
from registrations.graphql.plans.failures import Failure
from registrations.graphql.plans.fields import Connection, NodeFields, RecordField, ViewerField
from registrations.graphql.plans.nested import (
    NOT_READ,
    ConnectionPlan,
    Records,
    RecordsById,
    Run,
    nested_answers,
    together,
)
from registrations.graphql.plans.selection import Selected
from registrations.service.reads import KINDS, Record


class RootField(Protocol):
    async def answer(self, run: Run) -> Any: ...


@dataclass(frozen=True)
class RootRecord:
    """A record by its id, or null."""

    id: Callable[[VariableValues], str]
    kind: type[Record]
    records: Records

    async def answer(self, run: Run) -> Any:
        ids, viewer = (self.id(run.variables),), run.viewer
        rows = await run.context.reads.rows(viewer, self.kind, ids, self.records.columns)
        if rows and self.records.nested:
            return (await self.records.completed(rows, run))[0]
        return self.records.complete(rows[0], viewer) if rows else None


@dataclass(frozen=True)
class RootViewer:
    """Whoever is asking, or null where nobody is signed in."""

    records: Records

    async def answer(self, run: Run) -> Any:
        viewer = run.context.viewer
        return (await self.records.completed([(viewer.user_id,)], run))[0] if viewer else None


@dataclass(frozen=True)
class RootConnection:
    """A page of a whole list."""

    plan: ConnectionPlan

    async def answer(self, run: Run) -> Any:
        plan = self.plan
        query = plan.query(run.variables)
        viewer = run.viewer  # not before: wrong arguments are refused even to those who are not signed in
        page, cursor = NOT_READ, None
        if plan.needs_page:
            page, cursor = await run.context.reads.page(viewer, query, plan.columns), cursor_writer(query.order)
        total = await self._count(query, run) if plan.counts else None
        if plan.nested:
            nested = await nested_answers(plan.nested, page.rows, run)
            return plan.complete(page, total, cursor, viewer, nested)
        return plan.complete(page, total, cursor, viewer)

    async def _count(self, query: ListQuery[Any], run: Run) -> int | Failure | None:
        """A count may be null: without one, the rest of the answer stays."""
        try:
            return await run.context.reads.count(run.viewer, query)
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            return run.fail(Failure(error, self.plan.counts, 0))


@dataclass(frozen=True)
class RootNodes:
    """Records of any kind: their kinds are read first, then those of each kind at once."""

    ids: Callable[[VariableValues], Sequence[str]]
    is_list: bool
    kinds: Mapping[type[Record], RecordsById]

    async def answer(self, run: Run) -> Any:
        ids = self.ids(run.variables)
        found = await self._found(ids, run) if ids else {}
        answers = [found.get(id_) for id_ in ids]
        return answers if self.is_list else answers[0]

    async def _found(self, ids: Sequence[str], run: Run) -> dict[str, Any]:
        ids_of: dict[type[Record], list[str]] = {}
        for id_, kind in (await run.context.reads.kinds(run.viewer, ids)).items():
            ids_of.setdefault(kind, []).append(id_)
        answers = await together([self.kinds[kind].answers(of_kind, run) for kind, of_kind in ids_of.items()])
        return {id_: answer for of_kind in answers for id_, answer in of_kind.items()}


def root_field(selected: Selected) -> RootField:
    match selected.source:
        case Connection():
            return RootConnection(ConnectionPlan.planned(selected))
        case RecordField(kind):
            return RootRecord(Asked(selected), kind, Records.planned(selected.only_set))
        case NodeFields():
            return RootNodes(
                Asked(selected), is_list_type(get_nullable_type(selected.definition.type)), _kinds(selected)
            )
        case ViewerField():
            return RootViewer(Records.planned(selected.only_set))
    raise TypeError(f"{selected.name} is no field of a query.")


def _kinds(selected: Selected) -> dict[type[Record], RecordsById]:
    records = {KINDS[name]: Records.planned(of_type) for name, of_type in selected.sets.items()}
    return {kind: RecordsById(kind, of_kind) for kind, of_kind in records.items()}
