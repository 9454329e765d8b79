"""Lists of records: the SELECT of a page, of a page for each of many parents, and of counts.

To read a page of the registrations of each of many users, or offerings, the SELECT takes the window once for each::

    SELECT page…, registered…, offerings…, parent.id
    FROM unnest(ids) AS parent(id)
    LEFT JOIN LATERAL (the window's rows) AS page ON true
    LEFT JOIN users AS registered ON registered.id = page.user_id
    …
    ORDER BY page.created_date DESC, page.id DESC

A page of the whole list is the same without parents. The text of a statement depends only on the shape of the query
and is cached by it; each run gives the values.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple

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

from registrations.domain.listing import F, ListQuery, Order
from registrations.domain.records import OfferingFilter, OfferingOrderField, RegistrationFilter
from registrations.storage.statements.columns import OFFERINGS, REGISTRATIONS, Columns
from registrations.storage.statements.filters import Condition, Values, conditions_of, filter_fields, values_of
from registrations.storage.statements.keyset import SortedList, SortKey, WindowShape, as_it_is, window_values
from registrations.storage.statements.pages import PageStatement
from registrations.storage.statements.rows import HEADER, Column, joined
from registrations.storage.statements.sql import Sql, compile_statement
from registrations.storage.tables import Id, folded

SHAPES_KEPT = 1_000
MAXIMUM_COUNT = 1_000_000  # PostgreSQL counts so many within a tenth of a second; a longer list gets no count
PARENTS = "parents"  # the name of the value that holds the ids of all parents
PARENT_ID: ColumnElement[str] = literal_column("parent.id", Id)


class RecordList(Generic[F]):
    """All records of a table, as a list to be filtered and sorted.

    An order field sorts by the column of its name; where that has a sort key, by what the sort key makes of it.
    `owner` is a column of which each value is that of few records.
    """

    def __init__(
        self,
        columns: Columns[Any],
        filter_type: type[F],
        sort_keys: Mapping[str, SortKey] | None = None,
        owner: str | None = None,
    ) -> None:
        self.columns = columns
        self._owner = owner
        self.filter_type = filter_type
        self.everything = filter_type()
        self._filter_fields = filter_fields(columns, filter_type)
        self._sort_keys = sort_keys or {}

    def values(self, filter_: F) -> Values:
        """The values of the filter's conditions, by the conditions' names."""
        return {} if filter_ is self.everything else values_of(filter_, self._filter_fields)

    def conditions(self, names: frozenset[str]) -> list[Condition]:
        """The conditions of these names."""
        return conditions_of(names, self._filter_fields)

    def is_short(self, conditions: frozenset[str], parent: str | None) -> bool:
        """Whether few records fulfil the conditions, or each parent has few."""
        compared = {name.partition(" ")[0] for name in conditions} if parent is None else {parent}
        return self._owner in compared

    def sorted(self, order: Order, conditions: Sequence[Condition]) -> SortedList:
        """The records that fulfil the conditions, in that order."""
        sort_key = self._sort_keys.get(order.field, as_it_is)
        return SortedList(self.columns.source, conditions, order.field, order.descending, sort_key)


REGISTRATION_LIST = RecordList(REGISTRATIONS, RegistrationFilter, owner="user_id")
OFFERING_LIST = RecordList(OFFERINGS, OfferingFilter, {OfferingOrderField.TITLE: folded})

LISTS: Mapping[type[Any], RecordList[Any]] = {list_.filter_type: list_ for list_ in (REGISTRATION_LIST, OFFERING_LIST)}


class CountStatement(NamedTuple):
    """The SELECT of a count. `is_search` tells that there may be any number of records to count."""

    sql: Sql
    is_search: bool


class PageShape(NamedTuple):
    """All that the SELECT of a page depends on."""

    list: RecordList[Any]
    conditions: frozenset[str]
    order: Order
    window: WindowShape
    columns: tuple[Column, ...]
    parent: str | None


def page_statement(
    query: ListQuery[Any], columns: tuple[Column, ...], parent: str | None = None
) -> tuple[PageStatement, Values]:
    """The SELECT of the query's page, and its values.

    With `parent`, a column of the listed records, it selects the page of each of the `PARENTS`. The values lack these.
    """
    list_ = LISTS[type(query.filter)]
    values = list_.values(query.filter)
    shape = PageShape(list_, frozenset(values), query.order, WindowShape.of(query.window), columns, parent)
    return _page_statement(shape), values | window_values(query.window)


def count_statement(filter_: Any, parent: str | None = None) -> tuple[CountStatement, Values]:
    """The SELECT of the count of a whole list, at most `MAXIMUM_COUNT` + 1, and its values.

    With `parent` it selects the id and the count of each of the `PARENTS` that has any records.
    """
    list_ = LISTS[type(filter_)]
    values = list_.values(filter_)
    return _count_statement(list_, frozenset(values), parent), values


@lru_cache(SHAPES_KEPT)
def _page_statement(shape: PageShape) -> PageStatement:
    list_, window = shape.list, shape.window
    of_parent = [list_.columns.source.c[shape.parent] == PARENT_ID] if shape.parent else []
    in_order = list_.sorted(shape.order, [*of_parent, *list_.conditions(shape.conditions)])
    reaches: dict[str, ColumnElement[Any]] = {}
    if window.after:
        reaches["has_rows_before"] = in_order.reaches(window.after, after=False)
    if window.before:
        reaches["has_rows_after"] = in_order.reaches(window.before, after=True)
    source, page = _source(in_order.page(window), of_parents=shape.parent is not None, needs_row=bool(reaches))
    source, selected = joined(list_.columns.record_type, page, source, shape.columns)
    # A sort key among the columns is not selected a second time: reading an instant costs a quarter of a row.
    key = Column(in_order.key)
    keys = {} if key in shape.columns else {"key": page.c[in_order.key]}
    parent_ids = {"parent_id": PARENT_ID} if shape.parent else {}
    named: dict[str, ColumnElement[Any]] = {**keys, **reaches, **parent_ids}
    statement = select(page.c.id, *selected, *named.values()).select_from(source)
    indices = {name: index for index, name in enumerate(named, HEADER + len(shape.columns))}
    if key in shape.columns:
        indices["key"] = HEADER + shape.columns.index(key)
    sql = compile_statement(statement.order_by(*in_order.reading_order(page, window)))
    is_search = bool(shape.conditions) and not list_.is_short(shape.conditions, shape.parent)
    return PageStatement(sql, is_search, **indices)


def _source(rows: Select[Any], *, of_parents: bool, needs_row: bool) -> tuple[FromClause, FromClause]:
    """The FROM clause, and the page in it. Where a row is needed, an outer join provides one for an empty page."""
    if of_parents:
        ids = bindparam(PARENTS, type_=ARRAY(Id))
        parents = func.unnest(ids).table_valued("id").render_derived("parent")
        page: FromClause = rows.lateral("page")
        return parents.outerjoin(page, true()), page
    page = rows.subquery("page")
    if not needs_row:
        return page, page
    return select(literal_column("1")).subquery("here").outerjoin(page, true()), page


@lru_cache(SHAPES_KEPT)
def _count_statement(list_: RecordList[Any], conditions: frozenset[str], parent: str | None) -> CountStatement:
    sql = compile_statement(_count(list_, conditions, parent))
    return CountStatement(sql, is_search=not list_.is_short(conditions, parent))


def _count(list_: RecordList[Any], conditions: frozenset[str], parent: str | None) -> Select[Any]:
    records, counted = list_.columns.source, list_.conditions(conditions)
    if parent is None:
        enough = literal_column(str(MAXIMUM_COUNT + 1), Integer)
        some = select(records.c.id).where(*counted).limit(enough).subquery("counted")
        return select(func.count()).select_from(some)
    parent_id = records.c[parent]
    of_parents = parent_id == any_(bindparam(PARENTS, type_=ARRAY(Id)))
    return select(parent_id, func.count()).where(of_parents, *counted).group_by(parent_id)
