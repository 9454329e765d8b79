"""`kill -9` among many writers: whatever was acknowledged is there, and nobody has to mend anything."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import httpx
import pytest

from registrations.storage.connections.database import Database
from registrations.storage.connections.embedded import embedded_postgres
from registrations.storage.connections.migration import migrate
from tests.support.database import store, stored_registrations
from tests.support.embedded import kill, server_processes
from tests.support.records import a_course, a_user, an_offering
from tests.support.server import serving
from tests.support.writers import Writers

USERS = [a_user() for _ in range(1_500)]
COURSE = a_course()
OFFERING = an_offering(COURSE)
ACKNOWLEDGED = 300

COUNT = {"query": "{ registrations { totalCount } }"}


async def prepare(database: Database) -> None:
    await migrate(database)
    await store(database, COURSE, OFFERING, *USERS)


@pytest.mark.parametrize("embedded", [True, False], ids=["embedded database", "external database"])
async def test_a_gateway_that_is_killed_has_lost_no_acknowledged_write(
    folder: Path, tell: Callable[[str], None], embedded: bool
) -> None:
    with embedded_postgres(folder) as url:
        database = Database(url)
        await prepare(database)
        settings = {"REGISTRATIONS_DATA_DIR": f"{folder.parent}"} if embedded else {"REGISTRATIONS_DATABASE_URL": url}
        with serving(**settings) as server:
            server.discard_log()
            writers = Writers(server.address)
            async with writers.writing(USERS, OFFERING):
                await writers.until_told(ACKNOWLEDGED)
                os.killpg(server.process.pid, signal.SIGKILL)
                killed = monotonic()
        with serving(**settings) as server:
            async with httpx.AsyncClient(base_url=server.address) as http:
                answer = (await http.post("/graphql", json=COUNT)).json()
            seconds = monotonic() - killed
        stored = await stored_registrations(database)
        await database.close()
    assert writers.lost(stored) == []
    assert answer["data"]["registrations"]["totalCount"] == len(stored)
    tell(f"gateway killed: {writers.count} writes acknowledged, 0 lost; its successor answered after {seconds:.1f} s")


async def test_a_database_that_is_killed_has_lost_no_acknowledged_write_and_the_gateway_goes_on(
    folder: Path, tell: Callable[[str], None]
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(embedded_postgres(folder))
        database = Database(url)
        await prepare(database)
        with serving(REGISTRATIONS_DATABASE_URL=url) as server:
            server.discard_log()
            writers = Writers(server.address)
            async with writers.writing(USERS, OFFERING):
                await writers.until_told(ACKNOWLEDGED)
                kill(await server_processes(url))
                killed = monotonic()
                await asyncio.to_thread(stack.enter_context, embedded_postgres(folder))
                before = writers.count
                await writers.until_told(before + 1)
                seconds = monotonic() - killed
                await writers.until_told(before + ACKNOWLEDGED)
        stored = await stored_registrations(database)
        await database.close()
    assert writers.lost(stored) == []
    assert writers.refused > 0
    tell(
        f"PostgreSQL killed: {writers.count} writes acknowledged, 0 lost; started again, "
        f"and the gateway not, the next one was after {seconds:.1f} s"
    )
