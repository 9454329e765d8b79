"""What other servers of GraphQL offer and this one does not is refused with a text that says what to change."""

from typing import Any

import pytest

from registrations.http.not_available import ACCEPT_JSON, JSON_INSTEAD, STREAMS, WEBSOCKET
from tests.support.gateway import Gateway

QUERY = {"query": "{ __typename }"}
NEWER = "application/graphql-response+json"
HANDSHAKE = {
    "upgrade": "websocket",
    "connection": "upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
}


async def refused(gateway: Gateway, method: str = "POST", **request: Any) -> tuple[int, str, str]:
    """The status, and code and message of the only error."""
    response = await gateway.http.request(method, "/graphql", **request)
    [error] = response.json()["errors"]
    return response.status_code, error["extensions"]["code"], error["message"]


@pytest.mark.parametrize("protocol", ["graphql-transport-ws", "graphql-ws", "graphql-ws, graphql-transport-ws"])
async def test_websockets_are_not(gateway: Gateway, protocol: str) -> None:
    headers = {**HANDSHAKE, "sec-websocket-protocol": protocol}
    assert await refused(gateway, "GET", headers=headers) == (400, "BAD_USER_INPUT", WEBSOCKET)
    for words in ("graphql-transport-ws", "graphql-ws", "POST", "`HttpLink`", "`fetchExchange`"):
        assert words in WEBSOCKET


async def test_an_operation_is_answered_though_it_offers_to_become_a_websocket(gateway: Gateway) -> None:
    preflight = {"apollo-require-preflight": "true"}
    for response in (
        await gateway.http.post("/graphql", json=QUERY, headers=HANDSHAKE),
        await gateway.http.get("/graphql", params=QUERY, headers={**HANDSHAKE, **preflight}),
    ):
        assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("accept", "reason"),
    [
        ("text/event-stream", STREAMS["text/event-stream"]),
        ("Text/Event-Stream; charset=utf-8", STREAMS["text/event-stream"]),
        ("text/event-stream, multipart/mixed", STREAMS["text/event-stream"]),  # urql's subscriptions
        ("multipart/mixed; boundary=graphql; subscriptionSpec=1.0", STREAMS["multipart/mixed"]),
        ("text/event-stream, application/json;q=0", STREAMS["text/event-stream"]),
        ("text/html", f"{ACCEPT_JSON}: an answer has no other media type."),
        ("application/xml, text/*", f"{ACCEPT_JSON}: an answer has no other media type."),
        ("*/*;q=0", f"{ACCEPT_JSON}: an answer has no other media type."),
    ],
)
async def test_an_answer_is_json(gateway: Gateway, accept: str, reason: str) -> None:
    assert await refused(gateway, json=QUERY, headers={"accept": accept}) == (406, "BAD_USER_INPUT", reason)


@pytest.mark.parametrize(
    "accept",
    [
        *("*/*", "", ",", "application/*", "application/json", NEWER, "text/html, */*;q=0.1"),
        # urql, and Apollo Client for a query with `@defer`
        f"{NEWER}, application/graphql+json, application/json, text/event-stream, multipart/mixed",
        f"multipart/mixed;deferSpec=20220824,{NEWER},application/json;q=0.9",
    ],
)
async def test_who_takes_json_besides_gets_it(gateway: Gateway, accept: str) -> None:
    response = await gateway.http.post("/graphql", json=QUERY, headers={"accept": accept})
    assert (response.status_code, response.json()["data"]) == (200, {"__typename": "Query"})


@pytest.mark.parametrize("accept", [NEWER, "application/json"])
@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{ viewer { scopes ... @defer { user { id } } } }", "`@defer` is not available: leave it out"),
        ("{ viewer { scopes @stream } }", "`@stream` is not available: leave it out"),
        ("subscription { registrations { totalCount } }", "Subscriptions are not available: send a query"),
    ],
)
async def test_an_answer_comes_once_and_as_a_whole(gateway: Gateway, document: str, message: str, accept: str) -> None:
    status, code, text = await refused(gateway, json={"query": document}, headers={"accept": accept})
    assert (status, code) == (400 if accept == NEWER else 200, "GRAPHQL_VALIDATION_FAILED")
    assert text.startswith(message)


@pytest.mark.parametrize(
    ("request_", "remedy"),
    [
        (
            {"data": {"operations": "{}", "map": "{}"}, "files": {"0": b"text"}},
            "Uploads of files are not available, and no field of the schema takes any.",
        ),
        ({"data": QUERY}, "Put the parameters of the form into a JSON object."),
        (
            {"content": "{ __typename }", "headers": {"content-type": "application/graphql; charset=utf-8"}},
            'Put the document into a JSON object: {"query": "{ viewer { scopes } }"}.',
        ),
    ],
)
async def test_a_request_is_json(gateway: Gateway, request_: dict[str, Any], remedy: str) -> None:
    assert await refused(gateway, **request_) == (415, "BAD_USER_INPUT", f"{JSON_INSTEAD} {remedy}")


async def test_a_request_is_one_operation(gateway: Gateway) -> None:
    status, code, message = await refused(gateway, json=[QUERY, QUERY])
    assert (status, code) == (400, "BAD_USER_INPUT")
    assert message == (
        "Batches are not available: send each operation in a request of its own "
        "(Apollo Client: `HttpLink` instead of `BatchHttpLink`)."
    )
