"""Reading records: by id, and by page. Each call is one statement on a connection of its own.

What takes a viewer answers as if nothing else existed than what exists for them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from registrations.domain.access import Viewer
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
from registrations.storage.database import Database
from registrations.storage.filters import is_one_of, kinds_of
from registrations.storage.pages import (
    count_offerings,
    count_registrations,
    read_offerings,
    read_registrations,
    read_registrations_by_id,
)
from registrations.storage.rows import COURSES, OFFERINGS, USERS, Columns

Record = User | Course | Offering | Registration
R = TypeVar("R", User, Course, Offering)

KINDS: dict[str, type[Record]] = {kind.__name__: kind for kind in (User, Course, Offering, Registration)}


class Reads:
    """What can be read. Where there is no record of an id, an answer by ids has nothing; it never fails for that."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now_in_utc) -> None:
        self._database = database
        self._clock = clock

    async def kinds(self, viewer: Viewer, ids: Sequence[str]) -> dict[str, type[Record]]:
        """Which kind of record each id names."""
        rows = await self._database.fetch(kinds_of(ids, viewer.limit()))
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
        read = read_registrations_by_id(ids, viewer.registrations_seen(RegistrationFilter()), related)
        return read.pages(await self._database.fetch(read.statement))[None]

    async def registration_page(self, viewer: Viewer, query: RegistrationQuery) -> Page[Registration]:
        read = read_registrations(_seen(viewer, query))
        return read.pages(await self._database.fetch(read.statement))[None]

    async def registration_pages(
        self, viewer: Viewer, query: RegistrationQuery, parent: ParentField, parent_ids: Sequence[str]
    ) -> dict[str | None, Page[Registration]]:
        """The query's page of the registrations of each of these users, or into each of these offerings."""
        read = read_registrations(_seen(viewer, query), (parent, parent_ids))
        return read.pages(await self._database.fetch(read.statement))

    async def registration_count(self, viewer: Viewer, filter_: RegistrationFilter) -> int:
        [(_, count)] = await self._database.fetch(count_registrations(viewer.registrations_seen(filter_)))
        return int(count)

    async def registration_counts(
        self, viewer: Viewer, filter_: RegistrationFilter, parent: ParentField, parent_ids: Sequence[str]
    ) -> dict[str, int]:
        """How many registrations each of these users has, or each of these offerings; those with none are missing."""
        counting = count_registrations(viewer.registrations_seen(filter_), (parent, parent_ids))
        rows = await self._database.fetch(counting)
        return dict(map(tuple, rows))

    async def offering_page(
        self, viewer: Viewer, filter_: OfferingFilter, window: Window, *, with_course: bool
    ) -> Page[Offering]:
        read = read_offerings(viewer.offerings_seen(filter_), window, with_course, self._clock())
        return read.pages(await self._database.fetch(read.statement))[None]

    async def offering_count(self, viewer: Viewer, filter_: OfferingFilter) -> int:
        [(count,)] = await self._database.fetch(count_offerings(viewer.offerings_seen(filter_), self._clock()))
        return int(count)

    async def _by_id(self, columns: Columns[R], ids: Sequence[str]) -> dict[str, R]:
        rows = await self._database.fetch(columns.select().where(is_one_of(columns.source.c.id, ids)))
        return {record.id: record for record in columns.records(rows)}


def _seen(viewer: Viewer, query: RegistrationQuery) -> RegistrationQuery:
    return replace(query, filter=viewer.registrations_seen(query.filter))
