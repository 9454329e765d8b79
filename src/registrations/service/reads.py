"""Reading records: by page, by id, and how many there are. Each call is one statement on a connection of its own.

What takes a viewer answers as if only those records existed that exist for the viewer. An id without a record is no
error: the answer lacks it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from registrations.domain.access import Filter, Viewer
from registrations.domain.listing import ListQuery
from registrations.domain.records import Record, Registration, User
from registrations.service.registrations import now_in_utc
from registrations.storage.connections.database import Database
from registrations.storage.statements.filters import NOW, ids_of
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

__all__ = ["HEADER", "ID", "KINDS", "Column", "Reads", "Record", "Row", "RowPage"]


class Reads:
    """Reads rows: each has the id of its record, then the columns that were asked for."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now_in_utc) -> None:
        self._database = database
        self._clock = clock

    async def page(self, viewer: Viewer, query: ListQuery[Filter], columns: tuple[Column, ...]) -> RowPage:
        """The page that the query's window is."""
        statement, values = page_statement(_visible(viewer, query), columns)
        rows = await self._database.fetch(statement.sql, {**values, NOW: self._clock()})
        return statement.page(rows, query.window)

    async def pages(
        self,
        viewer: Viewer,
        query: ListQuery[Filter],
        parent: str,
        parent_ids: Sequence[str],
        columns: tuple[Column, ...],
    ) -> Mapping[str, RowPage]:
        """The query's page of the records of each parent; `parent` is the field of the records with the parent's id."""
        statement, values = page_statement(_visible(viewer, query), columns, parent)
        values |= {PARENTS: parent_ids, NOW: self._clock()}
        return statement.pages(await self._database.fetch(statement.sql, values), query.window)

    async def count(self, viewer: Viewer, query: ListQuery[Filter]) -> int | None:
        """How many records the whole list has; None where counting them would take too long."""
        sql, values = count_statement(viewer.visible(query.filter))
        [(count,)] = await self._database.fetch(sql, {**values, NOW: self._clock()})
        return count if count <= MAXIMUM_COUNT else None

    async def counts(
        self, viewer: Viewer, query: ListQuery[Filter], parent: str, parent_ids: Sequence[str]
    ) -> Mapping[str, int]:
        """How many records each parent has; a parent that has none is missing."""
        sql, values = count_statement(viewer.visible(query.filter), parent)
        values |= {PARENTS: parent_ids, NOW: self._clock()}
        return dict(map(tuple, await self._database.fetch(sql, values)))

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
        return await self._database.fetch(sql, values)

    async def changed_rows(self, ids: Sequence[str], columns: tuple[Column, ...]) -> Sequence[Row]:
        """The registrations with these ids, even if they do not exist for the viewer, who just asked to change them."""
        sql, values = rows_statement(Registration, ids, columns)
        return await self._database.fetch(sql, values)

    async def kinds(self, viewer: Viewer, ids: Sequence[str]) -> dict[str, type[Record]]:
        """Which kind of record each id names."""
        only_of_user = viewer.only_user_id() is not None
        sql, values = kinds_statement(ids, viewer.user_id, only_of_user=only_of_user)
        return {id_: KINDS[kind] for kind, id_ in await self._database.fetch(sql, values)}


def _visible(viewer: Viewer, query: ListQuery[Filter]) -> ListQuery[Filter]:
    visible = viewer.visible(query.filter)
    return query if visible is query.filter else ListQuery(visible, query.order, query.window)
