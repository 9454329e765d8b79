"""The application: what answers where, and what lives as long as it does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypedDict

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.routing import BaseRoute, Mount, Route

from registrations.graphql.execution import Execution
from registrations.http.endpoints import graphql, healthz, readyz
from registrations.http.graphiql import assets, with_page
from registrations.http.headers import SecurityHeaders
from registrations.http.requests import BODY_SECONDS
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.settings import Settings
from registrations.stopping import draining, ending_with_parent
from registrations.storage.database import Database
from registrations.storage.opening import open_database

STATEMENT_SECONDS = 5.0  # no statement of a request takes near as long, unless the database hangs


class State(TypedDict):
    """What requests find at `request.state`."""

    database: Database
    service: RegistrationService
    reads: Reads
    execution: Execution
    body_seconds: float
    draining: asyncio.Event  # set when the process is about to stop


def create_app(settings: Settings | None = None, body_seconds: float = BODY_SECONDS) -> Starlette:
    """The gateway as an ASGI application; without settings it takes those of the environment."""
    settings = settings or Settings()
    execution = Execution(introspection=settings.introspection)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        with ending_with_parent(), draining(settings.drain_seconds) as is_draining:
            async with open_database(settings, STATEMENT_SECONDS) as database:
                yield State(
                    database=database,
                    service=RegistrationService(database),
                    reads=Reads(database),
                    execution=execution,
                    body_seconds=body_seconds,
                    draining=is_draining,
                )

    routes: list[BaseRoute] = [
        Route("/graphql", with_page(graphql) if settings.graphiql else graphql, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ]
    if settings.graphiql:
        routes.append(Mount("/graphql/assets", assets()))
    return Starlette(routes=routes, middleware=_middleware(settings), lifespan=lifespan)


def _middleware(settings: Settings) -> list[Middleware]:
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "apollo-require-preflight", "x-request-id", "traceparent"],
        expose_headers=["retry-after", "www-authenticate", "x-request-id"],
    )
    return [
        Middleware(SecurityHeaders),
        *([cors] if settings.cors_origins else []),
        # Starlette's own is outside of all these, and what it answers to a failure would lack their headers.
        Middleware(ServerErrorMiddleware),
    ]
