"""Cursors: opaque text that names a place in a list, and the list whose place it is."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson

from registrations.domain.ids import is_id
from registrations.domain.listing import Order, Position
from registrations.graphql.errors import bad_user_input

BY_TITLE = "title"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def sorted_by(order: Order) -> str:
    return f"{order.field}:{'desc' if order.descending else 'asc'}"


def write_cursor(sorted_by: str, position: Position) -> str:
    """`sorted_by` names the order of the list, such as `created_date:desc`."""
    if isinstance(position.value, str):
        text = orjson.dumps([sorted_by, position.value, position.id])
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()
    return date_cursors(sorted_by)(position.value, position.id)


def date_cursors(sorted_by: str) -> Callable[[datetime | None, str], str]:
    """Writes the cursors of a list by date, from date and id."""
    start = f'["{sorted_by}",'

    def write(date: datetime | None, id_: str) -> str:
        portable = "null" if date is None else (date - _EPOCH) // _MICROSECOND
        # None of these characters, wherever it stands, becomes one of the two in which base64 for URLs differs.
        return base64.b64encode(f'{start}{portable},"{id_}"]'.encode()).rstrip(b"=").decode()

    return write


def read_cursor(sorted_by: str, argument: str, cursor: str | None) -> Position | None:
    """The place that a cursor names; None for none. Raises a client error where it is none of such a list."""
    if cursor is None:
        return None
    position = _decode(sorted_by, cursor)
    # Written again it has to be the same: whatever else somebody made up is not ours.
    if position is None or write_cursor(sorted_by, position) != cursor:
        raise bad_user_input(
            f"`{argument}` is not a cursor of this list: pass one that came from it, with the same `orderBy`."
        )
    return position


def _decode(sorted_by: str, cursor: str) -> Position | None:
    padded = cursor + "=" * (-len(cursor) % 4)  # as many as belong there: the decoder refuses more
    try:
        found, portable, id_ = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if found != sorted_by or not is_id(id_):
            return None
        if sorted_by == BY_TITLE:
            return Position(portable, id_) if isinstance(portable, str) and "\0" not in portable else None
        return Position(portable if portable is None else _EPOCH + int(portable) * _MICROSECOND, id_)
    except (ValueError, TypeError, OverflowError):
        return None
