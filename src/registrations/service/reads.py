"""Reading records: by id, and by page. Each call is one statement on a connection of its own.

What takes a viewer answers as if nothing else existed than what exists for them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from registrations.domain.access import Viewer
from registrations.domain.ids import is_id
from registrations.domain.listing import (
    OfferingFilter,
    Page,
    ParentField,
    RegistrationFilter,
    RegistrationQuery,
    Related,
    Window,
)
from registrations.domain.records import Course, Offering, Registration, User
from registrations.service.registrations import now_in_utc
from registrations.storage.connections.database import Database
from registrations.storage.statements import lists
from registrations.storage.statements.columns import COURSES, OFFERINGS, REGISTRATIONS, USERS, Columns
from registrations.storage.statements.filters import NOTHING_ASKED, ids_of, offering_values, registration_values
from registrations.storage.statements.keyset import Stretch, window_values
from registrations.storage.statements.lists import HEADER, ID, RELATED, Column, Row, RowPage, all_columns, key_place
from registrations.storage.statements.lookups import read_by_id, read_kinds
from registrations.storage.statements.sql import Sql

__all__ = ["HEADER", "ID", "Column", "Reads", "Record", "Row", "RowPage"]

Record = User | Course | Offering | Registration
R = TypeVar("R", User, Course, Offering)

TABLES: dict[type[Record], Columns[Any]] = {
    columns.record_type: columns for columns in (USERS, COURSES, OFFERINGS, REGISTRATIONS)
}
KINDS = {kind.__name__: kind for kind in TABLES}


class Reads:
    """What can be read. Where there is no record of an id, an answer by ids has nothing; it never fails for that.

    Rows hold only the columns that are asked for; pages hold whole records, and those related to them.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = now_in_utc) -> None:
        self._database = database
        self._clock = clock

    async def kinds(self, viewer: Viewer, ids: Sequence[str]) -> dict[str, type[Record]]:
        """Which kind of record each id names."""
        limit = viewer.limit()
        values = {"ids": ids_of(ids), "limit": viewer.user_id}
        rows = await self._database.fetch(read_kinds(is_limited=limit is not None), values)
        return {id_: KINDS[kind] for kind, id_ in rows}

    async def users(self, ids: Sequence[str]) -> dict[str, User]:
        return await self._by_id(USERS, ids)

    async def courses(self, ids: Sequence[str]) -> dict[str, Course]:
        return await self._by_id(COURSES, ids)

    async def offerings(self, ids: Sequence[str]) -> dict[str, Offering]:
        return await self._by_id(OFFERINGS, ids)

    async def registrations(
        self, viewer: Viewer, ids: Sequence[str], related: frozenset[Related]
    ) -> Page[Registration]:
        """The registrations in no certain order, and what is related to them."""
        along = _along(related)
        values = registration_values(viewer.registrations_seen(NOTHING_ASKED))
        sql = lists.read_rows_by_id(REGISTRATIONS, _columns(REGISTRATIONS, along), frozenset(values))
        rows = await self._database.fetch(sql, {**values, "ids": ids_of(ids)})
        return lists.records(RowPage(rows, has_next=False, has_previous=False), REGISTRATIONS, along.values())

    async def registration_row(self, viewer: Viewer, id_: str, columns: tuple[Column, ...]) -> Row | None:
        """The registration as a row, if there is one."""
        if not is_id(id_):
            return None
        values = registration_values(viewer.registrations_seen(NOTHING_ASKED))
        sql = lists.read_rows_by_id(REGISTRATIONS, columns, frozenset(values), only_one=True)
        rows = await self._database.fetch(sql, {**values, "id": id_})
        return rows[0] if rows else None

    async def rows(
        self, viewer: Viewer, kind: type[Record], ids: Sequence[str], columns: tuple[Column, ...]
    ) -> Sequence[Row]:
        """The records of that kind as rows, in no certain order."""
        seen = ids_of([id_ for id_ in ids if viewer.sees_user(id_)] if kind is User else ids)
        if not seen:
            return ()
        limits = registration_values(viewer.registrations_seen(NOTHING_ASKED)) if kind is Registration else {}
        sql = lists.read_rows_by_id(TABLES[kind], columns, frozenset(limits), only_one=len(seen) == 1)
        return await self._database.fetch(sql, {**limits, "ids": seen, "id": seen[0]})

    async def registration_page(self, viewer: Viewer, query: RegistrationQuery) -> Page[Registration]:
        along = _along(query.related)
        page = await self.registration_rows(viewer, query, _columns(REGISTRATIONS, along))
        return lists.records(page, REGISTRATIONS, along.values())

    async def registration_rows(self, viewer: Viewer, query: RegistrationQuery, columns: tuple[Column, ...]) -> RowPage:
        """The query's page as rows."""
        shape, values = lists.registrations_shape(_seen(viewer, query), columns)
        rows = await self._database.fetch(lists.read_registrations(shape), values)
        return lists.page(rows, query.window, key_place(columns, query.order.field))

    async def registration_pages(
        self, viewer: Viewer, query: RegistrationQuery, parent: ParentField, parent_ids: Sequence[str]
    ) -> dict[str, Page[Registration]]:
        """The query's page of the registrations of each of these users, or into each of these offerings."""
        along = _along(query.related)
        columns = _columns(REGISTRATIONS, along)
        pages_of_rows = await self.registration_rows_of(viewer, query, parent, parent_ids, columns)
        return {
            parent_id: lists.records(page, REGISTRATIONS, along.values()) for parent_id, page in pages_of_rows.items()
        }

    async def registration_rows_of(
        self,
        viewer: Viewer,
        query: RegistrationQuery,
        parent: ParentField,
        parent_ids: Sequence[str],
        columns: tuple[Column, ...],
    ) -> dict[str, RowPage]:
        """The same pages as rows."""
        shape, values = lists.registrations_shape(_seen(viewer, query), columns, parent)
        rows = await self._database.fetch(lists.read_registrations(shape), {**values, "parents": parent_ids})
        return lists.pages_of_parents(rows, query.window, key_place(columns, query.order.field))

    async def registration_count(self, viewer: Viewer, filter_: RegistrationFilter) -> int | None:
        """How many there are; None where counting would take too long."""
        values = registration_values(viewer.registrations_seen(filter_))
        return await self._count(lists.count_registrations(frozenset(values)), values)

    async def registration_counts(
        self, viewer: Viewer, filter_: RegistrationFilter, parent: ParentField, parent_ids: Sequence[str]
    ) -> dict[str, int]:
        """How many registrations each of these users has, or each of these offerings; those with none are missing."""
        values = registration_values(viewer.registrations_seen(filter_))
        counting = lists.count_registrations(frozenset(values), parent)
        rows = await self._database.fetch(counting, {**values, "parents": parent_ids})
        return dict(map(tuple, rows))

    async def offering_page(
        self, viewer: Viewer, filter_: OfferingFilter, window: Window, *, with_course: bool
    ) -> Page[Offering]:
        along = _along(frozenset({Related.COURSE}) if with_course else frozenset())
        along.pop(Related.OFFERING, None)
        page = await self.offering_rows(viewer, filter_, window, _columns(OFFERINGS, along))
        return lists.records(page, OFFERINGS, along.values())

    async def offering_rows(
        self, viewer: Viewer, filter_: OfferingFilter, window: Window, columns: tuple[Column, ...]
    ) -> RowPage:
        """A page of the offerings as rows."""
        values = offering_values(viewer.offerings_seen(filter_), self._clock())
        sql = lists.read_offerings(frozenset(values), Stretch.of(window), columns)
        rows = await self._database.fetch(sql, {**values, **window_values(window)})
        return lists.page(rows, window, key_place(columns, "title"))

    async def offering_count(self, viewer: Viewer, filter_: OfferingFilter) -> int | None:
        """How many there are; None where counting would take too long."""
        values = offering_values(viewer.offerings_seen(filter_), self._clock())
        return await self._count(lists.count_offerings(frozenset(values)), values)

    async def _count(self, sql: Sql, values: Mapping[str, Any]) -> int | None:
        [(count,)] = await self._database.fetch(sql, values)
        return count if count <= lists.COUNTED else None

    async def _by_id(self, columns: Columns[R], ids: Sequence[str]) -> dict[str, R]:
        rows = await self._database.fetch(read_by_id(columns), {"ids": ids_of(ids)})
        return {record.id: record for record in columns.records(rows)}


def _seen(viewer: Viewer, query: RegistrationQuery) -> RegistrationQuery:
    seen = viewer.registrations_seen(query.filter)
    return query if seen is query.filter else replace(query, filter=seen)


def _along(related: frozenset[Related]) -> dict[Related, Columns[Any]]:
    """The columns of what is related; a registration has its course by its offering."""
    wanted = related | {Related.OFFERING} if Related.COURSE in related else related
    return {relation: columns for relation, columns in RELATED.items() if relation in wanted}


def _columns(listed: Columns[Any], along: Mapping[Related, Columns[Any]]) -> tuple[Column, ...]:
    """All columns of what is listed, then of each along."""
    parts = [all_columns(None, listed), *(all_columns(relation, columns) for relation, columns in along.items())]
    return tuple(column for part in parts for column in part)
