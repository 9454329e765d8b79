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

JSON = {"content-type": "application/json"}

COURSE = a_course()
OFFERING = an_offering(COURSE)
USER = a_user()
REGISTRATION = a_registration(USER, OFFERING)

LIST = "{ totalCount nodes { id } pageInfo { startCursor hasNextPage hasPreviousPage } }"
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("query ($id: ID!) { node(id: $id) { id } }", {"id": USER.id}),
    ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [USER.id, OFFERING.id]}),
    ("query ($id: ID!) { registration(id: $id) { id user { id } } }", {"id": REGISTRATION.id}),
    (f"query ($id: ID!) {{ user(id: $id) {{ registrations {LIST} }} }}", {"id": USER.id}),
    (f"query ($id: ID!) {{ offering(id: $id) {{ registrations {LIST} }} }}", {"id": OFFERING.id}),
    (f"query ($after: String) {{ registrations(after: $after) {LIST} }}", {"after": None}),
    (f"query ($before: String) {{ offerings(before: $before) {LIST} }}", {"before": None}),
    (f"query ($first: Int, $last: Int) {{ offerings(first: $first, last: $last) {LIST} }}", {"first": 1, "last": None}),
    (
        (
            "query ($of: RegistrationFilterInput, $by: RegistrationOrderInput) "
            f"{{ registrations(filter: $of, orderBy: $by) {LIST} }}"
        ),
        {
            "of": {
                "status": ["ACTIVE"],
                "userId": [USER.id],
                "offeringId": [OFFERING.id],
                "courseId": [COURSE.id],
                "createdDate": {"gte": "2026-01-01T00:00:00Z", "lt": "2026-12-31T23:59:60+23:59", "isNull": False},
            },
            "by": {"field": "END_DATE", "direction": "ASC"},
        },
    ),
    (
        f"query ($filter: OfferingFilterInput) {{ offerings(filter: $filter) {LIST} }}",
        {"filter": {"title": "aid", "courseId": [COURSE.id], "availableToUserId": USER.id}},
    ),
    (
        "mutation ($input: RegisterUserInput!) { registerUser(input: $input) { __typename } }",
        {"input": {"userId": USER.id, "offeringId": OFFERING.id}},
    ),
    (
        "mutation ($input: AssignGradeInput!) { assignGrade(input: $input) { __typename } }",
        {"input": {"registrationId": REGISTRATION.id, "gradePercentage": 50, "comment": "!"}},
    ),
    (
        "mutation ($input: EjectRegistrationInput!) { ejectRegistration(input: $input) { __typename } }",
        {"input": {"registrationId": REGISTRATION.id}},
    ),
]


@pytest.fixture
async def gateway(gateway: Gateway, database: Database) -> Gateway:
    await store(database, COURSE, OFFERING, USER, REGISTRATION)
    return gateway


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
