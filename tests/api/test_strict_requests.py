"""What two readers could understand differently, or one not at all, is refused with a reason: never 500."""

from typing import Any

import pytest

from registrations.http.not_available import ONE_OPERATION
from registrations.http.requests import MAXIMUM_VALUES
from tests.support.gateway import Gateway

JSON = {"content-type": "application/json"}
NO_PAGE = {"apollo-require-preflight": "true"}


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


NO_VALID_JSON = "is no valid JSON: "  # and what, in the words of orjson
NO_JSON = [
    ('{"a": 1, "b": 2, "a": 1}', 'has "a" more than once in an object: send each name once.'),
    ('{"a": 1, "\\u0061": 1}', 'has "a" more than once in an object: send each name once.'),
    ('{"x": [{"y": {"a": {}, "a": {}}}]}', 'has "a" more than once in an object: send each name once.'),
    (
        '{"x": NaN}',
        NO_VALID_JSON,
    ),
    (
        '{"x": -Infinity}',
        NO_VALID_JSON,
    ),
    (
        '{"x": 1' + "0" * 5000 + "}",
        NO_VALID_JSON,
    ),
    (
        '{"x": "\\ud800"}',
        NO_VALID_JSON,
    ),
    ("\N{BOM}{}", NO_VALID_JSON),
    (nested(33), "nests more than 32 levels deep: send fewer."),
    (nested(1000), "nests more than 32 levels deep: send fewer."),
    ('{"x": ' * 50 + "1" + "}" * 50, "nests more than 32 levels deep: send fewer."),
    (nested(100_000), NO_VALID_JSON),
    ("{} {}", NO_VALID_JSON),
    (
        "{" + "".join(f'"{n}": 1, ' for n in range(10_000)) + '"9999": 1}',
        'has "9999" more than once in an object: send each name once.',
    ),
]


async def refused(gateway: Gateway, method: str, **request: Any) -> tuple[int, str]:
    """The status and the reason, which is the only error."""
    response = await gateway.http.request(method, "/graphql", **request)
    [error] = response.json()["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    return response.status_code, error["message"]


@pytest.mark.parametrize(("text", "reason"), NO_JSON)
async def test_a_body_is_json_and_nothing_else(gateway: Gateway, text: str, reason: str) -> None:
    status, message = await refused(gateway, "POST", content=text.encode(), headers=JSON)
    told = f"The body {reason}"
    assert (status, message[: len(told)]) == (400, told)


@pytest.mark.parametrize("name", ["variables", "extensions"])
@pytest.mark.parametrize(("text", "reason"), [case for case in NO_JSON if len(case[0]) < 50_000])
async def test_so_are_the_parameters_of_get(gateway: Gateway, name: str, text: str, reason: str) -> None:
    parameters = {"query": "{ __typename }", name: text}
    status, message = await refused(gateway, "GET", params=parameters, headers=NO_PAGE)
    told = f"`{name}` {reason}"
    assert (status, message[: len(told)]) == (400, told)


async def test_as_deep_as_allowed_is_taken(gateway: Gateway) -> None:
    body = f'{{"query": "{{ __typename }}", "variables": {{"x": {nested(30)}}}}}'
    response = await gateway.http.post("/graphql", content=body.encode(), headers=JSON)
    assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"query": "\xff"}', "invalid start byte at byte 11"),
        (b'{"query": "\xed\xa0\x80"}', "invalid continuation byte at byte 11"),
        (b"\x1f\x8b\x08\x00", "invalid start byte at byte 1"),
        ('{"query": "{ __typename }"}'.encode("utf-16"), "invalid start byte at byte 0"),
    ],
)
async def test_a_body_is_utf_8(gateway: Gateway, body: bytes, reason: str) -> None:
    assert await refused(gateway, "POST", content=body, headers=JSON) == (
        400,
        f"The body is no UTF-8: {reason}; encode it as UTF-8.",
    )


