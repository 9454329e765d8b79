"""The application: what answers where, and what lives as long as it does."""

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypedDict

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from registrations.auth.opening import open_authenticator
from registrations.auth.tokens import Authenticator
from registrations.http.endpoints import graphql, healthz, readyz
from registrations.http.graphiql import assets, with_page
from registrations.http.loopback import LoopbackOnly
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.settings import Settings
from registrations.storage.database import Database
from registrations.storage.opening import open_database

STATEMENT_SECONDS = 5.0  # no statement of a request takes near as long, unless the database hangs


class State(TypedDict):
    """What requests find at `request.state`."""

    database: Database
    service: RegistrationService
    reads: Reads
    authenticator: Authenticator | None


@contextmanager
def ending_with_parent() -> Iterator[None]:
    """Ends a worker whose parent was killed: nobody else could tell it to, and it would keep the port for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        yield
        return
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.remove_reader(parent.sentinel)
        signal.raise_signal(signal.SIGTERM)

    loop.add_reader(parent.sentinel, end)
    try:
        yield
    finally:
        loop.remove_reader(parent.sentinel)


def create_app(settings: Settings | None = None) -> Starlette:
    """The gateway as an ASGI application; without settings it takes those of the environment."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        with ending_with_parent():
            async with open_database(settings, STATEMENT_SECONDS) as database:
                yield State(
                    database=database,
                    service=RegistrationService(database),
                    reads=Reads(database),
                    authenticator=open_authenticator(settings),
                )

    routes: list[BaseRoute] = [
        Route("/graphql", with_page(graphql) if settings.graphiql else graphql, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ]
    if settings.graphiql:
        routes.append(Mount("/graphql/assets", assets()))
    middleware = [] if settings.authentication else [Middleware(LoopbackOnly)]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan)
