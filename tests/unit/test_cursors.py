from datetime import UTC, datetime

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from registrations.domain.listing import Position
from registrations.domain.records import RegistrationOrderField
from registrations.graphql.cursors import BY_TITLE, read_cursor, write_cursor

ids = st.uuids().map(lambda uuid: uuid.hex)
instants = st.datetimes(timezones=st.just(UTC))
date_orders = st.builds(
    lambda field, direction: f"{field}:{direction}",
    st.sampled_from(RegistrationOrderField),
    st.sampled_from(("asc", "desc")),
)
titles = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(date_orders, st.none() | instants, ids)
def test_a_place_by_date_is_read_as_it_was_written(sorted_by: str, value: datetime | None, id_: str) -> None:
    position = Position(value, id_)
    assert read_cursor(sorted_by, "after", write_cursor(sorted_by, position)) == position


@given(titles, ids)
def test_a_place_by_title_is_read_as_it_was_written(title: str, id_: str) -> None:
    position = Position(title, id_)
    assert read_cursor(BY_TITLE, "after", write_cursor(BY_TITLE, position)) == position


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_the_clients_error(text: str) -> None:
    with pytest.raises(GraphQLError, match="`before` is not a cursor of this list"):
        read_cursor(BY_TITLE, "before", text)
