"""Where in a document something is."""

from graphql import Source
from hypothesis import given
from hypothesis import strategies as st

from registrations.graphql.operations.source import DocumentSource

texts = st.text(st.sampled_from("{a\n\r\u2028"), max_size=20)


@given(texts)
def test_places_in_a_document_are_those_that_graphql_core_tells(text: str) -> None:
    starts = [place for place, character in enumerate(text) if character not in "\r\n"]
    told = [DocumentSource(text).get_location(start) for start in starts]
    assert told == [Source(text).get_location(start) for start in starts]
