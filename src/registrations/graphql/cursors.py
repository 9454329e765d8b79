"""Cursors: opaque text that names a place in a list, and the list whose place it is."""

import base64
from datetime import UTC, datetime, timedelta

import orjson

from registrations.domain.ids import is_id
from registrations.domain.listing import Position, RegistrationOrder
from registrations.graphql.errors import bad_user_input

BY_TITLE = "title"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def sorted_by(order: RegistrationOrder) -> str:
    return f"{order.field}:{'desc' if order.descending else 'asc'}"


def write_cursor(sorted_by: str, position: Position) -> str:
    """`sorted_by` names the order of the list, such as `created_date:desc`."""
    value = position.value
    portable = (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(orjson.dumps([sorted_by, portable, position.id])).rstrip(b"=").decode()


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
