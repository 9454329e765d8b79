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

ONE = literal_column("1", Integer)


class Place(NamedTuple):
    """A position of which only is known whether its key is missing; its value and id are given for each run."""

    name: str
    is_keyless: bool

    @property
    def id(self) -> ColumnElement[str]:
        return bindparam(f"{self.name}_id", type_=Id)

    def key(self, type_: TypeEngine[Any]) -> ColumnElement[Any]:
        return bindparam(f"{self.name}_key", type_=type_)


class Stretch(NamedTuple):
    """What is known of a window before its positions are: the SQL of a page depends on nothing else of it."""

    limit: int
    from_end: bool
    after: Place | None
    before: Place | None

    @classmethod
    def of(cls, window: Window) -> "Stretch":
        after, before = window.after, window.before
        return cls(
            window.limit,
            window.from_end,
            None if after is None else Place("after", after.value is None),
            None if before is None else Place("before", before.value is None),
        )


def window_values(window: Window) -> dict[str, Any]:
    """What the places of the window's stretch are."""
    values: dict[str, Any] = {}
    for name, position in (("after", window.after), ("before", window.before)):
        if position is not None:
            values |= {f"{name}_key": position.value, f"{name}_id": position.id}
    return values


@dataclass(frozen=True)
class SortedList:
    """The rows of `source` that fulfil all `conditions`, sorted by a `sort_key` of the column `key`, then by id."""

    source: FromClause
    conditions: Sequence[Condition]
    key: str
    descending: bool
    sort_key: Callable[[ColumnElement[Any]], ColumnElement[Any]] = lambda column: column

    def page(self, window: Stretch) -> Select[Any]:
        """The window's rows and, where there are more beyond its limit, one more; in no certain order."""
        limit = literal_column(str(window.limit + 1), Integer)  # the planner has to know how few
        keyed, keyless = self._keyed(window), self._keyless(window)
        if not self._may_lack_key:
            return self._read(keyed, from_end=window.from_end).limit(limit)
        first, second = (keyless, keyed) if window.from_end else (keyed, keyless)
        near = self._read(first, from_end=window.from_end).limit(limit).cte("near", nesting=True)
        missing = select(limit - func.count()).select_from(near).scalar_subquery()
        far = self._read(second, from_end=window.from_end).limit(missing).subquery("far")
        # The limit that says nothing new tells the planner, who can't foresee `missing`, how few rows will come.
        return select(union_all(select(near), select(far)).limit(limit).subquery("both"))

    def reading_order(self, page: FromClause, window: Stretch) -> list[ColumnElement[Any]]:
        """The order of the rows of `page` from the window's near end: the list's, or `from_end` its reverse."""
        order = self._sorted_by(page, from_end=window.from_end)
        if not self._may_lack_key:
            return order
        keyless = page.c[self.key].is_(None)
        return [keyless.desc() if window.from_end else keyless.asc(), *order]

    def reaches(self, place: Place, *, after: bool) -> Condition:
        """Whether the list has rows at `place` or after it; or, with `after` false, at it or before it."""
        stretches = [[*self._has_key, self._keyed_bound(place, after=after, inclusive=True)]]
        if self._may_lack_key:
            stretches.append([self._lacks_key, self._keyless_bound(place, after=after, inclusive=True)])
        # The nearest row, not EXISTS: for any row PostgreSQL may search the table from its start, and search it long.
        nearest = (self._read(rows, from_end=not after).with_only_columns(self.source.c.id) for rows in stretches)
        return or_(*(row.limit(ONE).scalar_subquery().is_not(None) for row in nearest))

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

    def _keyed(self, window: Stretch) -> list[Condition]:
        return [*self._has_key, *_bounds(window, self._keyed_bound)]

    def _keyless(self, window: Stretch) -> list[Condition]:
        return [self._lacks_key, *_bounds(window, self._keyless_bound)]

    def _keyed_bound(self, place: Place, *, after: bool, inclusive: bool = False) -> Condition:
        if place.is_keyless:  # a place among the keyless, which all come after the keyed
            return false() if after else true()
        key = self.source.c[self.key]
        row = tuple_(self.sort_key(key), self.source.c.id)
        bound = tuple_(self.sort_key(place.key(key.type)), place.id)
        return self._compare(row, bound, after=after, inclusive=inclusive)

    def _keyless_bound(self, place: Place, *, after: bool, inclusive: bool = False) -> Condition:
        if not place.is_keyless:  # a place among the keyed, which all come before the keyless
            return true() if after else false()
        return self._compare(self.source.c.id, place.id, after=after, inclusive=inclusive)

    def _compare(
        self, row: ColumnElement[Any], bound: ColumnElement[Any], *, after: bool, inclusive: bool
    ) -> Condition:
        if after != self.descending:
            return row >= bound if inclusive else row > bound
        return row <= bound if inclusive else row < bound


def _bounds(window: Stretch, bound: Callable[..., Condition]) -> list[Condition]:
    after = [] if window.after is None else [bound(window.after, after=True)]
    return after if window.before is None else [*after, bound(window.before, after=False)]
