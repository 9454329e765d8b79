"""Bodies, texts, cursors and numbers made to break something: each is answered, as the client's mistake."""

import base64
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.domain.records import RegistrationOrderField
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.gateway import Gateway
from tests.support.hostile import assert_well_answered, bounded, hostile_texts, json_values
from tests.support.records import a_course, a_registration, a_user, an_offering
from tests.support.samples import is_list, request_for, root_fields

JSON = {"content-type": "application/json"}

COURSE = a_course()
OFFERING = an_offering(COURSE)
USER = a_user()
REGISTRATION = a_registration(USER, OFFERING)

LIST = "{ totalCount nodes { id } pageInfo { startCursor hasNextPage hasPreviousPage } }"
IDS = {
    **{type(record).__name__: record.id for record in (COURSE, OFFERING, USER, REGISTRATION)},
    "ids": USER.id,
    "Node": OFFERING.id,
    "userId": USER.id,
    "offeringId": OFFERING.id,
    "courseId": COURSE.id,
    "registrationId": REGISTRATION.id,
    "availableToUserId": USER.id,
}
REQUESTS = [
    request_for(field, LIST if is_list(field) else "{ __typename }", IDS)
    for field in root_fields()
    if field.definition.args
]


@pytest.fixture
async def gateway(gateway: Gateway, database: Database) -> Gateway:
    await store(database, COURSE, OFFERING, USER, REGISTRATION)
    return gateway


@pytest.mark.parametrize(("document", "variables"), REQUESTS)
async def test_the_requests_that_are_damaged_here_are_answered_with_data(
    gateway: Gateway, document: str, variables: dict[str, Any]
) -> None:
    assert await gateway.data(document, **variables)


def written(value: Any) -> bytes:
    """As JSON that escapes whatever is not ASCII, so that what UTF-8 can't write gets through as well."""
    return json.dumps(value).encode()


def places(value: Any) -> list[tuple[str | int, ...]]:
    """Where something else could be put into a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((key, *place) for key, below in items for place in places(below))]


def put(value: Any, place: tuple[str | int, ...], replacement: Any) -> Any:
    if not place:
        return replacement
    key, *rest = place
    copy = value.copy()
    copy[key] = put(value[key], tuple(rest), replacement)
    return copy


@st.composite
def requests_with(draw: st.DrawFn, replacements: st.SearchStrategy[Any]) -> dict[str, Any]:
    """A request that would be answered with data if one value of its variables were not replaced."""
    document, variables = draw(st.sampled_from(REQUESTS))
    place = draw(st.sampled_from(places(variables)[1:]))
    return {"query": document, "variables": put(variables, place, draw(replacements))}


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The bytes of a good request, of which some were replaced."""
    document, variables = draw(st.sampled_from(REQUESTS))
    body = written({"query": document, "variables": variables})
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 10)))
    return body[:start] + draw(st.binary(max_size=10)) + body[end:]


@st.composite
def forged_cursors(draw: st.DrawFn) -> str:
    """What a cursor is inside, with contents that no list wrote."""
    order = st.builds("{}:{}".format, st.sampled_from(RegistrationOrderField), st.sampled_from(["asc", "desc"]))
    value = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text() | st.booleans()
    id_ = st.just(USER.id) | st.text(max_size=40)
    parts = draw(st.tuples(order | st.just("title") | st.text(), value, id_) | st.lists(value, max_size=4))
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


async def post(gateway: Gateway, body: bytes) -> None:
    assert_well_answered(await gateway.http.post("/graphql", content=body, headers=JSON))


@bounded
@given(
    st.binary()
    | json_values.map(written)
    | st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("query", "variables", "operationName", "extensions"), json_values)
    ).map(written)
    | damaged()
)
async def test_any_body_is_answered(gateway: Gateway, body: bytes) -> None:
    await post(gateway, body)


@bounded
@given(st.dictionaries(st.sampled_from(["query", "variables", "operationName", "extensions"]), st.text()))
async def test_any_parameters_of_get_are_answered(gateway: Gateway, parameters: dict[str, str]) -> None:
    assert_well_answered(await gateway.http.get("/graphql", params=parameters))


@bounded
@given(requests_with(hostile_texts))
async def test_any_text_is_answered(gateway: Gateway, request_: dict[str, Any]) -> None:
    await post(gateway, written(request_))


@bounded
@given(requests_with(json_values))
async def test_any_value_of_a_variable_is_answered(gateway: Gateway, request_: dict[str, Any]) -> None:
    await post(gateway, written(request_))


@bounded
@given(forged_cursors(), st.sampled_from(RegistrationOrderField), st.sampled_from(["ASC", "DESC"]))
async def test_any_cursor_is_answered(
    gateway: Gateway, cursor: str, field: RegistrationOrderField, direction: str
) -> None:
    by = f"{{field: {field.upper()}, direction: {direction}}}"
    document = (
        f"query ($cursor: String) {{ after: registrations(after: $cursor, orderBy: {by}) {LIST} "
        f"before: registrations(before: $cursor, orderBy: {by}) {LIST} title: offerings(after: $cursor) {LIST} }}"
    )
    await post(gateway, written({"query": document, "variables": {"cursor": cursor}}))


@bounded
@given(
    *[st.none() | st.integers(-2, 102) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)] * 2,
    st.sampled_from(["registrations", "offerings"]),
)
async def test_any_size_of_a_page_is_answered(
    gateway: Gateway, first: float | None, last: float | None, name: str
) -> None:
    document = f"query ($first: Int, $last: Int) {{ {name}(first: $first, last: $last) {LIST} }}"
    await post(gateway, written({"query": document, "variables": {"first": first, "last": last}}))
