"""What every comparison begins with: the database where it belongs, and what to ask of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.benchmarks.dataset import dataset, tidy
from tests.benchmarks.machine import OTHER_CORES, on_cores
from tests.benchmarks.scenarios import Connection, Scenario

SIZE = 200_000


@dataclass(frozen=True)
class Session:
    database_url: str
    database_pid: int
    scenarios: list[Scenario]


@contextmanager
def session(
    folder: Path, registrations: int, choose: Callable[[Connection], Awaitable[list[Scenario]]]
) -> Iterator[Session]:
    """A tidy database of so many registrations on the cores that are not the servers', and scenarios for it."""

    async def prepare(url: str) -> list[Scenario]:
        connection = await asyncpg.connect(url)
        await tidy(connection)
        scenarios = await choose(connection)
        await connection.close()
        return scenarios

    with on_cores(OTHER_CORES), dataset(folder, registrations) as data:
        yield Session(data.url, data.server_pid, asyncio.run(prepare(data.url)))
