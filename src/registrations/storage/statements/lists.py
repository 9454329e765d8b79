"""Pages of lists: one SELECT for a page, or for the pages of many parents, with what is to be read along.

A page of the registrations of each of many users, or of many offerings, takes the window once for each::

    SELECT page…, registered…, offerings…, parent.id
    FROM unnest(ids) AS parent(id)
    LEFT JOIN LATERAL (the window's rows) AS page ON true
    LEFT JOIN users AS registered ON registered.id = page.user_id
    …
    ORDER BY page.created_date DESC, page.id DESC

A page of the whole list is the same without parents. The text depends on the shape of what is asked for and
is kept; a run gives the values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    true,
)

from registrations.domain.listing import Page, ParentField, RegistrationOrder, RegistrationQuery, Related, Window
from registrations.domain.records import Course, Offering, Registration, User
from registrations.storage.statements.columns import COURSES, OFFERINGS, REGISTRATIONS, USERS, Columns
from registrations.storage.statements.filters import (
    offering_conditions,
    registration_conditions,
    registration_values,
)
from registrations.storage.statements.keyset import SortedList, Stretch, window_values
from registrations.storage.statements.sql import Sql, written
from registrations.storage.tables import Id, folded

Listed = TypeVar("Listed", Registration, Offering)
Row = Sequence[Any]
Values = Mapping[str, Any]

SHAPES_KEPT = 1_000
COUNTED = 1_000_000  # so many are counted within a tenth of a second; who has more gets no count
PARENT_ID: ColumnElement[str] = literal_column("parent.id", Id)


class Column(NamedTuple):
    """A column of the listed records or, with `of`, of what is read along with each."""

    name: str
    of: Related | None = None


# What stands before the columns of a row. After them comes the sort key, unless it is one of them, and then what is
# known of the page as a whole, where it is asked.
ID, HEADER = range(2)


@dataclass(frozen=True, slots=True)
class RowPage:
    """The rows of a window in list order, each of the id and the columns asked for; are there more?

    `key` is the place of the sort key in a row.
    """

    rows: Sequence[Row]
    has_next: bool
    has_previous: bool
    key: int = ID


def all_columns(of: Related | None, columns: Columns[Any]) -> tuple[Column, ...]:
    return tuple(Column(name, of) for name in columns.names)


class Shape(NamedTuple):
    """All of a page of registrations that its SELECT depends on."""

    conditions: frozenset[str]
    stretch: Stretch
    order: RegistrationOrder
    columns: tuple[Column, ...]
    parent: ParentField | None = None


def registrations_shape(
    query: RegistrationQuery, columns: tuple[Column, ...], parent: ParentField | None = None
) -> tuple[Shape, dict[str, Any]]:
    """The shape of the query's page, and the values to run it with; of a page for each parent, `parents` is missing."""
    values = registration_values(query.filter)
    shape = Shape(frozenset(values), Stretch.of(query.window), query.order, columns, parent)
    return shape, values | window_values(query.window)


@lru_cache(SHAPES_KEPT)
def read_registrations(shape: Shape) -> Sql:
    of_parent = [REGISTRATIONS.source.c[shape.parent] == PARENT_ID] if shape.parent else []
    conditions = [*of_parent, *registration_conditions(shape.conditions)]
    in_order = SortedList(REGISTRATIONS.source, conditions, shape.order.field, shape.order.descending)
    return written(_page(in_order, shape.stretch, shape.columns, of_parents=shape.parent is not None))


@lru_cache(SHAPES_KEPT)
def read_rows_by_id(
    listed: Columns[Any],
    columns: tuple[Column, ...],
    conditions: frozenset[str] = frozenset(),
    *,
    only_one: bool = False,
) -> Sql:
    """Those of the records `ids`, or the `id` if any, in no certain order; conditions are those of registrations."""
    table = listed.source
    id_, ids = bindparam("id", type_=Id), bindparam("ids", type_=ARRAY(Id))
    by_id = table.c.id == (id_ if only_one else any_(ids))  # which asyncpg writes in half the time
    source, selected = _joined(table, table, columns)
    return written(select(table.c.id, *selected).select_from(source).where(by_id, *registration_conditions(conditions)))


@lru_cache(SHAPES_KEPT)
def read_offerings(conditions: frozenset[str], stretch: Stretch, columns: tuple[Column, ...]) -> Sql:
    """A page of the offerings by title."""
    in_order = SortedList(OFFERINGS.source, offering_conditions(conditions), "title", descending=False, sort_key=folded)
    return written(_page(in_order, stretch, columns, of_parents=False))


@lru_cache(SHAPES_KEPT)
def count_registrations(conditions: frozenset[str], parent: ParentField | None = None) -> Sql:
    """The count of a whole list, at most `COUNTED` + 1; or a row of id and count for each of `parents` that has any."""
    counted = registration_conditions(conditions)
    if parent is None:
        return written(_count(REGISTRATIONS.source, counted))
    column = REGISTRATIONS.source.c[parent]
    of_parents = column == any_(bindparam("parents", type_=ARRAY(Id)))
    return written(select(column, func.count()).where(of_parents, *counted).group_by(column))


@lru_cache(SHAPES_KEPT)
def count_offerings(conditions: frozenset[str]) -> Sql:
    return written(_count(OFFERINGS.source, offering_conditions(conditions)))


