"""How requests arrive and answers leave. The audits of the specification are in `test_graphql_over_http`."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from registrations.http.responses import preferred_media_type
from registrations.storage.connections.database import Database
from tests.conftest import database_named, execute
from tests.support.database import store, stored_registrations
from tests.support.gateway import Gateway, open_gateway
from tests.support.records import a_course, a_user, an_offering

JSON = {"content-type": "application/json"}
NEWER = "application/graphql-response+json"
NO_PAGE = {"apollo-require-preflight": "true"}  # of another site, says who asks by GET


def only_error(response: httpx.Response) -> tuple[int, str, str]:
    body = response.json()
    assert "data" not in body
    [error] = body["errors"]
    return response.status_code, error["extensions"]["code"], error["message"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The body is no valid JSON: "),
        (b"{", "The body is no valid JSON: "),
        (b"\x1f\x8b", "The body is no UTF-8: "),
        (b'{"query": "{ __typename }", "variables": {"a": NaN}}', "The body is no valid JSON: "),
        (b'{"query": "\\ud800"}', "The body is no valid JSON: "),
        (b'{"query": "\xff"}', "The body is no UTF-8: "),
        (b"[" * 100_000, "The body is no valid JSON: "),
        (b"null", "The body has to be a JSON object"),
        (b"5", "The body has to be a JSON object"),
        (b'[{"query": "{ __typename }"}]', "Batches are not available: "),
        (b"{}", "`query` is missing"),
        (b'{"query": null}', "`query` is missing"),
        (b'{"query": ""}', "`query` is missing"),
        (b'{"query": ["{ __typename }"]}', "`query` is missing"),
        (b'{"query": "{ __typename }", "operationName": 5}', "`operationName` has to be a string or null."),
        (b'{"query": "{ __typename }", "variables": "{}"}', "`variables` has to be an object or null."),
        (b'{"query": "{ __typename }", "extensions": []}', "`extensions` has to be an object or null."),
    ],
)
async def test_a_body_that_asks_for_nothing_is_refused_with_a_reason(
    gateway: Gateway, body: bytes, message: str
) -> None:
    status, code, text = only_error(await gateway.http.post("/graphql", content=body, headers=JSON))
    assert (status, code, text[: len(message)]) == (400, "BAD_USER_INPUT", message)


async def test_a_body_that_is_too_long_is_not_even_read(gateway: Gateway) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"query": "{ __typename }", "extensions": {"x": "'
        while True:
            yield b"x" * 65_536

    told = (413, "BAD_USER_INPUT", "A request has at most 256 KiB.")
    assert only_error(await gateway.http.post("/graphql", content=b" " * 262_145, headers=JSON)) == told
    assert only_error(await gateway.http.post("/graphql", content=endless(), headers=JSON)) == told
    just_right = b'{"query": "{ __typename }"}'.ljust(262_144)
    assert (await gateway.http.post("/graphql", content=just_right, headers=JSON)).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        *(None, "", "nonsense", "text/plain", "application/json-patch+json", "x-application/json"),
        "text/plain; application/json",
    ],
)
async def test_only_json_is_taken(gateway: Gateway, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await gateway.http.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    assert only_error(response) == (415, "BAD_USER_INPUT", "Send the request as `Content-Type: application/json`.")


@pytest.mark.parametrize(
    "charset", ["latin-1", "ISO-8859-1", "utf-16", "us-ascii", "utf-8-sig", "", "'utf-8'", "utf-8; charset=latin-1"]
)
async def test_no_other_charset_than_utf_8_is_taken(gateway: Gateway, charset: str) -> None:
    headers = {"content-type": f"application/json; charset={charset}"}
    response = await gateway.http.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    reason = "Encode the body as UTF-8, and send it as `Content-Type: application/json`."
    assert only_error(response) == (415, "BAD_USER_INPUT", reason)


@pytest.mark.parametrize(
    "content_type",
    [
        *("application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"; x=y'),
        *("application/json; charset=UTF8", 'application/json ; Charset="Utf8"', "application/json;charset=csUTF8"),
        *("application/json; charset=utf-8; charset=UTF-8", "application/json; profile=x"),
    ],
)
async def test_json_is_json_however_it_is_written(gateway: Gateway, content_type: str) -> None:
    headers = {"content-type": content_type}
    response = await gateway.http.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    assert (response.status_code, response.json()["data"]) == (200, {"__typename": "Query"})


@pytest.mark.parametrize(
    "document",
    [
        f"{{ registrations(first: 1{'0' * 5000}) {{ totalCount }} }}",
        f"query ($first: Int = 1{'0' * 5000}) {{ registrations(first: $first) {{ totalCount }} }}",
    ],
)
async def test_a_number_of_thousands_of_digits_is_the_clients_error(gateway: Gateway, document: str) -> None:
    assert await gateway.error(document) == ("GRAPHQL_VALIDATION_FAILED", "A value is out of the range of its type.")


async def test_empty_parameters_of_get_are_none(gateway: Gateway) -> None:
    parameters = {"query": "{ __typename }", "variables": "", "extensions": "", "operationName": ""}
    response = await gateway.http.get("/graphql", params=parameters, headers=NO_PAGE)
    assert (response.status_code, response.json()["data"]) == (200, {"__typename": "Query"})


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: ID!) { user(id: $id) { id } }", {"id": None}, "BAD_USER_INPUT"),
        ("query A { __typename } query B { __typename }", {}, "BAD_USER_INPUT"),
    ],
)
@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (NEWER, 400)])
async def test_what_is_not_executed_has_no_data(
    gateway: Gateway, document: str, variables: dict[str, Any], code: str, accept: str, status: int
) -> None:
    response = await gateway.http.post(
        "/graphql", json={"query": document, "variables": variables}, headers={"accept": accept}
    )
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    assert only_error(response)[:2] == (status, code)


@pytest.mark.parametrize(
    "document",
    [
        "{ __typename registrations(first: 1000) { totalCount } }",
        "query ($x: Boolean = true) { viewer { scopes @skip(if: $x) } }",
    ],
)
@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (NEWER, 294), ("*/*", 200)])
async def test_data_beside_errors_is_a_partial_success(
    gateway: Gateway, document: str, accept: str, status: int
) -> None:
    body = {"query": document, "variables": {"x": None}}
    response = await gateway.http.post("/graphql", json=body, headers={"accept": accept})
    assert (response.status_code, response.is_success) == (status, True)
    assert {"data", "errors"} <= response.json().keys()


@pytest.mark.parametrize("accept", ["application/json", NEWER])
async def test_data_alone_is_a_success(gateway: Gateway, accept: str) -> None:
    response = await gateway.http.post("/graphql", json={"query": "{ __typename }"}, headers={"accept": accept})
    assert response.status_code == 200


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (NEWER, 400)])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("query", [{}, {"query": ""}])
async def test_hashes_of_queries_are_not_supported(
    gateway: Gateway, method: str, query: dict[str, str], accept: str, status: int
) -> None:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "a" * 64}}
    asked: dict[str, Any] = (
        {"json": {**query, "operationName": "A", "variables": {}, "extensions": extensions}}
        if method == "POST"
        else {"params": {**query, "extensions": orjson.dumps(extensions).decode()}}
    )
    response = await gateway.http.request(method, "/graphql", **asked, headers={"accept": accept})
    told = only_error(response)
    assert told == (status, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
    assert response.headers["cache-control"] == "no-store"


async def test_a_query_beside_its_hash_runs(gateway: Gateway) -> None:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "a" * 64}}
    response = await gateway.http.post("/graphql", json={"query": "{ __typename }", "extensions": extensions})
    assert response.json()["data"] == {"__typename": "Query"}


async def test_the_operation_named_is_the_one_that_runs(gateway: Gateway) -> None:
    document = "query A { a: __typename } query B { b: __typename }"
    response = await gateway.http.post("/graphql", json={"query": document, "operationName": "B"})
    assert response.json()["data"] == {"b": "Query"}


async def test_get_runs_queries(gateway: Gateway) -> None:
    parameters = {"query": "query ($id: ID!) { user(id: $id) { id } }", "variables": '{"id": "x"}'}
    response = await gateway.http.get("/graphql", params=parameters, headers=NO_PAGE)
    assert (response.status_code, response.json()["data"]) == (200, {"user": None})


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_only_post_runs_mutations(gateway: Gateway, database: Database, method: str) -> None:
    course, user = a_course(), a_user()
    offering = an_offering(course)
    await store(database, course, user, offering)
    given = f'{{userId: "{user.id}", offeringId: "{offering.id}"}}'
    document = f"mutation {{ registerUser(input: {given}) {{ __typename }} }}"
    response = await gateway.http.request(method, "/graphql", params={"query": document}, json={"query": document})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    if method == "GET":
        assert only_error(response)[1:] == ("BAD_USER_INPUT", "GET is for queries: send mutations by POST.")
    assert await stored_registrations(database) == []


async def test_get_with_variables_that_are_no_json_is_refused(gateway: Gateway) -> None:
    parameters = {"query": "{ __typename }", "variables": "{"}
    response = await gateway.http.get("/graphql", params=parameters, headers=NO_PAGE)
    status, code, message = only_error(response)
    assert (status, code, message[:31]) == (400, "BAD_USER_INPUT", "`variables` is no valid JSON: u")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_not_allowed(gateway: Gateway, method: str) -> None:
    response = await gateway.http.request(method, "/graphql")
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/html", "application/json"),
        ("application/*", "application/json"),
        (NEWER, NEWER),
        (NEWER.upper(), NEWER),
        (f"{NEWER}, application/json;q=0.9", NEWER),
        (f"{NEWER}; charset=utf-8, application/json; charset=utf-8", NEWER),
        (f"application/json, {NEWER}", NEWER),
        (f"application/json, {NEWER};q=0.5", "application/json"),
        (f"{NEWER};q=0.5, */*;q=0.1", NEWER),
        (f"{NEWER};q=0, */*", "application/json"),
        (f"{NEWER};q=high", "application/json"),
        (f"{NEWER}{',' * 60_000}", NEWER),
        (f"{',' * 60_000}{NEWER}", "application/json"),  # so far nobody looks
    ],
)
def test_the_client_chooses_the_media_type(accept: str, chosen: str) -> None:
    assert preferred_media_type(accept.encode()) == chosen


async def test_an_unexpected_failure_is_told_by_an_id_alone(
    gateway: Gateway, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await execute(database.url, "ALTER TABLE users RENAME TO lost")
    try:
        answer = (await gateway.post('{ user(id: "00000000000000000000000000000000") { id } }')).json()
    finally:
        await execute(database.url, "ALTER TABLE lost RENAME TO users")
    [error] = answer["errors"]
    error_id = error["extensions"]["id"]
    assert answer["data"] == {"user": None}
    assert error["message"] == f"An unexpected error occurred; its id is {error_id}."
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert [error_id in record.getMessage() for record in caplog.records] == [True]
    assert "users" not in orjson.dumps(answer).decode().replace('"user"', "")


async def test_health_tells_of_the_process_and_readiness_of_the_database(gateway: Gateway) -> None:
    for path in ("/healthz", "/readyz"):
        response = await gateway.http.get(path)
        assert (response.status_code, response.text) == (200, "ok")


async def test_without_its_database_the_gateway_is_alive_and_not_ready(server_url: str, migrated_database: str) -> None:
    await execute(server_url, f"CREATE DATABASE doomed TEMPLATE {migrated_database}")
    async with open_gateway(database_named("doomed", server_url)) as gateway:
        await execute(server_url, "DROP DATABASE doomed WITH (FORCE)")
        ready, alive = await gateway.http.get("/readyz"), await gateway.http.get("/healthz")
    assert (ready.status_code, ready.text) == (503, "the database does not answer")
    assert (alive.status_code, alive.text) == (200, "ok")


@pytest.mark.parametrize(
    "path",
    ["/", "/graphql/", "/graphiql", "/api/graphql", "/GraphQL", "/graphql/stream", "/subscriptions", "//graphql"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("accept", ["*/*", NEWER, "text/html,application/xhtml+xml,*/*;q=0.8", "text/event-stream"])
async def test_where_nothing_is_the_way_to_graphql_is_told(
    gateway: Gateway, method: str, path: str, accept: str
) -> None:
    response = await gateway.http.request(method, f"http://localhost{path}", headers={"accept": accept})
    reason = "Nothing is at this address: GraphQL is at `/graphql`."
    assert only_error(response) == (404, "BAD_USER_INPUT", reason)
    media_type = NEWER if accept == NEWER else "application/json"
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize("path", ["/graphql/", "//graphql", "/metrics/", "/graphql/assets"])
async def test_nobody_is_led_to_where_the_host_header_says(gateway: Gateway, path: str) -> None:
    response = await gateway.http.post(path, headers={**JSON, "host": "localhost:1"})
    assert (response.status_code, response.headers.get("location")) == (404, None)
