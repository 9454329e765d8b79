"""Migrating a database to the schema that this version needs, and checking that it has that schema."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from registrations.domain.outage import Unavailable
from registrations.storage.connections.database import Database

_LOCK = 0x7265_6769  # the key of an advisory lock; any number that no other program locks in this database


class SchemaIsOld(Exception):
    """The database does not have the schema that this version needs; the text says what to run."""


async def migrate(database: Database) -> str:
    """Runs all missing migrations in one transaction and returns the revision reached."""
    async with alembic_connection(database) as connection:
        # Several replicas may start at once: the second waits and finds nothing left to migrate.
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_upgrade)
    return newest_revision()


async def check_schema(database: Database) -> None:
    """Raises `SchemaIsOld` unless the database has the newest schema."""
    async with alembic_connection(database) as connection:
        found = await connection.run_sync(_revision)
    if found != newest_revision():
        raise SchemaIsOld(
            f"The database is at schema {found or 'none'}, this version needs {newest_revision()}: "
            "run `registrations migrate`."
        )


def newest_revision() -> str:
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


@asynccontextmanager
async def alembic_connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """One transaction on a connection by SQLAlchemy, which Alembic needs; it has no time limit."""
    # asyncpg parses the URL: it knows libpq's parameters (`sslmode`, several hosts), SQLAlchemy does not.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=database.connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable from error
        raise


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "registrations.storage:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
