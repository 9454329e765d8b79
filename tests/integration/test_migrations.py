from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from registrations.storage.connections.database import Database
from registrations.storage.connections.migration import alembic_connection, check_schema, migrate, newest_revision
from registrations.storage.tables import Registration
from tests.conftest import database_named, execute
from tests.support.database import rows

# What PostgreSQL says that there is, in its own words: all that a migration and a table could disagree on.
CATALOGUE = {
    "columns": """
        SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
            attgenerated, attcollation::regcollation::text, pg_get_expr(adbin, adrelid)
        FROM pg_attribute LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
        WHERE attnum > 0 AND NOT attisdropped AND attrelid IN
            (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
        """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        """,
    "indexes": """
        SELECT indrelid::regclass::text, indexrelid::regclass::text, indisvalid, pg_get_indexdef(indexrelid)
        FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        """,
    "others": """
        SELECT relkind::text, relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')
        UNION ALL SELECT 'function', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal
        """,
}


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), Registration.metadata))


async def catalogue(database: Database, part: str) -> list[Sequence[Any]]:
    return sorted((row for row in await rows(database, CATALOGUE[part]) if row[0] != "alembic_version"), key=repr)


@pytest.fixture
async def migrated(server_url: str, migrated_database: str) -> AsyncIterator[Database]:
    """The database that the tests' own are cloned from."""
    database = Database(database_named(migrated_database, server_url))
    yield database
    await database.close()


@pytest.fixture
async def created(server_url: str) -> AsyncIterator[Database]:
    """A database that was made from the tables as the code describes them, without migrations."""
    await execute(server_url, "CREATE DATABASE created")
    database = Database(database_named("created", server_url))
    async with alembic_connection(database) as connection:
        await connection.run_sync(Registration.metadata.create_all)
    yield database
    await database.close()
    await execute(server_url, "DROP DATABASE created WITH (FORCE)")


async def test_the_migrations_lead_to_the_tables_that_the_code_describes(database: Database) -> None:
    async with alembic_connection(database) as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize("part", CATALOGUE)
async def test_a_migrated_database_is_word_for_word_one_that_the_code_describes(
    migrated: Database, created: Database, part: str
) -> None:
    assert await catalogue(migrated, part) == await catalogue(created, part)


async def test_the_database_itself_knows_what_must_never_be_stored(migrated: Database) -> None:
    constraints = {row[1]: row[3] for row in await catalogue(migrated, "constraints")}
    assert (
        constraints["registrations_active_has_no_end"] == "CHECK (((status <> 'ACTIVE'::text) OR (end_date IS NULL)))"
    )
    indexes = {row[1]: row[3] for row in await catalogue(migrated, "indexes")}
    assert indexes["registrations_one_active"] == (
        "CREATE UNIQUE INDEX registrations_one_active ON public.registrations "
        "USING btree (user_id, offering_id) WHERE (status = 'ACTIVE'::text)"
    )


async def test_migrating_a_migrated_database_changes_nothing(database: Database) -> None:
    assert await migrate(database) == newest_revision()
    await check_schema(database)
