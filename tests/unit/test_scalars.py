"""Instants as RFC 3339 writes them, and ids as the specification of GraphQL coerces them."""

from datetime import UTC, datetime

import pytest
from graphql import GraphQLError

from registrations.graphql.contract.scalars import parse_id, parse_instant, write_instant
from registrations.graphql.contract.schema import GRAPHQL_SCHEMA

NOT_SO = "write an RFC 3339 date-time with an offset, such as 2026-05-01T12:00:00Z"
NEVER = f"there is no such instant in the years 1 to 9999: {NOT_SO}"
LEAP_SECOND = (
    "it is a leap second, for which neither PostgreSQL nor this service has an instant: write second 59, or the minute "
    "that follows"
)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-05-01T12:00:00Z", "2026-05-01T12:00:00Z"),
        ("2026-05-01t12:00:00z", "2026-05-01T12:00:00Z"),
        ("2026-05-01T12:00:00.5Z", "2026-05-01T12:00:00.500000Z"),
        ("2026-05-01T12:00:00.123456789012345678901Z", "2026-05-01T12:00:00.123456Z"),
        ("2026-05-01T12:00:00.9999999z", "2026-05-01T12:00:00.999999Z"),
        ("2026-05-01T12:00:00+23:59", "2026-04-30T12:01:00Z"),
        ("2026-05-01T12:00:00-23:59", "2026-05-02T11:59:00Z"),
        ("2026-05-01T12:00:00+05:45", "2026-05-01T06:15:00Z"),
        ("2026-05-01T12:00:00-00:00", "2026-05-01T12:00:00Z"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_is_read(text: str, instant: str) -> None:
    read = parse_instant(text)
    assert read.tzinfo is UTC
    assert write_instant(read) == instant


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "now",
            "2026-05-01",
            "2026-05-01T12:00Z",
            "2026-05-01T12:00:00",
            "2026-05-01 12:00:00Z",
            "20260501T120000Z",
        ),
        *("2026-05-01T12:00:00.Z", "2026-05-01T12:00:00,5Z", "2026-05-01T12:00:00+0200", "2026-05-01T12:00:00+02"),
        *(
            "2026-05-01T12:00:00+24:00",
            "2026-05-01T12:00:00-23:60",
            "2026-05-01T12:00:00+05:75",
            "+2026-05-01T12:00:00Z",
        ),
        *("2026-05-01T12:00:00Z\n", " 2026-05-01T12:00:00Z", "\uff12026-05-01T12:00:00Z", "2026-W18-5T12:00:00Z"),
        *("2026-05-01T12:00:00UTC", "2026-05-01T12:00:00+01:00:30", "2026-05-01T12:00:00\u221201:00"),
    ],
)
def test_other_ways_to_write_one_are_refused(value: str) -> None:
    with pytest.raises(GraphQLError, match=NOT_SO) as refused:
        parse_instant(value)
    assert NEVER not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-05-01T24:00:00Z", "2026-05-01T12:60:00Z"),
        *("2026-05-01T12:00:60Z", "2026-12-31T23:59:61Z", "2026-12-30T23:59:60Z", "2026-12-31T23:59:60+01:00"),
        *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:60Z"),
    ],
)
def test_what_never_is_is_refused(text: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        parse_instant(text)
    assert str(refused.value) == f'DateTime cannot represent "{text}", {NEVER}.'


@pytest.mark.parametrize(
    "text", ["1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00", "2015-07-01T01:59:60.5+02:00", "2016-12-31t23:59:60z"]
)
def test_a_leap_second_is_refused_as_one(text: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        parse_instant(text)
    assert str(refused.value) == f'DateTime cannot represent "{text}": {LEAP_SECOND}.'


def test_an_instant_is_written_in_utc() -> None:
    assert write_instant(datetime.fromisoformat("2026-05-01T12:00:00+02:00")) == "2026-05-01T10:00:00Z"


@pytest.mark.parametrize(("value", "id_"), [("4", "4"), ("", ""), (4, "4"), (-4, "-4"), (0, "0"), (2**63, str(2**63))])
def test_strings_and_integers_are_ids(value: object, id_: str) -> None:
    assert parse_id(value) == id_


@pytest.mark.parametrize(
    ("value", "shown"),
    [(4.0, "4.0"), (4.5, "4.5"), (True, "true"), (None, "null"), (["4"], '["4"]'), ({"a": None}, '{"a": null}')],
)
def test_nothing_else_is_an_id(value: object, shown: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        parse_id(value)
    assert str(refused.value) == f"ID cannot represent a non-string and non-integer value: {shown}"


def test_ids_of_the_schema_are_read_so() -> None:
    scalar = GRAPHQL_SCHEMA.type_map["ID"]
    assert getattr(scalar, "coerce_input_value", None) is parse_id
