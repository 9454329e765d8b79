"""Without a token nothing is read that could be expensive: no long body, and no document that is not small."""

from collections.abc import AsyncIterator

import pytest
from graphql import get_introspection_query

from registrations.graphql.operations import documents
from registrations.graphql.operations.documents import MAXIMUM_LENGTH_UNSIGNED, MAXIMUM_TOKENS_UNSIGNED
from registrations.http.requests import MAXIMUM_BODY_UNSIGNED
from tests.support.gateway import Gateway

INTROSPECTION = get_introspection_query(
    specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
)
REFUSAL = {
    "errors": [
        {
            "message": "Sign in: send `Authorization: Bearer <token>`.",
            "extensions": {"code": "UNAUTHENTICATED"},
        }
    ]
}


@pytest.fixture
def gateway(guarded_gateway: Gateway) -> Gateway:
    return guarded_gateway


async def test_small_documents_are_answered(gateway: Gateway) -> None:
    assert await gateway.data("query Q { __typename viewer { scopes user { id } } }") == {
        "__typename": "Query",
        "viewer": None,
    }
    assert await gateway.data("query ($n: String!) { __type(name: $n) { name } }", n="User") == {
        "__type": {"name": "User"}
    }


async def test_so_is_the_introspection_of_tools_as_for_everybody_else(gateway: Gateway) -> None:
    assert len(INTROSPECTION) < MAXIMUM_LENGTH_UNSIGNED
    signed_in = gateway.signed_in("65ade781cc98d136543678191005431a")
    assert await gateway.data(INTROSPECTION) == await signed_in.data(INTROSPECTION)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{ viewer { scopes } }" + " " * MAXIMUM_LENGTH_UNSIGNED, id="long"),
        pytest.param("{ viewer {" + " scopes" * MAXIMUM_TOKENS_UNSIGNED + " } }", id="many tokens"),
        pytest.param("{" + " registrations { nodes { id } }" * 30 + " }", id="many repeats"),
        pytest.param("{ registrationz { totalCount } }", id="invalid"),
        pytest.param("{ viewer { scopes }", id="not GraphQL"),
        pytest.param('{ a: __type(name: "User") { name } b: __type(name: "User") { name } }', id="the schema twice"),
        pytest.param("{ registrations(first: 100) { nodes { user { registrations { nodes { id } } } } } }", id="dear"),
    ],
)  # fmt: skip
async def test_all_others_are_refused_before_they_are_validated(
    gateway: Gateway, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(documents, "validate")
    response = await gateway.http.post("/graphql", json={"query": document})
    body = response.json()
    body.pop("extensions", None)
    assert (response.status_code, response.headers["www-authenticate"], body) == (401, "Bearer", REFUSAL)


@pytest.mark.parametrize("headers", [{}, {"content-length": str(MAXIMUM_BODY_UNSIGNED + 1)}], ids=["chunks", "length"])
async def test_of_a_body_that_is_not_small_no_more_is_read(gateway: Gateway, headers: dict[str, str]) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1_000
            yield b" " * 1_000

    headers = {"content-type": "application/json", **headers}
    response = await gateway.http.post("/graphql", content=body(), headers=headers)
    assert (response.status_code, response.json()) == (401, REFUSAL)
    assert (response.headers["www-authenticate"], response.headers["connection"]) == ("Bearer", "close")
    assert sent == (0 if "content-length" in headers else MAXIMUM_BODY_UNSIGNED // 1_000 * 1_000 + 1_000)


async def test_nor_are_the_parameters_of_a_long_url(gateway: Gateway) -> None:
    headers = {"apollo-require-preflight": "true"}
    query = {"query": "{ __typename }", "extensions": " " * MAXIMUM_BODY_UNSIGNED}
    response = await gateway.http.get("/graphql", params=query, headers=headers)
    assert (response.status_code, response.json()) == (401, REFUSAL)


async def test_with_a_token_they_are_read(gateway: Gateway) -> None:
    signed_in = gateway.signed_in("65ade781cc98d136543678191005431a")
    long = "{ viewer { scopes } }" + " " * 2 * MAXIMUM_BODY_UNSIGNED
    assert await signed_in.data(long) == {"viewer": {"scopes": []}}
    code, _ = await signed_in.error("{ viewer { scopes }")
    assert code == "GRAPHQL_PARSE_FAILED"
