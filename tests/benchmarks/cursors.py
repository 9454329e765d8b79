"""Cursors as the gateway writes them, in one line each way: who does it by hand checks nothing."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def write_cursor(created_date: datetime, id_: str) -> str:
    # No byte of it needs one of the two characters in which base64 and its form for URLs differ.
    place = f'["created_date:desc",{(created_date - EPOCH) // MICROSECOND},"{id_}"]'
    return b64encode(place.encode()).rstrip(b"=").decode()


def read_cursor(cursor: str) -> tuple[datetime, str]:
    _, microseconds, id_ = b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(",")
    return EPOCH + int(microseconds) * MICROSECOND, id_[1:33]
