"""Documents that nobody would write, made up from the schema, whole and with something broken: each is answered."""

import json

import pytest
from graphql import print_schema
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.gateway import Gateway
from tests.support.hostile import assert_well_answered, bounded, hostile_texts
from tests.support.records import a_course, a_registration, a_user, an_offering

COURSE = a_course()
OFFERING = an_offering(COURSE)
USER = a_user()
REGISTRATION = a_registration(USER, OFFERING)

ids = st.sampled_from([USER.id, OFFERING.id, COURSE.id, REGISTRATION.id]) | st.text()
instants = st.datetimes(timezones=st.timezones() | st.none()).map(lambda instant: instant.isoformat()) | st.text()

documents = from_schema(
    print_schema(GRAPHQL_SCHEMA),
    custom_scalars={
        "ID": ids.map(nodes.String),
        "Int": st.integers(-1, 10).map(nodes.Int),
        "DateTime": instants.map(nodes.String),
    },
)
tokens = st.sampled_from(
    [
        *(
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ":",
            "!",
            "$",
            "@",
            "|",
            "&",
            "=",
            "...",
            '"',
            '"""',
            "\\",
            "#",
            "\n",
            "\ufeff",
        ),
        *("query", "mutation", "subscription", "fragment", "on", "null", "true", "__typename", "__schema", "$id", "-0"),
        *("@skip(if: true)", "@include(if: $x)", "@defer", "...F", "fragment F on Query { ...F }", "9" * 400, "1e999"),
        *(OFFERING.id, "registrations", "nodes", "id", "first: 1", "type A { a: A }", "extend schema @a", "a: id"),
    ]
)


@pytest.fixture
async def gateway(gateway: Gateway, database: Database) -> Gateway:
    await store(database, COURSE, OFFERING, USER, REGISTRATION)
    return gateway


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A document, or part of it, with something in it that does not belong there."""
    document = draw(documents)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(document)))
        end = draw(st.integers(start, len(document)) | st.just(start))
        document = document[:start] + draw(tokens | hostile_texts) + document[end:]
    return document


async def ask(gateway: Gateway, document: str) -> None:
    body = json.dumps({"query": document})  # in ASCII: a document may have what UTF-8 can't write
    response = await gateway.http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert_well_answered(response)


@bounded
@given(documents)
async def test_any_document_of_the_schema_is_answered(gateway: Gateway, document: str) -> None:
    await ask(gateway, document)


@bounded
@given(broken())
async def test_any_broken_document_is_answered(gateway: Gateway, document: str) -> None:
    await ask(gateway, document)
