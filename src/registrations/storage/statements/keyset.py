"""A window of a sorted list by keyset pagination: it starts at a position, so that any depth costs the same.

A list is sorted by a key, then by id, and records whose key is null come last in either direction::

    ascending    1 2 2 3 3 3 ∅ ∅ ∅        descending   3 3 3 2 2 1 ∅ ∅ ∅
                 ╰─ keys ──╯ ╰nulls╯                   ╰─ keys ──╯ ╰nulls╯

No single index has both orders. So a list is read in two parts, the rows with a key and the rows without, each a plain
range of the index on `(key, id)` that is read forwards or backwards. The second part is read only as far as the first
did not fill the window.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.types import TypeEngine

from registrations.domain.listing import Window
from registrations.storage.tables import Id

Condition = ColumnElement[bool]
SortKey = Callable[[ColumnElement[Any]], ColumnElement[Any]]

ONE = literal_column("1", Integer)


class PositionShape(NamedTuple):
    """A cursor position reduced to whether its sort key is null; each run gives the key and the id as values."""

    name: str
    is_null: bool

    @property
    def id(self) -> ColumnElement[str]:
        return bindparam(f"{self.name}_id", type_=Id)

    def key(self, type_: TypeEngine[Any]) -> ColumnElement[Any]:
        return bindparam(f"{self.name}_key", type_=type_)


class WindowShape(NamedTuple):
    """A window reduced to what its SQL depends on."""

    limit: int
    from_end: bool
    after: PositionShape | None
    before: PositionShape | None

    @classmethod
    def of(cls, window: Window) -> "WindowShape":
        after, before = window.after, window.before
        return cls(
            window.limit,
            window.from_end,
            None if after is None else PositionShape("after", after.value is None),
            None if before is None else PositionShape("before", before.value is None),
        )


def window_values(window: Window) -> dict[str, Any]:
    """The keys and the ids of the window's positions."""
    values: dict[str, Any] = {}
    for name, position in (("after", window.after), ("before", window.before)):
        if position is not None:
            values |= {f"{name}_key": position.value, f"{name}_id": position.id}
    return values


def as_it_is(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sort key of a column that is sorted by its values."""
    return column


@dataclass(frozen=True)
class SortedList:
    """The rows of `source` that fulfil all `conditions`, sorted by a `sort_key` of the column `key`, then by id."""

    source: FromClause
    conditions: Sequence[Condition]
    key: str
    descending: bool
    sort_key: SortKey = as_it_is

    def page(self, window: WindowShape) -> Select[Any]:
        """The window's rows and, where there are more beyond its limit, one more; in no certain order."""
        limit = literal_column(str(window.limit + 1), Integer)  # a literal, so that the planner knows how few
        with_key = [*self._has_key, *_bounds(window, self._bound_of_keys)]
        if not self._is_key_nullable:
            return self._read(with_key, from_end=window.from_end).limit(limit)
        without_key = [self._lacks_key, *_bounds(window, self._bound_of_nulls)]
        first, second = (without_key, with_key) if window.from_end else (with_key, without_key)
        near = self._read(first, from_end=window.from_end).limit(limit).cte("near", nesting=True)
        missing = select(limit - func.count()).select_from(near).scalar_subquery()
        far = self._read(second, from_end=window.from_end).limit(missing).subquery("far")
        # The redundant outer limit tells the planner, who can't foresee `missing`, how few rows will come.
        return select(union_all(select(near), select(far)).limit(limit).subquery("both"))

    def reading_order(self, page: FromClause, window: WindowShape) -> list[ColumnElement[Any]]:
        """The order of the rows of `page` from the window's near end: the list's, or `from_end` its reverse."""
        order = self._sorted_by(page, from_end=window.from_end)
        if not self._is_key_nullable:
            return order
        is_null = page.c[self.key].is_(None)
        return [is_null.desc() if window.from_end else is_null.asc(), *order]

    def reaches(self, position: PositionShape, *, after: bool) -> Condition:
        """Whether the list has rows at the position or after it; or, with `after` false, at it or before it."""
        parts = [[*self._has_key, self._bound_of_keys(position, after=after, inclusive=True)]]
        if self._is_key_nullable:
            parts.append([self._lacks_key, self._bound_of_nulls(position, after=after, inclusive=True)])
        # Not EXISTS, which lets PostgreSQL look for any row from the start of the table: the nearest one, by the index.
        nearest = (self._read(part, from_end=not after).with_only_columns(self.source.c.id) for part in parts)
        return or_(*(row.limit(ONE).scalar_subquery().is_not(None) for row in nearest))

    @property
    def _is_key_nullable(self) -> bool:
        return bool(self.source.c[self.key].nullable)

    @property
    def _has_key(self) -> list[Condition]:
        return [self.source.c[self.key].is_not(None)] if self._is_key_nullable else []

    @property
    def _lacks_key(self) -> Condition:
        return self.source.c[self.key].is_(None)

    def _read(self, part: list[Condition], *, from_end: bool) -> Select[Any]:
        columns = self._sorted_by(self.source, from_end=from_end)
        return select(*self.source.c).where(*self.conditions, *part).order_by(*columns)

    def _sorted_by(self, rows: FromClause, *, from_end: bool) -> list[ColumnElement[Any]]:
        columns = [self.sort_key(rows.c[self.key]), rows.c.id]
        return [column.desc() if self.descending != from_end else column.asc() for column in columns]

    def _bound_of_keys(self, position: PositionShape, *, after: bool, inclusive: bool = False) -> Condition:
        """The condition on rows with a key to be after, or before, the position."""
        if position.is_null:  # all keys come before the nulls
            return false() if after else true()
        key = self.source.c[self.key]
        row = tuple_(self.sort_key(key), self.source.c.id)
        bound = tuple_(self.sort_key(position.key(key.type)), position.id)
        return self._compare(row, bound, after=after, inclusive=inclusive)

    def _bound_of_nulls(self, position: PositionShape, *, after: bool, inclusive: bool = False) -> Condition:
        """The condition on rows without a key to be after, or before, the position."""
        if not position.is_null:  # all nulls come after the keys
            return true() if after else false()
        return self._compare(self.source.c.id, position.id, after=after, inclusive=inclusive)

    def _compare(
        self, row: ColumnElement[Any], bound: ColumnElement[Any], *, after: bool, inclusive: bool
    ) -> Condition:
        if after != self.descending:
            return row >= bound if inclusive else row > bound
        return row <= bound if inclusive else row < bound


def _bounds(window: WindowShape, bound: Callable[..., Condition]) -> list[Condition]:
    after = [] if window.after is None else [bound(window.after, after=True)]
    return after if window.before is None else [*after, bound(window.before, after=False)]
