"""What lies below rows: one statement reads it for all rows of a level, and a function completes it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, Protocol, Self, TypeVar

from graphql import FieldNode
from graphql.execution.values import VariableValues

from registrations.domain.access import Viewer
from registrations.domain.listing import ListQuery
from registrations.graphql.context import Context
from registrations.graphql.cursors import cursor_writer
from registrations.graphql.plans.arguments import Asked
from registrations.graphql.plans.code import Code, Complete
from registrations.graphql.plans.failures import Failure
from registrations.graphql.plans.fields import Connection, RecordById
from registrations.graphql.plans.selection import Selected, SelectionSet
from registrations.service.reads import ID, Column, Record, Row, RowPage

T = TypeVar("T")

NOT_READ = RowPage((), has_next=False, has_previous=False)

Answers = Mapping[str, Any]
"""What a field is answered, by the ids of the records that it is a field of."""


class Run(NamedTuple):
    """What is known of a run of a plan in all of its parts."""

    context: Context
    variables: VariableValues
    failures: list[Failure]

    @property
    def viewer(self) -> Viewer:
        return self.context.signed_in

    def fail(self, failure: Failure) -> Failure:
        self.failures.append(failure)
        return failure


class Level(Protocol):
    async def answers(self, ids: Sequence[str], run: Run) -> Answers: ...


@dataclass(frozen=True)
class NestedField:
    """A field of rows that another statement reads."""

    selected: Selected
    ids: Callable[[Iterable[Row], Viewer], list[str]]
    level: Level

    async def answers(self, rows: Iterable[Row], run: Run) -> Answers:
        ids = self.ids(rows, run.viewer)
        try:
            return await self.level.answers(ids, run) if ids else {}
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            failure = run.fail(Failure.of(error, self.selected.nodes, self.selected.null_steps))
            return dict.fromkeys(ids, failure)


async def nested_answers(fields: Sequence[NestedField], rows: Iterable[Row], run: Run) -> list[Answers]:
    return await together([field.answers(rows, run) for field in fields])


async def together(coroutines: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """What they all return. For a single one, a task would be in vain."""
    return await asyncio.gather(*coroutines) if len(coroutines) > 1 else [await only for only in coroutines]


@dataclass(frozen=True)
class Records:
    """Records of one kind, completed from rows."""

    complete: Complete
    columns: tuple[Column, ...]
    nested: tuple[NestedField, ...]

    @classmethod
    def planned(cls, selected: SelectionSet) -> Self:
        code = Code()
        complete = code.function("r, viewer, nested=()", code.record(selected))
        return cls(complete, code.columns, nested_fields(code))

    async def completed(self, rows: Sequence[Row], run: Run) -> list[Any]:
        """Their answers, in the order of the rows."""
        viewer = run.viewer
        if self.nested:
            nested = await nested_answers(self.nested, rows, run)
            return [self.complete(row, viewer, nested) for row in rows]
        return [self.complete(row, viewer) for row in rows]


@dataclass(frozen=True)
class RecordsById:
    """Those of the records with the ids that the viewer may see."""

    kind: type[Record]
    records: Records

    async def answers(self, ids: Sequence[str], run: Run) -> Answers:
        rows = await run.context.reads.rows(run.viewer, self.kind, ids, self.records.columns)
        answers = await self.records.completed(rows, run)
        return {row[ID]: answer for row, answer in zip(rows, answers, strict=True)}


@dataclass(frozen=True)
class ConnectionPlan:
    """What is read for a connection, and how it is completed."""

    query: Callable[[VariableValues], ListQuery[Any]]
    complete: Complete
    columns: tuple[Column, ...]
    needs_page: bool
    counts: Mapping[str, list[FieldNode]]
    nested: tuple[NestedField, ...]

    @classmethod
    def planned(cls, selected: Selected) -> Self:
        code = Code()
        complete = code.function("page, total, cursor, viewer, nested=()", code.page(selected.only_set))
        return cls(Asked(selected), complete, code.columns, code.needs_page, code.counts, nested_fields(code))


@dataclass(frozen=True)
class NestedConnection:
    """A connection of each of many records."""

    parent: str
    plan: ConnectionPlan

    async def answers(self, ids: Sequence[str], run: Run) -> Answers:
        plan, reads, viewer = self.plan, run.context.reads, run.viewer
        query, cursor = plan.query(run.variables), None
        pages: Mapping[str, RowPage] = dict.fromkeys(ids, NOT_READ)
        if plan.needs_page:
            pages, cursor = await reads.pages(viewer, query, self.parent, ids, plan.columns), cursor_writer(query.order)
        totals = await self._counts(query, ids, run) if plan.counts else {}
        rows = list(chain.from_iterable(page.rows for page in pages.values()))
        nested = await nested_answers(plan.nested, rows, run)
        return {id_: plan.complete(page, totals.get(id_, 0), cursor, viewer, nested) for id_, page in pages.items()}

    async def _counts(self, query: ListQuery[Any], ids: Sequence[str], run: Run) -> Answers:
        """A count may be null: without one, the rest of the answer stays."""
        try:
            return await run.context.reads.counts(run.viewer, query, self.parent, ids)
        except Exception as error:  # as above
            return dict.fromkeys(ids, run.fail(Failure(error, self.plan.counts, 0)))


def nested_fields(code: Code) -> tuple[NestedField, ...]:
    """Those that the function written by `code` expects."""
    return tuple(NestedField(field, ids, _level(field)) for field, ids in code.nested)


def _level(selected: Selected) -> Level:
    match selected.source:
        case Connection(_, str(parent)):
            return NestedConnection(parent, ConnectionPlan.planned(selected))
        case RecordById(kind):
            return RecordsById(kind, Records.planned(selected.only_set))
    raise TypeError(f"{selected.name} is not read below rows.")
