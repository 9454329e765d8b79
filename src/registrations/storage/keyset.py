"""A window of a sorted list by keyset: it starts where a position says, so any depth costs the same.

A list is sorted by a key, then by id, and records whose key is null come last whichever the direction::

    ascending    1 2 2 3 3 3 ∅ ∅ ∅        descending   3 3 3 2 2 1 ∅ ∅ ∅
                 ╰─keyed──╯ ╰─────╯                    ╰─keyed──╯ ╰─────╯
                            keyless                               keyless

No one index has both orders. So a list is two stretches, each a plain range of the index on `(key, id)`, read
forwards or backwards. The second stretch is read only as far as the first did not fill the window.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from registrations.domain.listing import Position, Window

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class SortedList:
    """The rows of `source` that fulfil all `conditions`, sorted by a `sort_key` of the column `key`, then by id."""

    source: FromClause
    conditions: Sequence[Condition]
    key: str
    descending: bool
    sort_key: Callable[[ColumnElement[Any]], ColumnElement[Any]] = lambda column: column

    def page(self, window: Window) -> Select[Any]:
        """The window's rows and, where there are more beyond its limit, one more; in no certain order."""
        limit = window.limit + 1
        keyed, keyless = self._keyed(window), self._keyless(window)
        if not self._may_lack_key:
            return self._read(keyed, from_end=window.from_end).limit(limit)
        first, second = (keyless, keyed) if window.from_end else (keyed, keyless)
        near = self._read(first, from_end=window.from_end).limit(limit).cte("near", nesting=True)
        missing = select(limit - func.count()).select_from(near).scalar_subquery()
        far = self._read(second, from_end=window.from_end).limit(missing).subquery("far")
        # The limit that says nothing new tells the planner, who can't foresee `missing`, how few rows will come.
        return select(union_all(select(near), select(far)).limit(limit).subquery("both"))

    def reading_order(self, page: FromClause, window: Window) -> list[ColumnElement[Any]]:
        """The order of the rows of `page` from the window's near end: the list's, or `from_end` its reverse."""
        order = self._sorted_by(page, from_end=window.from_end)
        if not self._may_lack_key:
            return order
        keyless = page.c[self.key].is_(None)
        return [keyless.desc() if window.from_end else keyless.asc(), *order]

    def reaches(self, position: Position, *, after: bool) -> Condition:
        """Whether the list has rows at `position` or after it; or, with `after` false, at it or before it."""
        stretches = [[*self._has_key, self._keyed_bound(position, after=after, inclusive=True)]]
        if self._may_lack_key:
            stretches.append([self._lacks_key, self._keyless_bound(position, after=after, inclusive=True)])
        # The nearest row, not EXISTS: for any row PostgreSQL may search the table from its start, and search it long.
        nearest = (self._read(rows, from_end=not after).with_only_columns(self.source.c.id) for rows in stretches)
        return or_(*(row.limit(1).scalar_subquery().is_not(None) for row in nearest))

    @property
    def _may_lack_key(self) -> bool:
        return bool(self.source.c[self.key].nullable)

    @property
    def _has_key(self) -> list[Condition]:
        return [self.source.c[self.key].is_not(None)] if self._may_lack_key else []

    @property
    def _lacks_key(self) -> Condition:
        return self.source.c[self.key].is_(None)

    def _read(self, stretch: list[Condition], *, from_end: bool) -> Select[Any]:
        columns = self._sorted_by(self.source, from_end=from_end)
        return select(*self.source.c).where(*self.conditions, *stretch).order_by(*columns)

    def _sorted_by(self, rows: FromClause, *, from_end: bool) -> list[ColumnElement[Any]]:
        columns = [self.sort_key(rows.c[self.key]), rows.c.id]
        return [column.desc() if self.descending != from_end else column.asc() for column in columns]

    def _keyed(self, window: Window) -> list[Condition]:
        return [*self._has_key, *_bounds(window, self._keyed_bound)]

    def _keyless(self, window: Window) -> list[Condition]:
        return [self._lacks_key, *_bounds(window, self._keyless_bound)]

    def _keyed_bound(self, position: Position, *, after: bool, inclusive: bool = False) -> Condition:
        if position.value is None:  # a place among the keyless, which all come after the keyed
            return false() if after else true()
        key = self.source.c[self.key]
        row = tuple_(self.sort_key(key), self.source.c.id)
        place = tuple_(self.sort_key(literal(position.value, key.type)), self._id(position))
        return self._compare(row, place, after=after, inclusive=inclusive)

    def _keyless_bound(self, position: Position, *, after: bool, inclusive: bool = False) -> Condition:
        if position.value is not None:  # a place among the keyed, which all come before the keyless
            return true() if after else false()
        return self._compare(self.source.c.id, self._id(position), after=after, inclusive=inclusive)

    def _id(self, position: Position) -> ColumnElement[str]:
        return literal(position.id, self.source.c.id.type)

    def _compare(
        self, row: ColumnElement[Any], place: ColumnElement[Any], *, after: bool, inclusive: bool
    ) -> Condition:
        if after != self.descending:
            return row >= place if inclusive else row > place
        return row <= place if inclusive else row < place


def _bounds(window: Window, bound: Callable[..., Condition]) -> list[Condition]:
    after = [] if window.after is None else [bound(window.after, after=True)]
    return after if window.before is None else [*after, bound(window.before, after=False)]
