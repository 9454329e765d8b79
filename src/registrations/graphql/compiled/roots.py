"""Fields of a query: a record, a connection, or records of any kind."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from graphql.execution.values import VariableValues

from registrations.graphql.compiled.arguments import Arguments, Convert
from registrations.graphql.compiled.bindings import Listing, Many, Nodes, One, Root
from registrations.graphql.compiled.code import Code, Complete
from registrations.graphql.compiled.failures import Failure
from registrations.graphql.compiled.levels import NOT_READ, Below, Connection, Run, answers_below, levels_below
from registrations.graphql.compiled.nodes import nodes_field
from registrations.graphql.compiled.plan import NotCompiled, Selected
from registrations.graphql.context import Context
from registrations.service.reads import Column, Row


class RootField(Protocol):
    async def answer(self, context: Context, variables: VariableValues, failures: list[Failure]) -> Any: ...


@dataclass(frozen=True)
class RecordField:
    """A record, or null."""

    arguments: Arguments
    read: Callable[..., Awaitable[Row | None]]
    complete: Complete
    columns: tuple[Column, ...]
    below: tuple[Below, ...]

    async def answer(self, context: Context, variables: VariableValues, failures: list[Failure]) -> Any:
        row = await self.read(context, self.columns, **self.arguments.values(variables))
        if row is None:
            return None
        if self.below:
            below = await answers_below(self.below, [row], Run(context, variables, failures))
            return self.complete(row, context.signed_in, below)
        return self.complete(row, context.signed_in)


class ConnectionField(Connection):
    async def answer(self, context: Context, variables: VariableValues, failures: list[Failure]) -> Any:
        listing: Listing = self.open(context, **self.arguments.values(variables))
        viewer = context.signed_in  # not before: wrong arguments are told even to those who are not
        page = await listing.page(self.columns) if self.needs_page else NOT_READ
        total = await self._count(listing, failures) if self.counts else None
        if self.below:
            below = await answers_below(self.below, page.rows, Run(context, variables, failures))
            return self.complete(page, total, listing.cursor, viewer, below)
        return self.complete(page, total, listing.cursor, viewer)

    async def _count(self, listing: Listing, failures: list[Failure]) -> int | Failure | None:
        """A count may be null: without one, the rest of the answer stays."""
        try:
            return await listing.count()
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            failures.append(failure := Failure(error, self.counts))
            return failure


def root_field(selected: Selected, root: Root | None, convert: Convert) -> RootField:
    match root:
        case One():
            code = Code()
            complete = code.function("r, viewer, below=()", code.record(selected, root.fields))
            arguments = Arguments(selected.definition, selected.nodes[0], convert)
            return RecordField(arguments, root.read, complete, code.columns, levels_below(code, convert))
        case Many():
            return ConnectionField.compiled(selected, root, convert)
        case Nodes():
            return nodes_field(selected, root, convert)
    raise NotCompiled
