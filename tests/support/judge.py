"""A gateway over the population, whose answers are compared with the oracle's."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

import httpx
import orjson
import pytest

from registrations.auth.tokens import mint
from registrations.domain import registering
from registrations.domain.records import Registration
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.gateway import AUDIENCE, AUTHENTICATION, ISSUER, SECRET, open_gateway
from tests.support.oracle.execution import answer
from tests.support.oracle.world import Asking, Viewer, World
from tests.support.population import NEW_IDS, POPULATION, REGISTRATIONS, VIEWERS
from tests.support.queries import Request
from tests.support.records import NOW

HEADERS = [
    {"authorization": f"Bearer {mint(SECRET, ISSUER, AUDIENCE, *viewer, lifetime=3600)}"} if viewer else {}
    for viewer in VIEWERS
]


@dataclass(frozen=True)
class Exchange:
    """A request, the body of the response, and the registrations that were stored then, by id, if any could change."""

    request: Request
    content: bytes
    stored: list[Registration] | None = None

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = orjson.loads(self.content)
        return body

    @property
    def codes(self) -> set[str]:
        return {error["extensions"]["code"] for error in self.body.get("errors", ())}

    @property
    def is_judged(self) -> bool:
        """Not where a document is refused for what it is, before the operation is looked at."""
        return "data" in self.body or self.codes == {"BAD_USER_INPUT"}


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Judge:
    http: httpx.AsyncClient
    database: Database
    clock: Clock

    async def exchanges(self, request: Request) -> list[Exchange]:
        """Sends the request, and then twice as somebody else, who turns all switches.

        What comes for the second time is kept, and used when it comes for the third time.
        """
        turned = {name: not value if isinstance(value, bool) else value for name, value in request.variables.items()}
        others = [
            replace(request, variables=turned, viewer=(request.viewer + further) % len(VIEWERS)) for further in (1, 2)
        ]
        return [await self._send(each) for each in (request, *others)]

    async def _send(self, request: Request) -> Exchange:
        body = {"query": request.document, "variables": request.variables, "operationName": request.operation_name}
        headers = {"content-type": "application/json", **HEADERS[request.viewer]}
        self.clock.now = request.now
        with new_ids():
            response = await self.http.post("/graphql", content=json.dumps(body), headers=headers)
        if "mutation" not in request.document:
            return Exchange(request, response.content)
        stored = await stored_registrations(self.database)
        if stored != REGISTRATIONS:
            await self._restore()
        return Exchange(request, response.content, stored)

    async def _restore(self) -> None:
        async with self.database.transaction() as connection:
            await connection.execute("DELETE FROM registrations")
        await store(self.database, *REGISTRATIONS)


@asynccontextmanager
async def open_judge(database_url: str) -> AsyncIterator[Judge]:
    """Over a database that has all tables and no rows."""
    clock = Clock()
    async with open_gateway(database_url, clock=clock, **AUTHENTICATION) as gateway:
        await store(gateway.database, *POPULATION)
        yield Judge(gateway.http, gateway.database, clock)


def difference(exchange: Exchange) -> str | None:
    """How what the gateway answered and stored differs from what the oracle says; None where it does not."""
    world, request = World.of(POPULATION), exchange.request
    if exchange.is_judged:
        with new_ids():
            expected = answer(Asking(world, _viewer(request), request.now), *request.operation)
        # What the operation cost ends the answer, and is no matter of the oracle's.
        cost = {name: value for name, value in exchange.body.items() if name == "extensions"}
        wanted = orjson.dumps({**expected, **cost})
        if exchange.content != wanted:
            return f"{request}\nwas answered\n{exchange.content.decode()}\ninstead of\n{wanted.decode()}"
    left = sorted(world.registrations.values(), key=lambda registration: registration.id)
    if exchange.stored not in (None, left):
        return f"{request}\nleft stored\n{exchange.stored}\ninstead of\n{left}"
    return None


def _viewer(request: Request) -> Viewer | None:
    if (viewer := VIEWERS[request.viewer]) is None:
        return None
    subject, scopes = viewer
    return Viewer(subject, frozenset(scopes))


@contextmanager
def new_ids() -> Iterator[None]:
    """Until the block ends, new registrations have the ids from `NEW_IDS` on."""
    ids = (f"{number:032x}" for number in count(int(NEW_IDS[0], 16)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registering, "new_id", ids.__next__)
        yield
