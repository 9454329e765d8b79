"""Cursors: opaque text that names a position in a list, and the order of the list that it is good for."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

import orjson

from registrations.domain.ids import is_id
from registrations.domain.listing import Order, Position
from registrations.domain.records import OfferingOrderField
from registrations.graphql.errors import bad_user_input

CursorWriter: TypeAlias = Callable[[Any, str], str]
"""Writes the cursor of a row, from its sort value and its id."""

TEXTS = frozenset({OfferingOrderField.TITLE})
"""What sorts by text; all else sorts by date."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@cache
def cursor_writer(order: Order) -> CursorWriter:
    """Writes the cursors of lists in that order."""
    return _text_cursors(order) if order.field in TEXTS else _date_cursors(order)


def read_cursor(order: Order, argument: str, cursor: str | None) -> Position | None:
    """The position that a cursor names; None for none. Raises a client error for a cursor of another list."""
    if not cursor:  # Apollo's relayStylePagination takes "" for the `endCursor` of an empty list
        return None
    position = _decode(order, cursor)
    # Written again it has to be the same: whatever else somebody made up is not ours.
    if position is None or cursor_writer(order)(position.value, position.id) != cursor:
        raise bad_user_input(
            f"`{argument}` is not a cursor of this list: pass one that came from it, with the same `orderBy`."
        )
    return position


def _name(order: Order) -> str:
    if order.field in TEXTS and not order.descending:
        return order.field  # as in cursors of release 0.1.0, which knew no other direction
    return f"{order.field}:{'desc' if order.descending else 'asc'}"


def _text_cursors(order: Order) -> CursorWriter:
    name = _name(order)

    def write(text: str, id_: str) -> str:
        return base64.urlsafe_b64encode(orjson.dumps([name, text, id_])).rstrip(b"=").decode()

    return write


def _date_cursors(order: Order) -> CursorWriter:
    start = f'["{_name(order)}",'

    def write(date: datetime | None, id_: str) -> str:
        portable = "null" if date is None else (date - _EPOCH) // _MICROSECOND
        # None of these characters, wherever it stands, becomes one of the two in which base64 for URLs differs.
        return base64.b64encode(f'{start}{portable},"{id_}"]'.encode()).rstrip(b"=").decode()

    return write


def _decode(order: Order, cursor: str) -> Position | None:
    padded = cursor + "=" * (-len(cursor) % 4)  # as many as belong there: the decoder refuses more
    try:
        name, portable, id_ = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != _name(order) or not is_id(id_):
            return None
        if order.field in TEXTS:
            return Position(portable, id_) if isinstance(portable, str) and "\0" not in portable else None
        return Position(portable if portable is None else _EPOCH + int(portable) * _MICROSECOND, id_)
    except (ValueError, TypeError, OverflowError):
        return None
