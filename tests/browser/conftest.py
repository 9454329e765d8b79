"""A browser, and a gateway over what `registrations seed` makes by default."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Request, expect
from rich.console import Console

from registrations.data.seed.loading import load
from registrations.data.seed.organisation import Organisation, Sizes
from registrations.storage.connections.database import Database
from tests.conftest import database_named, execute
from tests.support.graphiql import GraphiQL, browsing, chromium
from tests.support.server import serving

PATIENCE = 60_000  # milliseconds, with a page that hangs: a machine that does much else loads one within them
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    executable = chromium()
    if executable is None:
        assert os.environ.get("CI") != "true", "There is no Chromium: CI has to install one."
        pytest.skip("there is no Chromium on this machine: apt install chromium")
    async with browsing(executable) as browser:
        yield browser


@pytest.fixture(scope="package")
def server(browser: Browser, server_url: str, migrated_database: str) -> Iterator[str]:
    """The address of a gateway of its own, whose records the tests change."""
    assert browser.is_connected()  # without one all is skipped before anything is made
    asyncio.run(execute(server_url, f"CREATE DATABASE explored TEMPLATE {migrated_database}"))
    url = database_named("explored", server_url)
    asyncio.run(fill(url))
    with serving(REGISTRATIONS_DATABASE_URL=url) as gateway:
        yield gateway.address
    asyncio.run(execute(server_url, "DROP DATABASE explored WITH (FORCE)"))


async def fill(url: str) -> None:
    database = Database(url)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    sizes = Sizes(users=2_000, courses=40, offerings=120, registrations=20_000)
    await load(database, Organisation(sizes, 1, today), Console(quiet=True))
    await database.close()


@asynccontextmanager
async def visiting(browser: Browser, server: str) -> AsyncIterator[BrowserContext]:
    """A browser that was never here. Whatever it does, no page may complain or ask for anything from elsewhere."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    troubles: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # Violations of the content security policy are errors here too.
        if message.type in {"error", "warning"}:
            troubles.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((server, "data:", f"blob:{server}")):
            troubles.append(f"asks for {request.url}")

    context.on("console", hear)
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    context.on("request", see)
    yield context
    await context.close()
    assert troubles == []


@pytest.fixture
async def visitor(browser: Browser, server: str) -> AsyncIterator[BrowserContext]:
    async with visiting(browser, server) as visitor:
        yield visitor


@pytest.fixture
async def graphiql(visitor: BrowserContext, server: str) -> GraphiQL:
    """The page, open."""
    graphiql = GraphiQL(await visitor.new_page(), server)
    await graphiql.open()
    return graphiql
