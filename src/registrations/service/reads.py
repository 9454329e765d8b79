"""Reading records: by page, by id, and how many there are. Each call is one statement.

What takes a viewer answers as if only those records existed that exist for the viewer. An id without a record is no
error: the answer lacks it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from registrations.domain.access import Filter, Viewer
from registrations.domain.listing import ListQuery
from registrations.domain.outage import TookTooLong
from registrations.domain.records import Record, Registration, User
from registrations.service.registrations import now_in_utc
from registrations.storage.connections.database import Database
from registrations.storage.connections.running import Rows
from registrations.storage.connections.searching import SearchTime
from registrations.storage.statements.filters import NOW, Values, ids_of
from registrations.storage.statements.lists import (
    MAXIMUM_COUNT,
    PARENTS,
    REGISTRATION_LIST,
    count_statement,
    page_statement,
)
from registrations.storage.statements.lookups import KINDS, kinds_statement, rows_statement
from registrations.storage.statements.pages import RowPage
from registrations.storage.statements.rows import HEADER, ID, Column, Row
from registrations.storage.statements.sql import Sql

MAXIMUM_CONNECTIONS = 3

__all__ = ["HEADER", "ID", "KINDS", "Column", "Reads", "Record", "Row", "RowPage"]


class Reads:
    """Reads rows for one operation: each has the id of its record, then the columns that were asked for.

    It uses at most `MAXIMUM_CONNECTIONS` at once, so that one client leaves some to others. Searches, which may have to
    look at any number of rows, run one after another, and for at most `search_seconds` in all.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = now_in_utc, search_seconds: float | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._connections = asyncio.Semaphore(MAXIMUM_CONNECTIONS)
        self._searching = asyncio.Lock()
        self._search_time = SearchTime(search_seconds) if search_seconds else None

    async def page(self, viewer: Viewer, query: ListQuery[Filter], columns: tuple[Column, ...]) -> RowPage:
        """The page that the query's window is. Raises `TookTooLong`."""
        statement, values = page_statement(_visible(viewer, query), columns)
        rows = await self._fetch(statement.sql, values, is_search=statement.is_search)
        return statement.page(rows, query.window)

    async def pages(
        self,
        viewer: Viewer,
        query: ListQuery[Filter],
        parent: str,
        parent_ids: Sequence[str],
        columns: tuple[Column, ...],
    ) -> Mapping[str, RowPage]:
        """The query's page of the records of each parent; `parent` is the field of the records with the parent's id.

        Raises `TookTooLong`.
        """
        statement, values = page_statement(_visible(viewer, query), columns, parent)
        rows = await self._fetch(statement.sql, values | {PARENTS: parent_ids}, is_search=statement.is_search)
        return statement.pages(rows, query.window)

    async def count(self, viewer: Viewer, query: ListQuery[Filter]) -> int | None:
        """How many records the whole list has; None where counting them would take too long."""
        statement, values = count_statement(viewer.visible(query.filter))
        try:
            [(count,)] = await self._fetch(statement.sql, values, is_search=statement.is_search)
        except TookTooLong:
            return None
        return count if count <= MAXIMUM_COUNT else None

    async def counts(
        self, viewer: Viewer, query: ListQuery[Filter], parent: str, parent_ids: Sequence[str]
    ) -> Mapping[str, int | None]:
        """How many records each parent has; a parent that has none is missing. None where counting takes too long."""
        statement, values = count_statement(viewer.visible(query.filter), parent)
        try:
            rows = await self._fetch(statement.sql, values | {PARENTS: parent_ids}, is_search=statement.is_search)
        except TookTooLong:
            return dict.fromkeys(parent_ids)
        return dict(map(tuple, rows))

    async def rows(
        self, viewer: Viewer, kind: type[Record], ids: Sequence[str], columns: tuple[Column, ...]
    ) -> Sequence[Row]:
        """The records of that kind with these ids, in no certain order."""
        visible = ids_of(ids)
        if kind is User:
            visible = [id_ for id_ in visible if viewer.may_see_user(id_)]
        if not visible:
            return ()
        filter_ = viewer.visible(REGISTRATION_LIST.everything) if kind is Registration else None
        sql, values = rows_statement(kind, visible, columns, filter_)
        return await self._fetch(sql, values)

    async def changed_rows(self, ids: Sequence[str], columns: tuple[Column, ...]) -> Sequence[Row]:
        """The registrations with these ids, even if they do not exist for the viewer, who just asked to change them."""
        sql, values = rows_statement(Registration, ids, columns)
        return await self._fetch(sql, values)

    async def kinds(self, viewer: Viewer, ids: Sequence[str]) -> dict[str, type[Record]]:
        """Which kind of record each id names."""
        only_of_user = viewer.only_user_id() is not None
        sql, values = kinds_statement(ids, viewer.user_id, only_of_user=only_of_user)
        return {id_: KINDS[kind] for kind, id_ in await self._fetch(sql, values)}

    async def _fetch(self, sql: Sql, values: Values, *, is_search: bool = False) -> Rows:
        values = {**values, NOW: self._clock()}
        if is_search and self._search_time:
            async with self._searching, self._connections:
                return await self._database.search(sql, values, self._search_time)
        async with self._connections:
            return await self._database.fetch(sql, values)


def _visible(viewer: Viewer, query: ListQuery[Filter]) -> ListQuery[Filter]:
    visible = viewer.visible(query.filter)
    return query if visible is query.filter else ListQuery(visible, query.order, query.window)
