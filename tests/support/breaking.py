"""A database that refuses some of what it is given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from registrations.storage.connections.database import Database
from tests.conftest import execute


@asynccontextmanager
async def refusing_passed(database: Database) -> AsyncIterator[None]:
    """Until the block ends, storing a registration that is PASSED fails."""
    await execute(database.url, "ALTER TABLE registrations ADD CONSTRAINT refused CHECK (status <> 'PASSED')")
    try:
        yield
    finally:
        await execute(database.url, "ALTER TABLE registrations DROP CONSTRAINT refused")


@asynccontextmanager
async def conflicting(database: Database, code: str) -> AsyncIterator[None]:
    """Until the block ends, storing a registration fails with this SQLSTATE; `conflicts` counts how often."""
    await execute(database.url, "CREATE SEQUENCE conflicts")
    await execute(
        database.url,
        "CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN PERFORM nextval('conflicts'); RAISE SQLSTATE '{code}'; END $$",
    )
    await execute(
        database.url,
        "CREATE TRIGGER conflicting BEFORE INSERT ON registrations FOR EACH ROW EXECUTE FUNCTION conflict()",
    )
    try:
        yield
    finally:
        await execute(database.url, "DROP TRIGGER conflicting ON registrations")
        await execute(database.url, "DROP FUNCTION conflict")
        await execute(database.url, "DROP SEQUENCE conflicts")
