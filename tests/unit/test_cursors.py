from datetime import UTC, datetime

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from registrations.domain.listing import Order, Position
from registrations.domain.records import OfferingOrderField, RegistrationOrderField
from registrations.graphql.cursors import cursor_writer, read_cursor

BY_TITLE = Order(OfferingOrderField.TITLE, descending=False)

ids = st.uuids().map(lambda uuid: uuid.hex)
instants = st.datetimes(timezones=st.just(UTC))
date_orders = st.builds(Order, st.sampled_from(RegistrationOrderField), st.booleans())
titles = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(date_orders, st.none() | instants, ids)
def test_a_position_by_date_is_read_as_it_was_written(order: Order, value: datetime | None, id_: str) -> None:
    assert read_cursor(order, "after", cursor_writer(order)(value, id_)) == Position(value, id_)


@given(titles, ids)
def test_a_position_by_title_is_read_as_it_was_written(title: str, id_: str) -> None:
    assert read_cursor(BY_TITLE, "after", cursor_writer(BY_TITLE)(title, id_)) == Position(title, id_)


@given(date_orders, date_orders, instants, ids)
def test_a_cursor_of_another_order_is_the_clients_error(order: Order, other: Order, value: datetime, id_: str) -> None:
    cursor = cursor_writer(order)(value, id_)
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
