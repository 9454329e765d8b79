"""Pages of lists: one SELECT for a page, or for the pages of many parents, with what is to be read along.

A page of the registrations of each of many users, or of many offerings, takes the window once for each::

    SELECT parent.id, page…, registered…, offerings…
    FROM unnest(ids) AS parent(id)
    LEFT JOIN LATERAL (the window's rows) AS page ON true
    LEFT JOIN users AS registered ON registered.id = page.user_id
    …
    ORDER BY page.created_date DESC, page.id DESC

A page of the whole list is the same with one nameless parent.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    true,
)

from registrations.domain.listing import (
    OfferingFilter,
    Page,
    ParentField,
    RegistrationFilter,
    RegistrationOrder,
    RegistrationQuery,
    Related,
    Window,
)
from registrations.domain.records import Course, Offering, Registration, User
from registrations.storage.filters import is_one_of, offering_conditions, registration_conditions
from registrations.storage.keyset import SortedList
from registrations.storage.rows import COURSES, OFFERINGS, REGISTRATIONS, USERS, Columns
from registrations.storage.tables import Id, folded

Listed = TypeVar("Listed", Registration, Offering)

Joins = Iterable[tuple[Columns[Any], ColumnElement[str]]]

HEADER = 3  # columns before a record's: its parent's id, whether there are rows before the page, and after it
PARENT_ID: ColumnElement[str] = literal_column("parent.id", Id)


@dataclass(frozen=True)
class PageRead(Generic[Listed]):
    """A SELECT of a page, or of a page for each parent, and the way back from its rows."""

    statement: Select[Any]
    window: Window
    listed: Columns[Listed]
    along: Sequence[Columns[Any]]

    def pages(self, rows: Sequence[Sequence[Any]]) -> dict[str | None, Page[Listed]]:
        """The page of each parent that has rows; of None for a whole list."""
        by_parent: dict[str | None, list[Sequence[Any]]] = {}
        for row in rows:
            by_parent.setdefault(row[0], []).append(row)
        return {parent_id: self._page(parents_rows) for parent_id, parents_rows in by_parent.items()}

    def _page(self, rows: list[Sequence[Any]]) -> Page[Listed]:
        _, rows_before, rows_after = rows[0][:HEADER]
        present = [row[HEADER:] for row in rows if row[HEADER] is not None]
        more = len(present) > self.window.limit
        present = present[: self.window.limit]
        if self.window.from_end:
            present.reverse()
        width = len(self.listed.all)
        return Page(
            records=tuple(self.listed.record(values[:width]) for values in present),
            has_next=rows_after or (more and not self.window.from_end),
            has_previous=rows_before or (more and self.window.from_end),
            related=tuple(record for values in present for record in self._read_along(values[width:])),
        )

    def _read_along(self, values: Sequence[Any]) -> Iterator[User | Offering | Course]:
        for columns in self.along:
            width = len(columns.all)
            if values[0] is not None:
                yield columns.record(values[:width])
            values = values[width:]


def read_registrations(
    query: RegistrationQuery, parent: tuple[ParentField, Sequence[str]] | None = None
) -> PageRead[Registration]:
    """The query's page; or, for a parent field and ids, a page of the registrations of each id."""
    of_parent = [] if parent is None else [REGISTRATIONS.source.c[parent[0]] == PARENT_ID]
    conditions = [*of_parent, *registration_conditions(query.filter)]
    in_order = SortedList(REGISTRATIONS.source, conditions, query.order.field, query.order.descending)
    parent_ids = None if parent is None else parent[1]
    return _read(REGISTRATIONS, in_order, query.window, parent_ids, lambda page: _along(page, query.related))


def read_registrations_by_id(
    ids: Sequence[str], filter_: RegistrationFilter, related: frozenset[Related]
) -> PageRead[Registration]:
    """Those of the registrations that there are, in no certain order."""
    order = RegistrationOrder()
    conditions = [is_one_of(REGISTRATIONS.source.c.id, ids), *registration_conditions(filter_)]
    named = SortedList(REGISTRATIONS.source, conditions, order.field, order.descending)
    return _read(REGISTRATIONS, named, Window(len(ids)), None, lambda page: _along(page, related))


def read_offerings(filter_: OfferingFilter, window: Window, with_course: bool, now: datetime) -> PageRead[Offering]:
    """A page of the offerings by title."""
    conditions = list(offering_conditions(filter_, now))
    by_title = SortedList(OFFERINGS.source, conditions, "title", descending=False, sort_key=folded)
    return _read(OFFERINGS, by_title, window, None, lambda page: [(COURSES, page.c.course_id)] if with_course else [])


def count_registrations(
    filter_: RegistrationFilter, parent: tuple[ParentField, Sequence[str]] | None = None
) -> Select[Any]:
    """A row of None and the count of a whole list; or a row of id and count for each parent that has registrations."""
    conditions = list(registration_conditions(filter_))
    if parent is None:
        none: ColumnElement[Any] = null()
        return select(none, func.count()).select_from(REGISTRATIONS.source).where(*conditions)
    field, ids = parent
    column = REGISTRATIONS.source.c[field]
    return select(column, func.count()).where(column.in_(ids), *conditions).group_by(column)


def count_offerings(filter_: OfferingFilter, now: datetime) -> Select[Any]:
    return select(func.count()).select_from(OFFERINGS.source).where(*offering_conditions(filter_, now))


def _along(page: FromClause, related: frozenset[Related]) -> Joins:
    if Related.USER in related:
        yield USERS.of(USERS.source.alias("registered")), page.c.user_id
    if Related.GRADER in related:
        yield USERS.of(USERS.source.alias("graders")), page.c.grader_id
    if related & {Related.OFFERING, Related.COURSE}:
        yield OFFERINGS, page.c.offering_id
    if Related.COURSE in related:
        yield COURSES, OFFERINGS.source.c.course_id


def _read(
    columns: Columns[Listed],
    in_order: SortedList,
    window: Window,
    parent_ids: Sequence[str] | None,
    joins: Callable[[FromClause], Joins],
) -> PageRead[Listed]:
    rows_before = in_order.reaches(window.after, after=False) if window.after else false()
    rows_after = in_order.reaches(window.before, after=True) if window.before else false()
    source, page, parent_id = _source(in_order.page(window), parent_ids)
    listed = columns.of(page)
    along: list[Columns[Any]] = []
    for joined, key in joins(page):
        source = source.outerjoin(joined.source, joined.source.c.id == key)
        along.append(joined)
    selected = [column for part in (listed, *along) for column in part.all]
    statement = select(parent_id, rows_before, rows_after, *selected).select_from(source)
    return PageRead(statement.order_by(*in_order.reading_order(page, window)), window, listed, along)


def _source(rows: Select[Any], parent_ids: Sequence[str] | None) -> tuple[FromClause, FromClause, ColumnElement[Any]]:
    """What to select from, the page in it, and the parent's id. The outer join keeps a row for an empty page too."""
    if parent_ids is None:
        here, page = select(literal_column("1")).subquery("here"), rows.subquery("page")
        return here.outerjoin(page, true()), page, null()
    parents = func.unnest(literal(list(parent_ids), ARRAY(Id))).table_valued("id").render_derived("parent")
    pages = rows.lateral("page")
    return parents.outerjoin(pages, true()), pages, PARENT_ID
