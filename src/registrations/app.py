"""The application: what answers where, and what lives as long as it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypedDict

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from registrations.http.endpoints import graphql, healthz, readyz
from registrations.http.graphiql import assets, with_page
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.settings import Settings
from registrations.storage.database import Database
from registrations.storage.opening import open_database


class State(TypedDict):
    """What requests find at `request.state`."""

    database: Database
    service: RegistrationService
    reads: Reads


def create_app(settings: Settings | None = None) -> Starlette:
    """The gateway as an ASGI application; without settings it takes those of the environment."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        async with open_database(settings) as database:
            yield State(database=database, service=RegistrationService(database), reads=Reads(database))

    routes: list[BaseRoute] = [
        Route("/graphql", with_page(graphql) if settings.graphiql else graphql, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ]
    if settings.graphiql:
        routes.append(Mount("/graphql/assets", assets()))
    return Starlette(routes=routes, lifespan=lifespan)
