"""The application as a client sees it, without a socket in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from registrations.app import create_app
from registrations.settings import Settings


class Gateway:
    """`http` sends anything; calling sends an operation and gives data and errors, `data` only what was asked."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def __call__(self, document: str, **variables: Any) -> dict[str, Any]:
        response = await self.http.post("/graphql", json={"query": document, "variables": variables})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        answer.pop("extensions", None)
        return answer

    async def data(self, document: str, **variables: Any) -> dict[str, Any]:
        answer = await self(document, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def error(self, document: str, **variables: Any) -> tuple[str, str]:
        """The code and the message of the only error."""
        [error] = (await self(document, **variables))["errors"]
        return error["extensions"]["code"], error["message"]


@asynccontextmanager
async def open_gateway(database_url: str, **settings: Any) -> AsyncIterator[Gateway]:
    app = create_app(Settings(database_url=database_url, **settings))
    async with app.router.lifespan_context(app) as state:
        transport = httpx.ASGITransport(_with_state(app, dict(state or {})))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
            yield Gateway(http)


def _with_state(app: Starlette, state: dict[str, Any]) -> Any:
    """What a server does with the state that the lifespan gave it; httpx knows no lifespan."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return call
