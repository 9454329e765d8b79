"""Pages of lists, as Relay's specification of cursor connections has them; the same for all lists."""

from typing import Generic, TypeVar

import strawberry

from registrations.graphql.contract.sources import field_from
from registrations.graphql.plans.fields import (
    CURSOR,
    PageFact,
    PageItself,
    PageRows,
    RowCursor,
    RowItself,
    TotalCount,
)

T = TypeVar("T")


@strawberry.type(description="Where a page lies.")
class PageInfo:
    has_next_page: bool = field_from(PageFact("page.has_next"), "Whether there are more after this page.")
    has_previous_page: bool = field_from(PageFact("page.has_previous"), "Whether there are more before this page.")
    start_cursor: str | None = field_from(
        PageFact(f"({CURSOR.format(row='page.rows[0]')} if page.rows else None)"),
        "Cursor of the first edge; null on an empty page.",
    )
    end_cursor: str | None = field_from(
        PageFact(f"({CURSOR.format(row='page.rows[-1]')} if page.rows else None)"),
        "Cursor of the last edge; null on an empty page.",
    )


@strawberry.type(description="A record and its place in the list.")
class Edge(Generic[T]):
    cursor: str = field_from(RowCursor(), "Opaque; good for the same list with the same `orderBy`.")
    node: T = field_from(RowItself(), "The record.")


@strawberry.type(description="A page of a list (Relay Cursor Connections).")
class Connection(Generic[T]):
    edges: list[Edge[T]] = field_from(PageRows(), "The page, each record with its cursor.")
    nodes: list[T] = field_from(PageRows(), "The page without its cursors.")
    page_info: PageInfo = field_from(PageItself(), "Where the page lies in the list.")
    total_count: int | None = field_from(
        TotalCount(),
        "How many match on all pages; counted only when selected, null where counting would take too long.",
    )
