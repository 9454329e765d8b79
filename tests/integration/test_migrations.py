from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from registrations.storage.database import Database
from registrations.storage.migration import check_schema, migrate, newest_revision
from registrations.storage.tables import Registration


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), Registration.metadata))


async def test_the_migrations_lead_to_the_tables_that_the_code_describes(database: Database) -> None:
    async with database.transaction() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_a_migrated_database_changes_nothing(database: Database) -> None:
    assert await migrate(database) == newest_revision()
    await check_schema(database)
