"""From settings to an open database."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from registrations.domain.outage import Unavailable
from registrations.settings import Settings
from registrations.storage.connections.database import Database
from registrations.storage.connections.embedded import embedded_postgres
from registrations.storage.connections.migration import check_schema, migrate


class DatabaseUnreachable(Exception):
    """The database at REGISTRATIONS_DATABASE_URL can't be reached; the text says why, in one line."""


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The URL of the database that the settings name, or of the embedded one, which runs until the block ends."""
    if settings.database_url:
        yield settings.database_url
    else:
        with embedded_postgres(settings.data_dir / "postgresql") as url:
            yield url


@asynccontextmanager
async def connect(settings: Settings, statement_seconds: float | None = None) -> AsyncIterator[Database]:
    """The database that the settings name, or the embedded one, with whatever schema. It has answered a ping."""
    with database_url(settings) as url:
        database = Database(url, settings.pool_size, statement_seconds)
        try:
            if settings.database_url:
                await _reach(database)
            yield database
        finally:
            await database.close()


async def _reach(database: Database) -> None:
    try:
        await database.ping()
    except Exception as error:
        # Not `from error`: the traceback would show the causes, which may contain the password.
        raise DatabaseUnreachable(f"REGISTRATIONS_DATABASE_URL leads to no database: {_reason(error)}") from None


def _reason(error: BaseException) -> str:
    if isinstance(error, Unavailable) and error.__cause__:
        return _reason(error.__cause__)
    if isinstance(error, ValueError) and not isinstance(error, asyncpg.InterfaceError):
        # Python's own message, unlike asyncpg's, quotes the text that it could not parse, which may be the password.
        return "it can't be read; in user and password, characters like @ : / have to be written %40 %3A %2F"
    return " ".join(str(error).split()) or type(error).__name__


@asynccontextmanager
async def open_database(settings: Settings, statement_seconds: float | None = None) -> AsyncIterator[Database]:
    """The database with the schema that this version needs.

    The embedded database is migrated. Any other its operator has to migrate: `SchemaIsOld` is raised.
    """
    async with connect(settings, statement_seconds) as database:
        await (check_schema(database) if settings.database_url else migrate(database))
        yield database
