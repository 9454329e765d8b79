"""Which pages of other origins may use the gateway from a browser."""

import httpx
import pytest
from pydantic import ValidationError

from registrations.settings import Settings
from tests.support.gateway import Gateway, open_gateway

APP, ADMIN, STRANGER = "https://app.example.org", "http://localhost:3000", "https://example.com"
QUERY = {"query": "{ __typename }"}


async def preflight(
    gateway: Gateway, origin: str, headers: str = "content-type", method: str = "POST"
) -> httpx.Response:
    asked = {"access-control-request-method": method, "access-control-request-headers": headers}
    return await gateway.http.options("/graphql", headers={"origin": origin, **asked})


def allowed(response: httpx.Response) -> str | None:
    """The origin whose pages may read the answer."""
    origin: str | None = response.headers.get("access-control-allow-origin")
    return origin


async def test_unless_set_no_page_of_another_origin_may(gateway: Gateway) -> None:
    response = await gateway.http.post("/graphql", json=QUERY, headers={"origin": APP})
    assert [name for name in response.headers if name.startswith("access-control")] == []
    assert (await preflight(gateway, APP)).status_code == 405


async def test_pages_of_the_origins_that_are_set_may_ask_and_read(database_url: str) -> None:
    async with open_gateway(database_url, cors_origins=f"{APP}, {ADMIN}") as gateway:
        for origin in (APP, ADMIN):
            headers = "authorization, content-type, apollo-require-preflight, x-request-id, traceparent"
            for method in ("GET", "POST"):
                response = await preflight(gateway, origin, headers, method)
                assert (response.status_code, allowed(response)) == (200, origin)
            response = await gateway.http.post("/graphql", json=QUERY, headers={"origin": origin})
            assert (allowed(response), response.headers["vary"]) == (origin, "accept, Origin")
            exposed = response.headers["access-control-expose-headers"]
            assert exposed == "retry-after, www-authenticate, x-request-id"
            assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        "apollographql-client-name,apollographql-client-version",
        "baggage,sentry-trace",
        "traceparent, tracestate",
        "x-datadog-origin,x-datadog-parent-id,x-datadog-sampling-priority,x-datadog-trace-id",
        "X-GraphQL-Client-Name",
        "graphql-require-preflight,x-apollo-operation-name,x-requested-with",
        "x-a-header-that-nobody-knows-yet",
    ],
)
async def test_they_may_send_whatever_headers_they_like(database_url: str, headers: str) -> None:
    async with open_gateway(database_url, cors_origins=APP) as gateway:
        response = await preflight(gateway, APP, headers)
    assert (response.status_code, allowed(response)) == (200, APP)
    assert response.headers["access-control-allow-headers"] == headers


async def test_what_a_preflight_allows_is_kept_by_browsers_and_no_cache_in_between_mixes_it_up(
    database_url: str,
) -> None:
    async with open_gateway(database_url, cors_origins=APP) as gateway:
        for origin in (APP, STRANGER):
            headers = (await preflight(gateway, origin)).headers
            assert {"Origin", "Access-Control-Request-Headers"} <= set(headers["vary"].split(", "))
            assert (headers["access-control-max-age"], headers["cache-control"]) == ("600", "no-store")


async def test_a_star_for_a_label_is_exactly_one_label(database_url: str) -> None:
    async with open_gateway(database_url, cors_origins=f"{APP},https://*.preview.example.org") as gateway:
        for origin in (APP, "https://pr-12.preview.example.org", "https://a_b.preview.example.org"):
            assert allowed(await preflight(gateway, origin)) == origin
            assert allowed(await gateway.http.post("/graphql", json=QUERY, headers={"origin": origin})) == origin
        for origin in (
            *("https://preview.example.org", "https://.preview.example.org", "https://a.b.preview.example.org"),
            *("http://a.preview.example.org", "https://a.preview.example.org:8443", "https://a.previewxexample.org"),
            *("https://a.preview.example.org.example.com", "https://example.com/a.preview.example.org", "null"),
            *("https://example.com#.preview.example.org", "https://me@a.preview.example.org", f"{APP},{APP}"),
        ):
            assert allowed(await preflight(gateway, origin)) is None
            assert allowed(await gateway.http.post("/graphql", json=QUERY, headers={"origin": origin})) is None


async def test_others_still_may_not(database_url: str) -> None:
    async with open_gateway(database_url, cors_origins=APP) as gateway:
        for origin in (STRANGER, f"{APP}:8443", "http://app.example.org", "null"):
            response = await preflight(gateway, origin)
            assert (response.status_code, allowed(response)) == (400, None)
            assert allowed(await gateway.http.post("/graphql", json=QUERY, headers={"origin": origin})) is None
        assert (await preflight(gateway, APP, method="DELETE")).status_code == 400


async def test_a_star_allows_every_origin_but_no_cookies(database_url: str) -> None:
    async with open_gateway(database_url, cors_origins="*") as gateway:
        response = await gateway.http.post("/graphql", json=QUERY, headers={"origin": STRANGER, "cookie": "a=b"})
        assert allowed(response) == "*"
        assert "access-control-allow-credentials" not in response.headers


async def test_a_refusal_can_be_read_too(database_url: str) -> None:
    async with open_gateway(database_url, cors_origins=APP) as gateway:
        response = await gateway.http.post("/graphql", content=b"", headers={"origin": APP})
        assert (response.status_code, allowed(response)) == (415, APP)


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        (" , ", ()),
        ("*", ("*",)),
        ("http://[::1]:3000,capacitor://localhost", ("http://[::1]:3000", "capacitor://localhost")),
        ("https://*.preview.example.org:8443", ("https://*.preview.example.org:8443",)),
    ],
)
def test_origins_are_listed_with_commas(text: str, origins: tuple[str, ...]) -> None:
    assert Settings.model_validate({"cors_origins": text}).cors_origins == origins


@pytest.mark.parametrize(
    "origin",
    [
        *("app.example.org", "https://", "https://app.example.org/", "https://app.example.org/path", "null"),
        *("https://me@app.example.org", "https://App.example.org", "https://a b", "x,*"),
        *(
            "https://*",
            "https://*.org",
            "https://*.*.example.org",
            "https://a.*.example.org",
            "https://pr-*.example.org",
        ),
        *("*://app.example.org", "http://localhost:*", "https://*.example.org,*", "*,*", "https://*.1.2.3.4/"),
    ],
)
def test_what_no_browser_would_send_as_an_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError, match="is no origin: write scheme, host and perhaps port"):
        Settings.model_validate({"cors_origins": origin})
