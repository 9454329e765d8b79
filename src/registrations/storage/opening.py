"""From settings to an open database."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from registrations.settings import Settings
from registrations.storage.database import Database
from registrations.storage.embedded import embedded_postgres
from registrations.storage.migration import check_schema, migrate


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The URL of the database that the settings name, or of the embedded one, which runs until the block ends."""
    if settings.database_url:
        yield settings.database_url
    else:
        with embedded_postgres(settings.data_dir) as url:
            yield url


@asynccontextmanager
async def connect(settings: Settings) -> AsyncIterator[Database]:
    """The database that the settings name, or the embedded one, whatever schema it has."""
    with database_url(settings) as url:
        database = Database(url, settings.pool_size)
        try:
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database with the schema that this version needs.

    The embedded one is brought to it; any other is its operator's to migrate, and `SchemaIsOld` says so.
    """
    async with connect(settings) as database:
        await (check_schema(database) if settings.database_url else migrate(database))
        yield database
