"""How instants are written: RFC 3339 with an offset going in, UTC coming out."""

import re
from datetime import UTC, datetime

import strawberry
from graphql import GraphQLError

_RFC_3339 = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", flags=re.ASCII)


def parse_instant(value: object) -> datetime:
    """The instant that an RFC 3339 text names, in UTC; digits beyond microseconds are cut off.

    Raises `GraphQLError` with what to write instead.
    """
    example = "write an RFC 3339 date-time with an offset, such as 2026-05-01T12:00:00Z"
    if not isinstance(value, str) or not (parts := _RFC_3339.fullmatch(value)):
        raise GraphQLError(f"DateTime cannot represent {value!r:.60}: {example}.")
    date, time, fraction, offset = parts.groups()
    try:
        # Python 3.11's parser knows `Z`, but not lower-case letters nor more than six digits.
        return datetime.fromisoformat(f"{date}T{time}{(fraction or '')[:7]}{offset.upper()}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise GraphQLError(f"DateTime cannot represent {value!r:.60}, there is no such instant: {example}.") from error


def write_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="An instant: RFC 3339 date-time with an explicit offset on input, always UTC (`Z`) on output.",
    specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339#section-5.6",
    serialize=write_instant,
    parse_value=parse_instant,
)
