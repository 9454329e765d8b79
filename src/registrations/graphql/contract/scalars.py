"""How instants and ids are written: RFC 3339 with an offset going in, UTC coming out; ids as GraphQL coerces them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLID

from registrations.graphql.values import shown

_RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}):(\d{2})(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", flags=re.ASCII
)
_REMEDY = "write an RFC 3339 date-time with an offset, such as 2026-05-01T12:00:00Z"
_LEAP_SECOND = (
    "it is a leap second, for which neither PostgreSQL nor this service has an instant: write second 59, or the minute "
    "that follows"
)


def parse_instant(value: object) -> datetime:
    """The instant that an RFC 3339 text names, in UTC; digits beyond microseconds are cut off.

    Raises `GraphQLError` with what to write instead.
    """
    if not isinstance(value, str) or not (parts := _RFC_3339.fullmatch(value)):
        raise GraphQLError(f"DateTime cannot represent {shown(value)}: {_REMEDY}.")
    date, minute, second, fraction, offset = parts.groups()
    try:
        # Python 3.11's parser knows `Z`, but not lower-case letters nor more than six digits.
        text = f"{date}T{minute}:{{}}{(fraction or '')[:7]}{offset.upper()}"
        if second == "60" and _ends_a_month(datetime.fromisoformat(text.format(59)).astimezone(UTC)):
            raise GraphQLError(f"DateTime cannot represent {shown(value)}: {_LEAP_SECOND}.")
        return datetime.fromisoformat(text.format(second)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        reason = "there is no such instant in the years 1 to 9999"
        raise GraphQLError(f"DateTime cannot represent {shown(value)}, {reason}: {_REMEDY}.") from error


def _ends_a_month(instant: datetime) -> bool:
    """Whether a leap second could follow this second (RFC 3339, appendix D)."""
    following = instant + timedelta(seconds=1)
    return (following.day, following.hour, following.minute) == (1, 0, 0)


def write_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="An instant: RFC 3339 date-time with an explicit offset on input, always UTC (`Z`) on output.",
    specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339#section-5.6",
    serialize=write_instant,
    parse_value=parse_instant,
)


def parse_id(value: Any) -> str:
    """The text of an id. Raises `GraphQLError` for what is neither a string nor an integer (GraphQL, 3.5.5)."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise GraphQLError(f"ID cannot represent a non-string and non-integer value: {shown(value)}")


GraphQLID.coerce_input_value = parse_id  # graphql-core takes 4.0 as well
