"""Brings a database to the schema that this version needs, and tells whether it has it."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from registrations.storage.database import Database

_LOCK = 0x7265_6769  # any number that no other program takes an advisory lock on in this database


class SchemaIsOld(Exception):
    """The database's schema is not the one that this version needs; the text says what to run."""


async def migrate(database: Database) -> str:
    """Runs all missing migrations in one transaction and returns the revision reached."""
    async with database.transaction() as connection:
        # Several replicas may start at once: the second finds the work done.
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_upgrade)
    return newest_revision()


async def check_schema(database: Database) -> None:
    """Raises `SchemaIsOld` unless the database has the newest schema."""
    async with database.transaction() as connection:
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
