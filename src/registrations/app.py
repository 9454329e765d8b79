"""The application: what answers where, and what lives as long as it does."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import TYPE_CHECKING, TextIO, TypedDict

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from registrations.auth.opening import open_authenticator
from registrations.auth.tokens import Authenticator
from registrations.graphql.execution import Answer, run
from registrations.http.endpoints import graphql, healthz, metrics, readyz
from registrations.http.graphiql import assets, with_page
from registrations.http.loopback import LoopbackOnly
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.settings import Settings
from registrations.storage.database import Database
from registrations.storage.opening import open_database
from registrations.telemetry.logs import request_log
from registrations.telemetry.metrics import Metrics
from registrations.telemetry.requests import Observed, Routes
from registrations.telemetry.traces import traces_wanted

if TYPE_CHECKING:
    from registrations.telemetry.spans import Tracing

STATEMENT_SECONDS = 5.0  # no statement of a request takes near as long, unless the database hangs


class State(TypedDict):
    """What requests find at `request.state`."""

    database: Database
    service: RegistrationService
    reads: Reads
    authenticator: Authenticator | None
    run: Callable[..., Awaitable[Answer]]
    metrics: Metrics


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


def tracing_of_environment() -> "Tracing | None":
    if not traces_wanted(os.environ):
        return None
    from registrations.telemetry.spans import Tracing

    return Tracing()


def create_app(
    settings: Settings | None = None, *, log: TextIO | None = None, tracing: "Tracing | None" = None
) -> Starlette:
    """The gateway as an ASGI application; settings and tracing are those of the environment, the log is stderr."""
    settings = settings or Settings()
    tracing = tracing or tracing_of_environment()
    figures = Metrics()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        with ending_with_parent():
            async with (
                open_database(settings, STATEMENT_SECONDS) as database,
                figures.watching(database.pool_use),
                tracing.sending(database.engine.sync_engine) if tracing else nullcontext(),
            ):
                yield State(
                    database=database,
                    service=RegistrationService(database),
                    reads=Reads(database),
                    authenticator=open_authenticator(settings),
                    run=tracing.operations(run) if tracing else run,
                    metrics=figures,
                )

    routes: list[BaseRoute] = [
        Route("/graphql", with_page(graphql) if settings.graphiql else graphql, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
    if settings.graphiql:
        routes.append(Mount("/graphql/assets", assets()))
    middleware = [] if settings.authentication else [Middleware(LoopbackOnly)]
    app = Starlette(routes=routes, middleware=middleware, lifespan=lifespan)
    known = Routes(
        addresses={route.path for route in routes if isinstance(route, Route)},
        folders={route.path for route in routes if isinstance(route, Mount)},
        quiet={"/healthz", "/readyz", "/metrics", "/graphql/assets"},
    )
    # Around all of it, not one of its middlewares: what answers where the application breaks down is outside of those.
    stack = app.build_middleware_stack()
    app.middleware_stack = Observed(
        tracing.requests(stack, known) if tracing else stack, known, request_log(log or sys.stderr), figures
    )
    return app
