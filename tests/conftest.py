"""A real PostgreSQL for whoever asks: one embedded server a run, and in it a database that is empty for each test."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from registrations.storage.connections.database import Database
from registrations.storage.connections.embedded import embedded_postgres
from registrations.storage.connections.migration import migrate

FIGURE = "figure"
SEED = "--seed"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(SEED, type=int, help="the seed of the only made-up request to compare with the oracle's answer")


@pytest.fixture(autouse=True)
def what_sigterm_does() -> Iterator[None]:
    """Is as it was after tests that run a command in this process, or the next could not be ended by it."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


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


@pytest.fixture(scope="session")
def tests_database(server_url: str, migrated_database: str) -> str:
    asyncio.run(execute(server_url, f"CREATE DATABASE tests TEMPLATE {migrated_database}"))
    return database_named("tests", server_url)


@pytest.fixture(scope="session")
async def open_database(tests_database: str) -> AsyncIterator[Database]:
    """Stays open for all tests, each of which would wait for new connections."""
    database = Database(tests_database)
    yield database
    await database.close()


@pytest.fixture
async def database_url(open_database: Database) -> str:
    """The URL of a migrated database without rows: emptied for each test, which is six times as fast as a clone."""
    async with open_database.transaction() as connection:
        await connection.execute("TRUNCATE users, courses, offerings, registrations")
    return open_database.url


@pytest.fixture
def database(open_database: Database, database_url: str) -> Database:
    assert open_database.url == database_url
    return open_database


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Adds a line to the figures that are told at the end of the run, whichever process the test runs in."""
    return lambda figure: record_property(FIGURE, figure)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # Here, because of several processes only the one that runs no tests tells, and it looks no further than here.
    passed: list[pytest.TestReport] = terminalreporter.stats.get("passed", [])
    figures = [value for report in passed for name, value in report.user_properties if name == FIGURE]
    if figures:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.line(str(figure))
