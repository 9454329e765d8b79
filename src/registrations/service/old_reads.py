"""Whole records and pages of records, for the resolvers that execute what has no plan. Goes with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Generic, Literal, TypeVar

from registrations.domain.access import Viewer
from registrations.domain.listing import ListQuery, Order, Related, Window
from registrations.domain.records import (
    Course,
    Offering,
    OfferingFilter,
    OfferingOrderField,
    Registration,
    RegistrationFilter,
    User,
)
from registrations.storage.connections.database import Database
from registrations.storage.statements.columns import COURSES, OFFERINGS, REGISTRATIONS, USERS, Columns
from registrations.storage.statements.filters import NOW, ids_of
from registrations.storage.statements.lists import PARENTS, REGISTRATION_LIST, page_statement
from registrations.storage.statements.lookups import rows_statement
from registrations.storage.statements.pages import RowPage
from registrations.storage.statements.rows import HEADER, Column, Row

Listed = TypeVar("Listed", Offering, Registration)
R = TypeVar("R", User, Course, Offering)

ParentField = Literal["user_id", "offering_id"]

RELATED: dict[Related, Columns[Any]] = {
    Related.USER: USERS,
    Related.GRADER: USERS,
    Related.OFFERING: OFFERINGS,
    Related.COURSE: COURSES,
}


@dataclass(frozen=True, slots=True)
class Page(Generic[Listed]):
    """The records of a window in list order, whether there are more on either side, and what was read along."""

    records: tuple[Listed, ...]
    has_next: bool
    has_previous: bool
    related: tuple[User | Offering | Course, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistrationQuery(ListQuery[RegistrationFilter]):
    """A page of registrations, and what is to be read along with each."""

    related: frozenset[Related] = frozenset()


class OldReads:
    _database: Database
    _clock: Callable[[], datetime]

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
        filter_ = viewer.visible(REGISTRATION_LIST.everything)
        sql, values = rows_statement(Registration, ids_of(ids), _columns(REGISTRATIONS, related), filter_)
        rows = await self._database.fetch(sql, values)
        return _records(RowPage(rows, has_next=False, has_previous=False), REGISTRATIONS, related)

    async def registration_page(self, viewer: Viewer, query: RegistrationQuery) -> Page[Registration]:
        return await self._page(_visible(viewer, query), REGISTRATIONS, query.related)

    async def registration_pages(
        self, viewer: Viewer, query: RegistrationQuery, parent: ParentField, parent_ids: Sequence[str]
    ) -> dict[str, Page[Registration]]:
        """The query's page of the registrations of each of these users, or into each of these offerings."""
        columns = _columns(REGISTRATIONS, query.related)
        statement, values = page_statement(_visible(viewer, query), columns, parent)
        rows = await self._database.fetch(statement.sql, {**values, PARENTS: parent_ids, NOW: self._clock()})
        pages = statement.pages(rows, query.window)
        return {id_: _records(page, REGISTRATIONS, query.related) for id_, page in pages.items()}

    async def offering_page(
        self, viewer: Viewer, filter_: OfferingFilter, window: Window, *, with_course: bool
    ) -> Page[Offering]:
        order = Order(OfferingOrderField.TITLE, descending=False)
        related = frozenset({Related.COURSE} if with_course else ())
        return await self._page(ListQuery(viewer.visible(filter_), order, window), OFFERINGS, related)

    async def _page(self, query: ListQuery[Any], listed: Columns[Listed], related: frozenset[Related]) -> Page[Listed]:
        statement, values = page_statement(query, _columns(listed, related))
        rows = await self._database.fetch(statement.sql, {**values, NOW: self._clock()})
        return _records(statement.page(rows, query.window), listed, related)

    async def _by_id(self, columns: Columns[R], ids: Sequence[str]) -> dict[str, R]:
        sql, values = rows_statement(columns.record_type, ids_of(ids), _columns(columns, frozenset()))
        records = columns.records([row[HEADER:] for row in await self._database.fetch(sql, values)])
        return {record.id: record for record in records}


def _visible(viewer: Viewer, query: RegistrationQuery) -> ListQuery[RegistrationFilter]:
    return ListQuery(viewer.visible(query.filter), query.order, query.window)


def _columns(listed: Columns[Any], related: frozenset[Related]) -> tuple[Column, ...]:
    """All columns of what is listed, then of each related record."""
    along = (Column(name, relation) for relation in RELATED if relation in related for name in RELATED[relation].names)
    return (*map(Column, listed.names), *along)


def _records(page: RowPage, listed: Columns[Listed], related: frozenset[Related]) -> Page[Listed]:
    end = HEADER + len(listed.names)
    return Page(
        records=tuple(listed.record(row[HEADER:end]) for row in page.rows),
        has_next=page.has_next,
        has_previous=page.has_previous,
        related=tuple(chain.from_iterable(_related(row[end:], related) for row in page.rows)),
    )


def _related(values: Row, related: frozenset[Related]) -> Any:
    for relation, columns in RELATED.items():
        if relation in related:
            width = len(columns.names)
            if values[0] is not None:
                yield columns.record(values[:width])
            values = values[width:]
