from collections.abc import Awaitable, Callable

import strawberry

from registrations.domain import records
from registrations.domain.listing import Position, Window
from registrations.domain.records import OfferingFilter
from registrations.graphql.cursors import BY_TITLE, write_cursor
from registrations.graphql.inputs import NOT_GIVEN, After, Before, First, Last, OfferingsFilter, read_window
from registrations.graphql.types.offering import Offering
from registrations.graphql.types.page_info import PageInfo
from registrations.service.old_reads import Page


@strawberry.type(description="An offering and its place in the list.")
class OfferingEdge:
    cursor: str = strawberry.field(description="Opaque; good for this list.")
    node: Offering = strawberry.field(description="The offering.")


@strawberry.type(description="A page of offerings (Relay Cursor Connections).")
class OfferingConnection:
    page: strawberry.Private[Page[records.Offering]]
    count: strawberry.Private[Callable[[], Awaitable[int | None]]]

    @strawberry.field(description="The page, each offering with its cursor.")
    def edges(self) -> list[OfferingEdge]:
        return [OfferingEdge(cursor=_cursor(record), node=Offering.of(record)) for record in self.page.records]

    @strawberry.field(description="The page without its cursors.")
    def nodes(self) -> list[Offering]:
        return [Offering.of(record) for record in self.page.records]

    @strawberry.field(description="Where the page lies in the list.")
    def page_info(self) -> PageInfo:
        return PageInfo.of(self.page, _cursor)

    @strawberry.field(description="How many match on all pages; counted only when selected.")
    async def total_count(self) -> int | None:
        return await self.count()


def _cursor(offering: records.Offering) -> str:
    return write_cursor(BY_TITLE, Position(offering.title, offering.id))


def offering_list(
    first: First = NOT_GIVEN,
    after: After = NOT_GIVEN,
    last: Last = NOT_GIVEN,
    before: Before = NOT_GIVEN,
    filter: OfferingsFilter = NOT_GIVEN,
) -> tuple[OfferingFilter, Window]:
    """What the arguments of a list ask for. Raises a client error where they are out of range."""
    window = read_window(BY_TITLE, first, after, last, before)
    return filter.to_filter() if filter else OfferingFilter(), window
