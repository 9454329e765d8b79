from datetime import UTC, datetime
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from registrations.domain import records
from registrations.domain.listing import Order, Position
from registrations.domain.records import ORDER_FIELDS, OfferingOrderField, RegistrationOrderField
from registrations.graphql.cursors import cursor_writer, read_cursor

BY_TITLE = Order(OfferingOrderField.TITLE, descending=False)

VALUES: dict[type[Any], st.SearchStrategy[Any]] = {
    datetime: st.datetimes(timezones=st.just(UTC)),
    str: st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(-(2**31), 2**31 - 1),
    NoneType: st.none(),
}
ids = st.uuids().map(lambda uuid: uuid.hex)
orders = st.builds(
    Order, st.sampled_from([field for of_kind in ORDER_FIELDS.values() for field in of_kind]), st.booleans()
)


def values(kind: type[records.Record], field: str) -> st.SearchStrategy[Any]:
    """What the field of the record may hold."""
    type_ = get_type_hints(kind)[field]
    return st.one_of([VALUES[one] for one in get_args(type_) or (type_,)])


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, fields in ORDER_FIELDS.items() for field in fields]
)
@given(st.data())
def test_a_position_is_read_as_it_was_written(kind: type[records.Record], field: StrEnum, data: st.DataObject) -> None:
    order = Order(field, data.draw(st.booleans()))
    value, id_ = data.draw(values(kind, field)), data.draw(ids)
    assert read_cursor(order, "after", cursor_writer(order)(value, id_)) == Position(value, id_)


@given(st.data())
def test_a_cursor_of_another_order_is_the_clients_error(data: st.DataObject) -> None:
    (kind, fields) = data.draw(st.sampled_from(list(ORDER_FIELDS.items())))
    order, other = Order(data.draw(st.sampled_from(list(fields))), data.draw(st.booleans())), data.draw(orders)
    cursor = cursor_writer(order)(data.draw(values(kind, order.field)), data.draw(ids))
    if order != other:
        with pytest.raises(GraphQLError, match="`after` is not a cursor of this list"):
            read_cursor(other, "after", cursor)


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_cursor_is_none(nothing: str | None) -> None:
    assert read_cursor(BY_TITLE, "after", nothing) is None


@given((st.text() | st.binary().map(lambda raw: raw.decode("latin-1"))).filter(bool))
def test_any_other_text_is_the_clients_error(text: str) -> None:
    with pytest.raises(GraphQLError, match="`before` is not a cursor of this list"):
        read_cursor(BY_TITLE, "before", text)


def test_cursors_of_the_first_release_stay_good() -> None:
    id_ = "65ade781cc98d136543678191005431a"
    by_title = "WyJ0aXRsZSIsImEiLCI2NWFkZTc4MWNjOThkMTM2NTQzNjc4MTkxMDA1NDMxYSJd"
    assert read_cursor(BY_TITLE, "after", by_title) == Position("a", id_)
    newest_first = "WyJjcmVhdGVkX2RhdGU6ZGVzYyIsMCwiNjVhZGU3ODFjYzk4ZDEzNjU0MzY3ODE5MTAwNTQzMWEiXQ"
    order = Order(RegistrationOrderField.CREATED_DATE, descending=True)
    assert read_cursor(order, "after", newest_first) == Position(datetime(1970, 1, 1, tzinfo=UTC), id_)
