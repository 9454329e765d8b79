from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import strawberry

from registrations.domain import records
from registrations.domain.listing import Order, Position
from registrations.domain.records import RegistrationFilter
from registrations.graphql.context import Info
from registrations.graphql.cursors import sorted_by, write_cursor
from registrations.graphql.inputs import (
    NEWEST_FIRST,
    NOT_GIVEN,
    After,
    Before,
    First,
    Last,
    OrderBy,
    RegistrationsFilter,
    given,
    read_window,
)
from registrations.graphql.selection import Selection, related_to_registration
from registrations.graphql.types.page_info import NOT_READ, PageInfo
from registrations.graphql.types.registration import Registration
from registrations.service.old_reads import Page, ParentField, RegistrationQuery


@strawberry.type(description="A registration and its place in the list.")
class RegistrationEdge:
    cursor: str = strawberry.field(description="Opaque; good for the same `orderBy`.")
    node: Registration = strawberry.field(description="The registration.")


@strawberry.type(description="A page of registrations (Relay Cursor Connections).")
class RegistrationConnection:
    page: strawberry.Private[Page[records.Registration]]
    order: strawberry.Private[Order]
    count: strawberry.Private[Callable[[], Awaitable[int | None]]]

    @strawberry.field(description="The page, each registration with its cursor.")
    def edges(self) -> list[RegistrationEdge]:
        return [
            RegistrationEdge(cursor=self._cursor(record), node=Registration.of(record)) for record in self.page.records
        ]

    @strawberry.field(description="The page without its cursors.")
    def nodes(self) -> list[Registration]:
        return [Registration.of(record) for record in self.page.records]

    @strawberry.field(description="Where the page lies in the list.")
    def page_info(self) -> PageInfo:
        return PageInfo.of(self.page, self._cursor)

    @strawberry.field(
        description=(
            "How many match on all pages; counted only when selected, null where counting would take too long."
        )
    )
    async def total_count(self) -> int | None:
        return await self.count()

    def _cursor(self, record: records.Registration) -> str:
        return write_cursor(sorted_by(self.order), Position(getattr(record, self.order.field), record.id))


def registration_list(
    first: First = NOT_GIVEN,
    after: After = NOT_GIVEN,
    last: Last = NOT_GIVEN,
    before: Before = NOT_GIVEN,
    filter: RegistrationsFilter = NOT_GIVEN,
    order_by: OrderBy = NEWEST_FIRST,
) -> RegistrationQuery:
    """What the arguments of a list ask for. Raises a client error where they are out of range."""
    order = (given(order_by) or NEWEST_FIRST).to_order()
    window = read_window(sorted_by(order), first, after, last, before)
    return RegistrationQuery(filter.to_filter() if filter else RegistrationFilter(), order, window)


def registrations_field(description: str, parent: ParentField | None = None) -> Any:
    """A field with the registrations of its type's records; without a parent field, with all."""

    async def registrations(
        root: strawberry.Parent[Any],
        info: Info,
        first: First = NOT_GIVEN,
        after: After = NOT_GIVEN,
        last: Last = NOT_GIVEN,
        before: Before = NOT_GIVEN,
        filter: RegistrationsFilter = NOT_GIVEN,
        order_by: OrderBy = NEWEST_FIRST,
    ) -> RegistrationConnection | None:
        selection = Selection(info._raw_info)
        related = related_to_registration(selection.below("nodes"), selection.below("edges").below("node"))
        query = replace(registration_list(first, after, last, before, filter, order_by), related=related)
        is_page_selected = selection.has_any("edges", "nodes", "pageInfo")
        of_parent = (parent, str(root.id)) if parent else None
        loaders = info.context.loaders
        return RegistrationConnection(
            page=await loaders.registration_page(query, of_parent) if is_page_selected else NOT_READ,
            order=query.order,
            count=lambda: loaders.registration_count(query, of_parent),
        )

    return strawberry.field(resolver=registrations, description=description)
