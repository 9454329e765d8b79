from collections.abc import Callable
from typing import Any, Self

import strawberry

from registrations.service.old_reads import Page

NOT_READ: Page[Any] = Page((), has_next=False, has_previous=False)
"""Stands for the page of a connection of which only `totalCount` is selected."""


@strawberry.type(description="Where a page lies.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there are more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there are more before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge; null on an empty page.")

    @classmethod
    def of(cls, page: Page[Any], cursor: Callable[[Any], str]) -> Self:
        return cls(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=cursor(page.records[0]) if page.records else None,
            end_cursor=cursor(page.records[-1]) if page.records else None,
        )