def _count(listed: FromClause, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    enough = literal_column(str(COUNTED + 1), Integer)
    return select(func.count()).select_from(select(listed.c.id).where(*conditions).limit(enough).subquery("counted"))


def key_place(columns: tuple[Column, ...], key: str) -> int:
    """Where in a row the sort key is. Reading it twice would cost a quarter of a row, as instants do."""
    column = Column(key)
    return HEADER + (columns.index(column) if column in columns else len(columns))


def page(rows: Sequence[Row], window: Window, key: int) -> RowPage:
    """The page that the rows are of, with the sort key at that place."""
    if not rows:
        return RowPage((), has_next=False, has_previous=False)
    # From the end of a row: whether there are rows after the page, and before it, each if the window has that bound.
    last = rows[0]
    rows_after = window.before is not None and last[-1]
    rows_before = window.after is not None and last[-1 if window.before is None else -2]
    present = rows if last[ID] is not None else ()
    more = len(present) > window.limit
    present = present[: window.limit]
    if window.from_end:
        present = present[::-1]
    return RowPage(
        present,
        has_next=rows_after or (more and not window.from_end),
        has_previous=rows_before or (more and window.from_end),
        key=key,
    )


def pages_of_parents(rows: Iterable[Row], window: Window, key: int) -> dict[str, RowPage]:
    """The page of each parent, whose id ends its rows."""
    by_parent: dict[str, list[Row]] = {}
    for *row, parent_id in rows:
        by_parent.setdefault(parent_id, []).append(row)
    return {parent_id: page(parents_rows, window, key) for parent_id, parents_rows in by_parent.items()}


def records(page: RowPage, listed: Columns[Listed], along: Iterable[Columns[Any]]) -> Page[Listed]:
    """The page as records, from rows with all columns of what is listed and then of each read along."""
    parts = tuple(along)
    end = HEADER + len(listed.names)
    width = end + sum(len(columns.names) for columns in parts)
    return Page(
        records=tuple(listed.record(row[HEADER:end]) for row in page.rows),
        has_next=page.has_next,
        has_previous=page.has_previous,
        related=tuple(record for row in page.rows for record in _read_along(row[end:width], parts)),
    )


def _read_along(values: Row, parts: Iterable[Columns[Any]]) -> Iterator[User | Offering | Course]:
    for columns in parts:
        width = len(columns.names)
        if values[0] is not None:
            yield columns.record(values[:width])
        values = values[width:]


RELATED: dict[Related, Columns[Any]] = {
    Related.USER: USERS.of(USERS.source.alias("registered")),
    Related.GRADER: USERS.of(USERS.source.alias("graders")),
    Related.OFFERING: OFFERINGS,
    Related.COURSE: COURSES,
}


def _page(in_order: SortedList, stretch: Stretch, columns: tuple[Column, ...], *, of_parents: bool) -> Select[Any]:
    whole: list[ColumnElement[Any]] = []
    if stretch.after:
        whole.append(in_order.reaches(stretch.after, after=False))
    if stretch.before:
        whole.append(in_order.reaches(stretch.before, after=True))
    outer, page = _source(in_order.page(stretch), of_parents=of_parents, needs_row=bool(whole))
    source, selected = _joined(outer, page, columns)
    key = [] if Column(in_order.key) in columns else [page.c[in_order.key]]
    parent_id = [PARENT_ID] if of_parents else []
    statement = select(page.c.id, *selected, *key, *whole, *parent_id).select_from(source)
    return statement.order_by(*in_order.reading_order(page, stretch))


def _joined(
    outer: FromClause, listed: FromClause, columns: tuple[Column, ...]
) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """What to select from, with what is read along joined to it, and the columns in it."""
    related = {column.of for column in columns}
    if Related.COURSE in related and "offering_id" in listed.c:
        related.add(Related.OFFERING)  # by which a registration has its course
    sources: dict[Related | None, FromClause] = {None: listed}
    for relation, key in _keys(listed):
        if relation in related:
            sources[relation] = joined = RELATED[relation].source
            outer = outer.outerjoin(joined, joined.c.id == key)
    return outer, [sources[column.of].c[column.name] for column in columns]


def _keys(listed: FromClause) -> Iterator[tuple[Related, ColumnElement[str]]]:
    """By which ids other records are joined, an offering before its course."""
    if "course_id" in listed.c:
        yield Related.COURSE, listed.c.course_id
    elif "offering_id" in listed.c:
        yield Related.USER, listed.c.user_id
        yield Related.GRADER, listed.c.grader_id
        yield Related.OFFERING, listed.c.offering_id
        yield Related.COURSE, OFFERINGS.source.c.course_id


def _source(rows: Select[Any], *, of_parents: bool, needs_row: bool) -> tuple[FromClause, FromClause]:
    """What to select from, and the page in it. An outer join keeps a row for an empty page, where one is needed."""
    if of_parents:
        ids = bindparam("parents", type_=ARRAY(Id))
        parents = func.unnest(ids).table_valued("id").render_derived("parent")
        page: FromClause = rows.lateral("page")
        return parents.outerjoin(page, true()), page
    page = rows.subquery("page")
    if not needs_row:
        return page, page
    return select(literal_column("1")).subquery("here").outerjoin(page, true()), page
