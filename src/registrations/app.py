"""The application: its routes and middleware, and what is open as long as it runs."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, TextIO, TypedDict

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from registrations.auth.opening import open_authenticator, unrestricted_viewer
from registrations.auth.tokens import Authenticator
from registrations.domain.access import Viewer
from registrations.graphql.operations.execution import Answer, Execution
from registrations.http import endpoints
from registrations.http.elsewhere import nothing_here
from registrations.http.graphiql import Page, assets
from registrations.http.graphql import PATH, GraphQL
from registrations.http.headers import SecurityHeaders
from registrations.http.loopback import LoopbackOnly
from registrations.http.origins import AllowedOrigins
from registrations.http.root_path import WithoutRootPath
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.settings import Settings
from registrations.stopping import draining, ending_with_parent
from registrations.storage.connections.database import Database
from registrations.storage.connections.startup import open_database
from registrations.telemetry.logs import Log
from registrations.telemetry.metrics import Metrics
from registrations.telemetry.middleware import Routes, TelemetryMiddleware
from registrations.telemetry.traces import traces_wanted

if TYPE_CHECKING:
    from registrations.telemetry.spans import Tracing

STATEMENT_SECONDS = 5.0  # a request's statement takes nowhere near as long, unless the database hangs


class State(TypedDict):
    """What requests find at `request.state`."""

    database: Database
    service: RegistrationService
    reads: Callable[[], Reads]  # for one operation
    authenticator: Authenticator | None
    unrestricted_viewer: Viewer  # whoever asks, where there is no authenticator
    run: Callable[..., Awaitable[Answer]]
    metrics: Metrics
    draining: asyncio.Event  # set when the process is about to stop


def create_app(
    settings: Settings | None = None,
    *,
    log: TextIO | None = None,
    tracing: "Tracing | None" = None,
) -> Starlette:
    """The gateway as an ASGI application; settings and tracing are by default the environment's, the log is stderr."""
    settings = settings or Settings()
    tracing = tracing or tracing_of_environment()
    metrics = Metrics()
    run = Execution(introspection=settings.introspection).run

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        with ending_with_parent(), draining(settings.drain_seconds) as is_draining:
            async with (
                open_database(settings, STATEMENT_SECONDS) as database,
                metrics.watching(database.pool_use),
                tracing.sending(database.watched) if tracing else nullcontext(),
            ):
                gc.freeze()  # what is here now stays; each full collection would take milliseconds to look through it
                yield State(
                    database=database,
                    service=RegistrationService(database),
                    reads=partial(Reads, database, search_seconds=settings.search_seconds),
                    authenticator=open_authenticator(settings),
                    unrestricted_viewer=unrestricted_viewer(settings),
                    run=tracing.operations(run) if tracing else run,
                    metrics=metrics,
                    draining=is_draining,
                )
                gc.unfreeze()

    routes = _routes(settings)
    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.default = nothing_here
    # Redirects would go where `Host` says, and by http behind a proxy that does not say https.
    app.router.redirect_slashes = False
    known_routes = Routes(
        addresses={PATH, *(route.path for route in routes if isinstance(route, Route))},
        folders={route.path for route in routes if isinstance(route, Mount)},
        quiet={"/healthz", "/readyz", "/metrics", "/graphql/assets"},
    )
    # Around all of Starlette's middleware, the outermost of which answers what the application raises.
    origins = AllowedOrigins(settings.cors_origins)
    graphql = GraphQL(app.build_middleware_stack(), has_page=settings.graphiql, origins=origins)
    stack = _guarded(graphql, origins, is_open=not settings.authentication)
    if tracing:
        stack = tracing.requests(stack, known_routes)
    stack = TelemetryMiddleware(stack, known_routes, Log(log or sys.stderr), metrics)
    app.middleware_stack = WithoutRootPath(stack)
    return app


def tracing_of_environment() -> "Tracing | None":
    if not traces_wanted(os.environ):
        return None
    from registrations.telemetry.spans import Tracing

    return Tracing()


def _routes(settings: Settings) -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        Route("/healthz", endpoints.healthz),
        Route("/readyz", endpoints.readyz),
        Route("/metrics", endpoints.metrics),
    ]
    return [*routes, Route(PATH, Page()), Mount(f"{PATH}/assets", assets())] if settings.graphiql else routes


def _guarded(app: ASGIApp, origins: AllowedOrigins, *, is_open: bool) -> ASGIApp:
    if origins.pattern:
        app = CORSMiddleware(
            app,
            allow_origins=["*"] if origins.are_all else [],
            allow_origin_regex=origins.pattern,
            allow_methods=["GET", "POST"],
            allow_headers=["*"],  # whatever a page asks for: without cookies, no header has authority of its own
            expose_headers=["retry-after", "www-authenticate", "x-request-id"],
        )
    if is_open:
        app = LoopbackOnly(app)
    return SecurityHeaders(app)
