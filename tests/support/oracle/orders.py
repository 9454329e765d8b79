"""Sort orders of lists, positions in them, and the cursors that name those positions."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ID = re.compile("[0-9a-f]{32}")


class Position(NamedTuple):
    """The sort value and the id of a record that stands there, or once stood."""

    value: Any
    id: str


@dataclass(frozen=True)
class Order:
    """Sorted by a field, then by id, both in one direction; records without a value come last in either.

    Text is sorted by its code points in lower case. `name` is the order's in cursors.
    """

    name: str
    field: str
    is_descending: bool = False

    def position(self, record: Any) -> Position:
        return Position(getattr(record, self.field), record.id)

    def precedes(self, one: Position, other: Position) -> bool:
        if (one.value is None) is not (other.value is None):
            return other.value is None
        key, other_key = (folded(one.value), one.id), (folded(other.value), other.id)
        return key > other_key if self.is_descending else key < other_key

    def compare(self, one: Any, other: Any) -> int:
        """Of records: -1 where the first one comes first, 1 where the other does."""
        return -1 if self.precedes(self.position(one), self.position(other)) else 1


BY_TITLE = Order("title", "title")


def by_date(field: str, *, is_descending: bool) -> Order:
    return Order(f"{field}:{'desc' if is_descending else 'asc'}", field, is_descending)


def folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def write_cursor(order: Order, position: Position) -> str:
    value = position.value
    portable = (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value
    text = json.dumps([order.name, portable, position.id], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_cursor(order: Order, cursor: str) -> Position | None:
    """The position that the cursor names in a list of that order; None where it is no cursor of such a list."""
    try:
        _, portable, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position = Position(_value(order, portable), id_)
        is_cursor = ID.fullmatch(id_) is not None and write_cursor(order, position) == cursor
    except (ValueError, TypeError, OverflowError):
        return None
    return position if is_cursor else None


def _value(order: Order, portable: Any) -> Any:
    if order is BY_TITLE:
        if not isinstance(portable, str) or "\0" in portable:
            raise TypeError
        return portable
    return None if portable is None else EPOCH + portable * MICROSECOND
