"""Who gets GraphiQL and how it is sent; what it can do is tested in a browser."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import graphql
import httpx
import pytest

from registrations.graphql.contract.schema import schema
from registrations.http import graphiql
from tests.support.gateway import Gateway, open_gateway

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}
NEWER = "application/graphql-response+json"
ASSETS = graphiql.PAGE / "assets"
LONGEST_NAME = 12  # of a tab: ten of them have room on a page of 1280 px, see tests/browser/test_layout.py
TABS = sorted((Path(__file__).parents[2] / "src" / "graphiql" / "tabs").glob("*.graphql"))

needs_page = pytest.mark.skipif(not graphiql.PAGE.exists(), reason="python src/graphiql/build.py builds the page")


def is_page(response: httpx.Response) -> bool:
    return (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")


def is_graphql(response: httpx.Response) -> bool:
    """An answer that misses the operation, which no request of these tests has, or a media type to answer in."""
    is_json = response.headers["content-type"].partition(";")[0] in {"application/json", NEWER}
    return response.status_code in {400, 406} and is_json


@needs_page
@pytest.mark.parametrize(
    "accept",
    [BROWSER["accept"], "text/html", "TEXT/HTML", "text/html, application/json", "application/json;q=0.9, text/html"],
)
async def test_a_browser_gets_the_page(gateway: Gateway, accept: str) -> None:
    response = await gateway.http.get("/graphql", headers={"accept": accept})
    assert is_page(response)
    assert response.headers["vary"] == "accept, accept-encoding"


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "",
        "application/json",
        NEWER,
        "text/*",
        "text/html;q=0",
        "text/html;q=0.8, application/json",
        f"text/html;q=0.5, {NEWER}",
    ],
)
async def test_a_client_of_the_api_does_not(gateway: Gateway, accept: str) -> None:
    assert is_graphql(await gateway.http.get("/graphql", headers={"accept": accept}))


async def test_nor_does_one_that_accepts_nothing_in_particular(gateway: Gateway) -> None:
    request = gateway.http.build_request("GET", "/graphql")
    del request.headers["accept"]
    assert is_graphql(await gateway.http.send(request))


async def test_post_is_graphql_for_browsers_too(gateway: Gateway) -> None:
    response = await gateway.http.post("/graphql", json={"query": "{ __typename }"}, headers=BROWSER)
    assert response.json()["data"] == {"__typename": "Query"}


@needs_page
async def test_head_tells_what_get_would(gateway: Gateway) -> None:
    headers = {**BROWSER, "x-request-id": "the-same"}
    got, told = [await gateway.http.request(method, "/graphql", headers=headers) for method in ("GET", "HEAD")]
    assert is_page(told)
    assert told.content == b""
    assert told.headers == got.headers


@needs_page
async def test_the_page_runs_only_what_the_gateway_serves(gateway: Gateway) -> None:
    response = await gateway.http.get("/graphql", headers=BROWSER)
    policy = response.headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
        "font-src 'self' data:; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    assert re.findall(r"<script(?![^>]* src=\"graphql/assets/)|https?://|\son\w+=", response.text) == []


@needs_page
async def test_the_page_is_always_asked_for_again_and_its_assets_never(gateway: Gateway) -> None:
    page = await gateway.http.get("/graphql", headers=BROWSER)
    assert page.headers["cache-control"] == "no-cache"
    unchanged = await gateway.http.get("/graphql", headers={**BROWSER, "if-none-match": page.headers["etag"]})
    assert unchanged.status_code == 304

    paths = re.findall(r'(?:src|href)="(graphql/assets/[^"]+)"', page.text)
    assert len(paths) >= 2
    for path in paths:
        asset = await gateway.http.get(page.url.join(path))
        assert asset.status_code == 200
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"


@needs_page
@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("js", "text/javascript; charset=utf-8"), ("css", "text/css; charset=utf-8"), ("ttf", "font/ttf")],
)
async def test_assets_are_compressed_for_those_who_take_it(gateway: Gateway, kind: str, content_type: str) -> None:
    asset = next(ASSETS.glob(f"*.{kind}"))
    for encoding, told in (("gzip, deflate, br", "gzip"), ("identity", None), ("gzip;q=0", None)):
        async with gateway.http.stream(
            "GET", f"/graphql/assets/{asset.name}", headers={"accept-encoding": encoding}
        ) as response:
            sent = b"".join([part async for part in response.aiter_raw()])
        assert response.headers.get("content-encoding") == told
        assert response.headers["content-type"] == content_type
        assert response.headers["vary"] == "accept-encoding"
        assert (gzip.decompress(sent) if told else sent) == asset.read_bytes()


@pytest.mark.parametrize("accept_encoding", ["gzip", "identity"])
@pytest.mark.parametrize(
    "path",
    ["", "no-such.js", "../index.html", "..%2findex.html", "%2e%2e/%2e%2e/graphiql.py", "%2fetc%2fpasswd", "a%00b"],
)
async def test_there_is_nothing_but_the_assets(gateway: Gateway, path: str, accept_encoding: str) -> None:
    address = httpx.URL("http://localhost").copy_with(raw_path=f"/graphql/assets/{path}".encode())
    response = await gateway.http.get(address, headers={"accept-encoding": accept_encoding})
    assert response.status_code == 404


class TestTurnedOff:
    @pytest.fixture
    async def gateway(self, database_url: str) -> AsyncIterator[Gateway]:
        async with open_gateway(database_url, graphiql=False) as gateway:
            yield gateway

    async def test_a_browser_gets_what_every_client_gets(self, gateway: Gateway) -> None:
        response = await gateway.http.get("/graphql", headers=BROWSER)
        assert is_graphql(response)
        assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"

    @needs_page
    async def test_there_are_no_assets(self, gateway: Gateway) -> None:
        asset = next(ASSETS.glob("*.js"))
        assert (await gateway.http.get(f"/graphql/assets/{asset.name}")).status_code == 404


async def test_an_unbuilt_page_says_what_builds_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(graphiql, "PAGE", tmp_path / "page")
    async with open_gateway(database_url) as gateway:
        response = await gateway.http.get("/graphql", headers=BROWSER)
        assert (response.status_code, response.text) == (
            501,
            "GraphiQL is not built: run scripts/serve, or set REGISTRATIONS_GRAPHIQL=false.",
        )
        assert (await gateway.http.get("/graphql/assets/index.js")).status_code == 404
        assert is_graphql(await gateway.http.get("/graphql"))


@needs_page
@pytest.mark.parametrize("prefix", ["/lms", "/deep/er"])
async def test_all_of_it_works_behind_a_prefix(gateway: Gateway, prefix: str) -> None:
    """As ASGI servers tell of one: in `root_path` and in the path."""
    transport = gateway.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    transport.root_path = prefix
    page = await gateway.http.get(f"{prefix}/graphql", headers=BROWSER)
    assert is_page(page)
    scripts = re.findall(r'src="([^"]+)"', page.text)
    assert scripts
    for script in scripts:
        assert (await gateway.http.get(page.url.join(script))).status_code == 200
    query = {"query": "{ __typename }"}
    assert (await gateway.http.post(f"{prefix}/graphql", json=query)).json()["data"] == {"__typename": "Query"}
    assert (await gateway.http.get(f"{prefix}/healthz")).text == "ok"
    assert (await gateway.http.get(f"{prefix}graphql", headers=BROWSER)).status_code == 404
    transport.root_path = ""
    assert is_page(await gateway.http.get("/graphql", headers=BROWSER))


@needs_page
async def test_its_own_files_are_named_relative_to_its_address(gateway: Gateway) -> None:
    page = await gateway.http.get("/graphql", headers=BROWSER)
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [name for name in named if not name.startswith(("graphql/assets/", "data:"))] == []
    sheets_and_scripts = [path for path in ASSETS.iterdir() if path.suffix in {".css", ".js"}]
    assert [path.name for path in sheets_and_scripts if "/graphql/assets/" in path.read_text()] == []


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.stem)
def test_the_opening_tabs_are_what_the_schema_allows(tab: Path) -> None:
    document = graphql.parse(tab.read_text())
    assert graphql.validate(schema._schema, document) == []
    [operation] = document.definitions
    assert isinstance(operation, graphql.OperationDefinitionNode)
    assert operation.name
    assert len(operation.name.value) <= LONGEST_NAME
    variables = json.loads(tab.with_suffix(".json").read_text())
    values = graphql.execution.values.get_variable_values(
        schema._schema, tuple(operation.variable_definitions or ()), variables
    )
    assert not isinstance(values, list), values
