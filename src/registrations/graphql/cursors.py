"""Cursors: opaque text that names a position in a list, and the order of the list that it is good for."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, TypeAlias, get_args, get_type_hints

import orjson

from registrations.domain.ids import is_id
from registrations.domain.listing import Order, Position
from registrations.domain.records import ORDER_FIELDS, OfferingOrderField
from registrations.graphql.errors import bad_user_input

CursorWriter: TypeAlias = Callable[[Any, str], str]
"""Writes the cursor of a row, from its sort value and its id."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Codec(NamedTuple):
    """How the values of a sorted field stand in a cursor, as JSON, and how they are read from it."""

    write: Callable[[Any], str]
    read: Callable[[Any], Any]


def _instant(microseconds: int) -> datetime:
    return _EPOCH + int(microseconds) * _MICROSECOND


def _text(text: str) -> str:
    if "\0" in text:
        raise ValueError("no column holds such text")
    return text


_CODECS: Mapping[type[Any], Codec] = {
    datetime: Codec(lambda instant: str((instant - _EPOCH) // _MICROSECOND), _instant),
    str: Codec(lambda text: orjson.dumps(text).decode(), _text),
    float: Codec(repr, float),
}
"""Of each type that a field to sort by may have; the field's annotation says which it is."""


@cache
def cursor_writer(order: Order) -> CursorWriter:
    """Writes the cursors of lists in that order."""
    start, (encode, _) = f'["{_name(order)}",', _codec(order.field)

    def write(value: Any, id_: str) -> str:
        portable = "null" if value is None else encode(value)
        return base64.urlsafe_b64encode(f'{start}{portable},"{id_}"]'.encode()).rstrip(b"=").decode()

    return write


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
    if order.field is OfferingOrderField.TITLE and not order.descending:
        return order.field  # as in cursors of release 0.1.0, which knew no other direction
    return f"{order.field}:{'desc' if order.descending else 'asc'}"


def _codec(field: StrEnum) -> Codec:
    [type_] = _types(field) - {NoneType}
    return _CODECS[type_]


@cache
def _types(field: StrEnum) -> frozenset[type[Any]]:
    """What the records' field of that name may hold."""
    [kind] = [kind for kind, fields in ORDER_FIELDS.items() if isinstance(field, fields)]
    annotation = get_type_hints(kind)[field]
    return frozenset(get_args(annotation) or [annotation])


def _decode(order: Order, cursor: str) -> Position | None:
    padded = cursor + "=" * (-len(cursor) % 4)  # as many as belong there: the decoder refuses more
    try:
        name, portable, id_ = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != _name(order) or not is_id(id_) or (portable is None and NoneType not in _types(order.field)):
            return None
        return Position(None if portable is None else _codec(order.field).read(portable), id_)
    except (ValueError, TypeError, OverflowError):
        return None
