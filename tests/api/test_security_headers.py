"""What every answer tells browsers not to do with it."""

from typing import cast

import httpx
import pytest

from registrations.app import create_app
from registrations.http import graphiql
from registrations.settings import Settings
from tests.support.gateway import Gateway, client_of

CLOSED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
BROWSER = {"accept": "text/html"}

needs_page = pytest.mark.skipif(not graphiql.PAGE.exists(), reason="python src/graphiql/build.py builds the page")


def told(response: httpx.Response) -> dict[str, str | None]:
    assert "strict-transport-security" not in response.headers
    return {name: response.headers.get(name) for name in CLOSED}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/graphql", 415),
        ("GET", "/graphql", 400),
        ("HEAD", "/graphql", 400),
        ("PUT", "/graphql", 405),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("POST", "/readyz", 405),
        ("GET", "/nothing", 404),
        ("GET", "/graphql/assets/nothing.js", 404),
    ],
)
async def test_answers_are_not_kept_guessed_embedded_or_run(
    gateway: Gateway, method: str, path: str, status: int
) -> None:
    response = await gateway.http.request(method, path)
    assert (response.status_code, told(response)) == (status, CLOSED)


async def test_so_are_those_to_operations(gateway: Gateway) -> None:
    response = await gateway.http.post("/graphql", json={"query": "{ __typename }"})
    assert (response.status_code, told(response)) == (200, CLOSED)


@needs_page
async def test_the_page_and_its_assets_say_for_themselves_what_they_run_and_how_long_they_last(
    gateway: Gateway,
) -> None:
    asset = next((graphiql.PAGE / "assets").glob("*.js"))
    page, script = (
        await gateway.http.get("/graphql", headers=BROWSER),
        await gateway.http.get(f"/graphql/assets/{asset.name}"),
    )
    policy = {"content-security-policy": graphiql.CONTENT_SECURITY_POLICY}
    assert told(page) == CLOSED | policy | {"cache-control": "no-cache"}
    assert told(script) == CLOSED | policy | {"cache-control": "public, max-age=31536000, immutable"}
    for response in (page, script):
        assert len(response.headers.get_list("content-security-policy")) == 1


async def test_so_are_failures(database_url: str) -> None:
    app = create_app(Settings(database_url=database_url))  # and nobody opened the database
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        response = await http.get("/readyz")
    assert (response.status_code, response.text, told(response)) == (500, "Internal Server Error", CLOSED)


async def test_so_are_failures_to_answer_operations(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    async with client_of(create_app(Settings(database_url=database_url))) as (http, state):
        response = await http.post("/graphql", json={"query": "{ __typename }"})
        assert response.status_code == 200
        cast("dict[str, object]", state)["run"] = fail
        response = await http.post("/graphql", json={"query": "{ __typename }"})
    [error] = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"], told(response)) == (500, "INTERNAL_SERVER_ERROR", CLOSED)
    assert error["message"] == f"An unexpected error occurred; its id is {error['extensions']['id']}."
    assert f"Unexpected error {error['extensions']['id']} at /graphql" in caplog.text


async def test_over_tls_browsers_are_asked_to_stay_with_it(gateway: Gateway) -> None:
    response = await gateway.http.get("https://localhost/healthz")
    assert response.headers["strict-transport-security"] == "max-age=31536000"
