"""The application as a client sees it, without a socket in between."""

from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any, TextIO

import httpx
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from registrations.app import create_app
from registrations.auth.tokens import mint
from registrations.domain import access
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.settings import Settings
from registrations.storage.connections.database import Database
from registrations.telemetry.spans import Tracing

SECRET = "a secret that only the issuer and the gateway know"
ISSUER = "https://issuer.example"
AUDIENCE = "https://registrations.example"
PATIENCE = 60.0  # seconds: on a busy machine a short search may take long
AUTHENTICATION: dict[str, Any] = {"auth_secret": SECRET, "auth_issuer": ISSUER, "auth_audience": AUDIENCE}


class Gateway:
    """`http` sends anything; calling sends an operation and gives data and errors, `data` only what was asked."""

    def __init__(self, http: httpx.AsyncClient, database: Database, headers: Mapping[str, str] | None = None) -> None:
        self.http = http
        self.database = database
        self._headers = headers or {}

    async def post(self, document: str, **variables: Any) -> httpx.Response:
        body = {"query": document, "variables": variables}
        return await self.http.post("/graphql", json=body, headers=self._headers)

    async def __call__(self, document: str, **variables: Any) -> dict[str, Any]:
        response = await self.post(document, **variables)
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

    def signed_in(self, user_id: str, *scopes: access.Scope) -> "Gateway":
        """The same gateway, as asked by somebody with a token."""
        return self.with_token(mint(SECRET, ISSUER, AUDIENCE, user_id, scopes, lifetime=600))

    def with_token(self, token: str) -> "Gateway":
        return type(self)(self.http, self.database, {"authorization": f"Bearer {token}"})


@asynccontextmanager
async def open_gateway(
    database_url: str,
    *,
    log: TextIO | None = None,
    tracing: Tracing | None = None,
    clock: Callable[[], datetime] | None = None,
    **settings: Any,
) -> AsyncIterator[Gateway]:
    settings = {"search_seconds": PATIENCE, **settings}
    app = create_app(Settings(database_url=database_url, **settings), log=log, tracing=tracing)
    async with client_of(app) as (http, state):
        if clock:
            state["service"] = RegistrationService(state["database"], clock)
            state["reads"] = partial(Reads, state["database"], clock)
        yield Gateway(http, state["database"])


@asynccontextmanager
async def client_of(app: Starlette) -> AsyncIterator[tuple[httpx.AsyncClient, MutableMapping[str, Any]]]:
    """A client of the application, and the state that its lifespan made."""
    async with app.router.lifespan_context(app) as made:
        state = dict(made or {})
        transport = httpx.ASGITransport(_with_state(app, state))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            yield http, state


def _with_state(app: Starlette, state: Mapping[str, Any]) -> Any:
    """What a server does with the state that the lifespan gave it; httpx knows no lifespan."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return call