@pytest.mark.parametrize("body", [b"[]", b'[{"query": "{ __typename }"}]', b"[1]"])
async def test_a_request_is_one_operation(gateway: Gateway, body: bytes) -> None:
    assert await refused(gateway, "POST", content=body, headers=JSON) == (400, ONE_OPERATION)


@pytest.mark.parametrize("encoding", ["gzip", "br", "GZIP", "identity, gzip", "nonsense"])
async def test_a_compressed_body_is_not_unpacked(gateway: Gateway, encoding: str) -> None:
    headers = JSON | {"content-encoding": encoding}
    assert await refused(gateway, "POST", content=b'{"query": "{ __typename }"}', headers=headers) == (
        415,
        "Send the body as it is, without a `Content-Encoding`.",
    )


async def test_an_encoding_that_changes_nothing_is_none(gateway: Gateway) -> None:
    headers = JSON | {"content-encoding": "Identity"}
    response = await gateway.http.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ("query={a}&query={b}", 'The URL has the parameter "query" 2 times: send it once.'),
        ("query={a}&variables=&variables=&variables=", 'The URL has the parameter "variables" 3 times: send it once.'),
        ("query=%ff", "The parameters of the URL are no UTF-8: encode them as UTF-8."),
    ],
)
async def test_each_parameter_of_get_is_there_once_and_readable(gateway: Gateway, parameters: str, reason: str) -> None:
    response = await gateway.http.get(f"/graphql?{parameters}", headers=NO_PAGE)
    assert (response.status_code, response.json()["errors"][0]["message"]) == (400, reason)


TOO_MANY_VALUES = 400, "`variables` has at most 1000 values: send fewer."


async def test_variables_have_so_many_values_at_most(gateway: Gateway) -> None:
    lists = [[1] * 10 for _ in range(90)]
    body = {"query": "{ __typename }", "variables": {"a": lists, "b": {"c": [1] * 7}}}  # 1 + 90 + 900 + 1 + 1 + 7
    assert (await gateway.http.post("/graphql", json=body)).json()["data"] == {"__typename": "Query"}
    lists.append([])
    assert await refused(gateway, "POST", json=body) == TOO_MANY_VALUES


async def test_so_have_the_shortest_variables_there_are(gateway: Gateway) -> None:
    variables = '{"":[' + ",".join("0" * MAXIMUM_VALUES) + "]}"
    body = '{"query":"{x}","variables":' + variables + "}"
    json = {"content-type": "application/json"}
    assert await refused(gateway, "POST", content=body, headers=json) == TOO_MANY_VALUES
    assert (
        await refused(gateway, "GET", params={"query": "{x}", "variables": variables}, headers=json) == TOO_MANY_VALUES
    )
    body = body.replace("0,", "", 1)
    assert (await gateway.http.post("/graphql", content=body, headers=json)).status_code == 200


@pytest.mark.parametrize(
    ("name", "values", "status"),
    [
        ("content-type", ("application/json", "application/json"), 415),
        ("content-type", ("application/json", "text/plain"), 415),
        ("content-encoding", ("identity", "gzip"), 415),
        ("content-encoding", ("gzip", "identity"), 415),
    ],
)
async def test_a_header_in_two_lines_is_one_with_a_comma(
    gateway: Gateway, name: str, values: tuple[str, ...], status: int
) -> None:
    headers = [(name, value) for value in values]
    if name != "content-type":
        headers += JSON.items()
    response = await gateway.http.post("/graphql", content='{"query": "{ __typename }"}', headers=headers)
    assert response.status_code == status


async def test_what_is_accepted_may_be_in_several_lines(gateway: Gateway) -> None:
    accepted = [("accept", "text/plain"), ("accept", "application/graphql-response+json"), *JSON.items()]
    response = await gateway.http.post("/graphql", content='{"query": "{ __typename }"}', headers=accepted)
    assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"


async def test_methods_that_ask_for_nothing_are_refused(gateway: Gateway) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "BREW"):
        response = await gateway.http.request(method, "/graphql", json={"query": "{ __typename }"})
        assert (response.status_code, response.headers["allow"]) == (405, "POST, GET, HEAD")
