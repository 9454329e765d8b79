"""A real PostgreSQL for whoever asks: one embedded server a run, one database a test, cloned from a migrated one."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from registrations.storage.database import Database
from registrations.storage.embedded import embedded_postgres
from registrations.storage.migration import migrate

_numbers = count(1)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The URL of a server with an empty database."""
    # Not pytest's own folder: the path of a socket has to be short, and root's server has to reach it.
    folder = Path(tempfile.mkdtemp(prefix="registrations-"))
    folder.chmod(0o755)
    with embedded_postgres(folder / "postgresql") as url:
        yield url
    shutil.rmtree(folder)


def database_named(name: str, server_url: str) -> str:
    return server_url.replace("/postgres?", f"/{name}?")


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture(scope="session")
def migrated_database(server_url: str) -> str:
    """The name of a database with the newest schema and no rows, for cloning."""

    async def make() -> None:
        await execute(server_url, "CREATE DATABASE migrated")
        database = Database(database_named("migrated", server_url))
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return "migrated"


@pytest.fixture
async def database_url(server_url: str, migrated_database: str) -> AsyncIterator[str]:
    """The URL of a database of the test's own, migrated and empty."""
    name = f"test_{next(_numbers)}"
    await execute(server_url, f"CREATE DATABASE {name} TEMPLATE {migrated_database}")
    yield database_named(name, server_url)
    await execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()
