"""Plans of queries: what is read for them is completed by functions."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    located_error,
)
from graphql.execution.values import VariableValues

from registrations.graphql.compiled.arguments import Arguments, Convert
from registrations.graphql.compiled.bindings import Listing, One, Root
from registrations.graphql.compiled.code import Code, Complete
from registrations.graphql.compiled.plan import NotCompiled, Planner, Selected
from registrations.graphql.context import Context
from registrations.service.reads import Column, RowPage

NOT_READ = RowPage((), has_next=False, has_previous=False)


@dataclass(frozen=True)
class RootField:
    """A field of the operation, and the function that completes what is read for it."""

    nodes: list[FieldNode]
    arguments: Arguments
    root: Root
    complete: Complete
    columns: tuple[Column, ...]
    needs_page: bool
    counts: Mapping[str, list[FieldNode]]

    async def answer(self, key: str, context: Context, variables: VariableValues, errors: list[GraphQLError]) -> Any:
        arguments = self.arguments.values(variables)
        if isinstance(self.root, One):
            row = await self.root.read(context, self.columns, **arguments)
            return None if row is None else self.complete(row, context.signed_in)
        listing = self.root.open(context, **arguments)  # wrong arguments are told even to those who are not signed in
        viewer = context.signed_in
        page = await listing.page(self.columns) if self.needs_page else NOT_READ
        total = await self._count(key, listing, errors) if self.counts else None
        return self.complete(page, total, listing.cursor, viewer)

    async def _count(self, key: str, listing: Listing, errors: list[GraphQLError]) -> int | None:
        """A count may be null: without one, the rest of the answer stays."""
        try:
            return await listing.count()
        except Exception as error:  # as below
            errors += [located_error(error, nodes, [key, count]) for count, nodes in self.counts.items()]
            return None


@dataclass(frozen=True)
class Plan:
    """An operation. Its root fields may all be null, so an error in one leaves the others as they are."""

    fields: Mapping[str, RootField]

    async def run(self, context: Context, variables: VariableValues) -> tuple[dict[str, Any], list[GraphQLError]]:
        errors: list[GraphQLError] = []
        keys = list(self.fields)
        if len(keys) == 1:
            return {keys[0]: await self._answer(keys[0], context, variables, errors)}, errors
        answers = await asyncio.gather(*(self._answer(key, context, variables, errors) for key in keys))
        return dict(zip(keys, answers, strict=True)), errors

    async def _answer(self, key: str, context: Context, variables: VariableValues, errors: list[GraphQLError]) -> Any:
        field = self.fields[key]
        try:
            return await field.answer(key, context, variables, errors)
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            errors.append(located_error(error, field.nodes, [key]))
            return None


def compile_query(
    schema: GraphQLSchema,
    roots: Mapping[str, Root],
    convert: Convert,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> Plan | None:
    """The plan of a query for these values of the variables in `@skip` and `@include`; None where it has none."""
    assert schema.query_type is not None
    try:
        selected = Planner(schema, document, variables).plan(operation)
        if not selected or any(field.name not in roots for field in selected.values()):
            return None
        fields = {
            key: _root_field(field, schema.query_type.fields[field.name], roots[field.name], convert)
            for key, field in selected.items()
        }
    except NotCompiled:
        return None
    return Plan(fields)


def _root_field(selected: Selected, field: GraphQLField, root: Root, convert: Convert) -> RootField:
    arguments = Arguments(field, selected.nodes[0], convert)
    code = Code()
    if isinstance(root, One):
        complete = code.function("r, viewer", code.record(selected, root.fields))
        return RootField(selected.nodes, arguments, root, complete, code.columns, needs_page=False, counts={})
    complete = code.function("page, total, cursor, viewer", code.connection(selected, root.fields))
    asked = {below.name for below in selected.below.values()}
    return RootField(
        selected.nodes,
        arguments,
        root,
        complete,
        code.columns,
        needs_page=not asked.isdisjoint(("edges", "nodes", "pageInfo")),
        counts={key: below.nodes for key, below in selected.below.items() if below.name == "totalCount"},
    )
