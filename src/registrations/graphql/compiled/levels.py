"""Levels of an answer: what one statement reads for all the records above it, and the function that completes it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, Protocol, Self, TypeVar

from graphql import FieldNode
from graphql.execution.values import VariableValues

from registrations.domain.access import Viewer
from registrations.graphql.compiled.arguments import Arguments, Convert
from registrations.graphql.compiled.bindings import ById, Listings, Many, OfEach
from registrations.graphql.compiled.code import Code, Complete
from registrations.graphql.compiled.failures import Failure
from registrations.graphql.compiled.plan import Selected
from registrations.graphql.context import Context
from registrations.service.reads import ID, Column, Row, RowPage

T = TypeVar("T")

NOT_READ = RowPage((), has_next=False, has_previous=False)

Answers = Mapping[str, Any]
"""What a field is answered, by the ids of the records that it is a field of."""


class Run(NamedTuple):
    """What is known of a run of a plan at all of its levels."""

    context: Context
    variables: VariableValues
    failures: list[Failure]


class Level(Protocol):
    async def answers(self, ids: Sequence[str], run: Run) -> Answers: ...


@dataclass(frozen=True)
class Below:
    """A field of a level's rows that takes the next level."""

    nodes: list[FieldNode]
    ids: Callable[[Iterable[Row], Viewer], list[str]]
    level: Level

    async def answers(self, rows: Iterable[Row], run: Run) -> Answers:
        ids = self.ids(rows, run.context.signed_in)
        try:
            return await self.level.answers(ids, run) if ids else {}
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            run.failures.append(failure := Failure.of(error, self.nodes))
            return dict.fromkeys(ids, failure)


async def answers_below(below: Iterable[Below], rows: Iterable[Row], run: Run) -> list[Answers]:
    return await together([field.answers(rows, run) for field in below])


async def together(coroutines: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """What they all return. For a single one, a task would be in vain."""
    return await asyncio.gather(*coroutines) if len(coroutines) > 1 else [await only for only in coroutines]


@dataclass(frozen=True)
class Records:
    """Records by their ids."""

    read: Callable[..., Any]
    complete: Complete
    columns: tuple[Column, ...]
    below: tuple[Below, ...]

    async def answers(self, ids: Sequence[str], run: Run) -> Answers:
        rows = await self.read(run.context, self.columns, ids)
        below = await answers_below(self.below, rows, run)
        return {row[ID]: self.complete(row, run.context.signed_in, below) for row in rows}


@dataclass(frozen=True)
class Connection:
    """What is read for a connection, and how it is completed."""

    arguments: Arguments
    open: Callable[..., Any]
    complete: Complete
    columns: tuple[Column, ...]
    needs_page: bool
    counts: Mapping[str, list[FieldNode]]
    below: tuple[Below, ...]

    @classmethod
    def compiled(cls, selected: Selected, binding: Many | OfEach, convert: Convert) -> Self:
        code = Code()
        asked = {field.name for field in selected.below.values()}
        return cls(
            Arguments(selected.definition, selected.nodes[0], convert),
            binding.open,
            code.function("page, total, cursor, viewer, below=()", code.connection(selected, binding.fields)),
            code.columns,
            needs_page=not asked.isdisjoint(("edges", "nodes", "pageInfo")),
            counts={key: field.nodes for key, field in selected.below.items() if field.name == "totalCount"},
            below=levels_below(code, convert),
        )


class ConnectionOfEach(Connection):
    """A connection of each of many records."""

    async def answers(self, ids: Sequence[str], run: Run) -> Answers:
        lists: Listings = self.open(run.context, **self.arguments.values(run.variables))
        pages = await lists.pages(ids, self.columns) if self.needs_page else dict.fromkeys(ids, NOT_READ)
        totals = await self._counts(lists, ids, run) if self.counts else {}
        rows = list(chain.from_iterable(page.rows for page in pages.values()))
        viewer, below = run.context.signed_in, await answers_below(self.below, rows, run)
        return {
            id_: self.complete(page, totals.get(id_, 0), lists.cursor, viewer, below) for id_, page in pages.items()
        }

    async def _counts(self, lists: Listings, ids: Sequence[str], run: Run) -> Answers:
        """A count may be null: without one, the rest of the answer stays."""
        try:
            return await lists.counts(ids)
        except Exception as error:  # as above
            run.failures.append(failure := Failure(error, self.counts))
            return dict.fromkeys(ids, failure)


def levels_below(code: Code, convert: Convert) -> tuple[Below, ...]:
    """Those below the level that the code completes."""
    return tuple(Below(field.nodes, ids, _level(field, binding, convert)) for field, binding, ids in code.deeper)


def records(selected: Selected, binding: ById, convert: Convert) -> Records:
    code = Code()
    complete = code.function("r, viewer, below", code.record(selected, binding.fields))
    return Records(binding.read, complete, code.columns, levels_below(code, convert))


def _level(selected: Selected, binding: ById | OfEach, convert: Convert) -> Level:
    if isinstance(binding, OfEach):
        return ConnectionOfEach.compiled(selected, binding, convert)
    return records(selected, binding, convert)
