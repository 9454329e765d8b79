"""Queries by GET run where no page of another site can have sent them unasked."""

import pytest

from registrations.http.cross_site import REFUSAL
from tests.support.gateway import Gateway, open_gateway

QUERY = {"query": "{ __typename }"}


async def is_run(gateway: Gateway, headers: dict[str, str], method: str = "GET") -> bool:
    """Whether the query runs; if not, it was refused as one that any page could have sent."""
    response = await gateway.http.request(method, "/graphql", params=QUERY, headers=headers)
    if response.status_code == 200:
        assert method == "HEAD" or response.json()["data"] == {"__typename": "Query"}
        return True
    assert response.status_code == 400
    if method == "GET":
        [error] = response.json()["errors"]
        assert (error["message"], error["extensions"]) == (REFUSAL, {"code": "BAD_USER_INPUT"})
    return False


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"apollo-require-preflight": ""},
        {"authorization": ""},
        {"authorization": "Basic dXNlcjpwYXNzd29yZA=="},  # a browser that knows the password adds it by itself
        {"authorization": "Negotiate YII="},
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "text/plain; application/json"},
        {"content-type": "text/plain; charset=application/json"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=application/json"},
        {"content-type": "application/json-patch+json"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},  # another application of the organisation may be anybody's
        {"sec-fetch-site": "none"},
        {"origin": "https://app.example.org"},  # which nobody allowed
        {"origin": "null"},
        {"origin": ""},
        {"x-request-id": "known-to-proxies"},
    ],
)
async def test_what_any_page_could_send_is_not(gateway: Gateway, headers: dict[str, str]) -> None:
    assert [await is_run(gateway, headers, method) for method in ("GET", "HEAD")] == [False, False]


@pytest.mark.parametrize(
    "headers",
    [
        {"apollo-require-preflight": "true"},
        {"Apollo-Require-Preflight": "0"},
        {"graphql-require-preflight": "1"},
        {"x-apollo-operation-name": "Typename"},
        {"authorization": "Bearer anything"},
        {"authorization": "bearer anything"},
        {"content-type": "application/json"},
        {"content-type": "Application/JSON ; charset=latin-1"},
        {"sec-fetch-site": "same-origin"},
    ],
)
async def test_what_a_browser_asks_about_first_is(gateway: Gateway, headers: dict[str, str]) -> None:
    assert [await is_run(gateway, headers, method) for method in ("GET", "HEAD")] == [True, True]


async def test_a_page_of_an_allowed_origin_may_send_them(database_url: str) -> None:
    async with open_gateway(database_url, cors_origins="https://app.example.org,https://*.example.net") as gateway:
        for origin in ("https://app.example.org", "https://pr-7.example.net"):
            assert await is_run(gateway, {"origin": origin})
        for origin in ("https://example.com", "https://app.example.org.example.com", "https://example.net", "null"):
            assert not await is_run(gateway, {"origin": origin})


async def test_where_every_origin_is_allowed_only_requests_without_one_are_refused(database_url: str) -> None:
    async with open_gateway(database_url, cors_origins="*") as gateway:
        assert await is_run(gateway, {"origin": "https://example.com"})
        assert not await is_run(gateway, {})


def test_the_reason_says_what_to_do_in_the_words_of_urql_and_apollo() -> None:
    for words in ("`preferGetMethod: false`", "`useGETForQueries`", "`Apollo-Require-Preflight: true`", "by POST"):
        assert words in REFUSAL
