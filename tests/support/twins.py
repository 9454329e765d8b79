"""Two gateways before one database, of which one compiles queries: whoever asks both can't tell them apart."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import orjson
from graphql import parse

from registrations.auth.tokens import mint
from registrations.graphql.documents import Document
from tests.support.gateway import AUDIENCE, AUTHENTICATION, ISSUER, SECRET, open_gateway
from tests.support.population import VIEWERS
from tests.support.queries import Request

OF_EACH_REQUEST = {"x-request-id", "date"}

HEADERS = [
    {"authorization": f"Bearer {mint(SECRET, ISSUER, AUDIENCE, *viewer, lifetime=3600)}"} if viewer else {}
    for viewer in VIEWERS
]


class Twins:
    """`seen` counts the queries by the errors that they had, and those that were answered by a plan."""

    def __init__(self, compiled: httpx.AsyncClient, executed: httpx.AsyncClient) -> None:
        self.seen: Counter[str] = Counter()
        self._compiled, self._executed = compiled, executed

    async def assert_answer_alike(self, query: Request) -> None:
        """Asks for the query until it is compiled; then somebody else does, who turns all its switches."""
        expected = await self._assert_alike(query, times=2)
        turned = {name: not value if isinstance(value, bool) else value for name, value in query.variables.items()}
        await self._assert_alike(replace(query, variables=turned, viewer=(query.viewer + 1) % len(VIEWERS)), times=1)
        self.seen["asked"] += 1
        self.seen["planned"] += "data" in expected.json() and _has_plan(query)
        self.seen.update({error["extensions"]["code"] for error in expected.json().get("errors", ())} or {"answered"})

    async def _assert_alike(self, query: Request, times: int) -> httpx.Response:
        expected = await _ask(self._executed, query)
        for _ in range(times):
            found = await _ask(self._compiled, query)
            assert told(found) == told(expected), f"{query}: {found.text}\ninstead of\n{expected.text}"
        return expected

    def share(self, what: str) -> float:
        return self.seen[what] / self.seen["asked"]


@asynccontextmanager
async def open_twins(database_url: str) -> AsyncIterator[Twins]:
    async with (
        open_gateway(database_url, **AUTHENTICATION) as compiled,
        open_gateway(database_url, **AUTHENTICATION, compiled=False) as executed,
    ):
        yield Twins(compiled.http, executed.http)


async def _ask(http: httpx.AsyncClient, query: Request) -> httpx.Response:
    body = {"query": query.document, "variables": query.variables, "operationName": query.operation_name}
    headers = {"content-type": "application/json", **HEADERS[query.viewer]}
    return await http.post("/graphql", content=json.dumps(body), headers=headers)


def told(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """All of the response that does not depend on chance: several errors are told in the order in which they occur."""
    headers = {name: value for name, value in response.headers.items() if name not in OF_EACH_REQUEST}
    body: dict[str, Any] = response.json()
    content = response.content
    if len(body.get("errors", ())) > 1:
        content = orjson.dumps({**body, "errors": sorted(body["errors"], key=orjson.dumps)})
    return response.status_code, headers, content


def _has_plan(query: Request) -> bool:
    """Whether a valid query is answered by a plan when it comes again."""
    operation = Document(parse(query.document)).operation(query.operation_name)
    assert operation
    variables = operation.variables(query.variables)
    return not isinstance(variables, list) and operation.plan(variables) is not None
