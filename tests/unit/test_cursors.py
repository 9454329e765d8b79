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


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_the_clients_error(text: str) -> None:
    with pytest.raises(GraphQLError, match="`before` is not a cursor of this list"):
        read_cursor(BY_TITLE, "before", text)
