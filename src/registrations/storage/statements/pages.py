"""Pages, from the rows of their statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from registrations.domain.listing import Window
from registrations.storage.statements.rows import ID, Row
from registrations.storage.statements.sql import Sql


@dataclass(frozen=True, slots=True)
class RowPage:
    """The rows of a window in list order, and whether the list has more on either side.

    `key` is the index of the sort key in a row.
    """

    rows: Sequence[Row]
    has_next: bool
    has_previous: bool
    key: int = ID


@dataclass(frozen=True, slots=True)
class PageStatement:
    """The SELECT of a page, or of the pages of many parents, and the indices of values in its rows.

    `is_search` tells that PostgreSQL may have to look at any number of rows to find those of the page.

    A row has `has_rows_before` where the window starts after a position: whether the list has rows at that position or
    before it. It has `has_rows_after` where the window ends before a position, and `parent_id` where there are parents.
    """

    sql: Sql
    is_search: bool
    key: int
    has_rows_before: int | None = None
    has_rows_after: int | None = None
    parent_id: int | None = None

    def page(self, rows: Sequence[Row], window: Window) -> RowPage:
        """The page that the rows make up. An empty page may have one row, which lacks the id."""
        if not rows:
            return RowPage((), has_next=False, has_previous=False)
        nearest = rows[0]
        is_before = self.has_rows_before is not None and nearest[self.has_rows_before]
        is_after = self.has_rows_after is not None and nearest[self.has_rows_after]
        present = rows if nearest[ID] is not None else ()
        has_more = len(present) > window.limit
        present = present[: window.limit]
        if window.from_end:
            return RowPage(present[::-1], has_next=is_after, has_previous=is_before or has_more, key=self.key)
        return RowPage(present, has_next=is_after or has_more, has_previous=is_before, key=self.key)

    def pages(self, rows: Sequence[Row], window: Window) -> dict[str, RowPage]:
        """The page of each parent, by the parent's id."""
        assert self.parent_id is not None
        by_parent: dict[str, list[Row]] = {}
        for row in rows:
            by_parent.setdefault(row[self.parent_id], []).append(row)
        return {parent_id: self.page(of_parent, window) for parent_id, of_parent in by_parent.items()}
