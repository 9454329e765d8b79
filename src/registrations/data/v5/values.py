"""The values of v5 fields: their types, and the message for a person where a value is of another."""

import json
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator

from registrations.domain.grading import (
    MAXIMUM_COMMENT_LENGTH,
    MAXIMUM_GRADE,
    MINIMUM_GRADE,
    is_percentage,
    without_sign,
)
from registrations.domain.ids import is_id
from registrations.domain.records import Status

SHOWN_LENGTH = 60
# asyncpg stores Python's first and last instant as -infinity and infinity, which are no instants.
_ENDLESS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Wrong(ValueError):
    """A value that its field does not take; the text says why."""


def _id(value: object) -> str:
    if not (isinstance(value, str) and is_id(value)):
        raise Wrong(f"{shown(value)} is not 32 lower-case hexadecimal characters")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not text")
    if "\0" in value:
        raise Wrong("has a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong("has half a surrogate pair") from None
    return value


def _comment(value: object) -> str:
    comment = _text(value)
    if len(comment) > MAXIMUM_COMMENT_LENGTH:
        raise Wrong(f"has {len(comment):,} characters, {MAXIMUM_COMMENT_LENGTH:,} are allowed")
    return comment


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{shown(value)} is not true or false")
    return value


def _status(value: object) -> Status:
    name = _text(value).upper()
    if name not in Status.__members__:
        raise Wrong(f"{shown(value)} is not one of {', '.join(Status).lower()}")
    return Status(name)


def _instant(value: object) -> datetime:
    try:
        date = datetime.fromisoformat(_text(value))
        utc = date.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong(f"{shown(value)} is not an ISO 8601 date") from None
    if date.tzinfo is None:
        raise Wrong(f"{shown(value)} has no offset from UTC")
    if utc in _ENDLESS:
        raise Wrong(f"{shown(value)} is no date that can be stored")
    return utc


def percentage(value: object) -> float:
    """The number as a float. Raises `Wrong` unless it is one from 0 to 100."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Wrong(f"{shown(value)} is not a number")
    if not is_percentage(value):
        raise Wrong(f"{shown(value)} is not between {MINIMUM_GRADE:g} and {MAXIMUM_GRADE:g}")
    return without_sign(value)


def shown(value: object) -> str:
    """The value for a person, on one line and not too long."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
    text = json.dumps(value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"


Id = Annotated[str, BeforeValidator(_id)]
Text = Annotated[str, BeforeValidator(_text)]
Comment = Annotated[str, BeforeValidator(_comment)]
Flag = Annotated[bool, BeforeValidator(_flag)]
KnownStatus = Annotated[Status, BeforeValidator(_status)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
Percentage = Annotated[float, BeforeValidator(percentage)]
