"""A database that refuses some of what it is given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from registrations.storage.database import Database


@asynccontextmanager
async def refusing_passed(database: Database) -> AsyncIterator[None]:
    """Until the block ends, storing a registration that is PASSED fails."""
    await _execute(database, "ALTER TABLE registrations ADD CONSTRAINT refused CHECK (status <> 'PASSED')")
    try:
        yield
    finally:
        await _execute(database, "ALTER TABLE registrations DROP CONSTRAINT refused")


@asynccontextmanager
async def conflicting(database: Database, code: str) -> AsyncIterator[None]:
    """Until the block ends, storing a registration fails with this SQLSTATE; `conflicts` counts how often."""
    await _execute(database, "CREATE SEQUENCE conflicts")
    await _execute(
        database,
        "CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN PERFORM nextval('conflicts'); RAISE SQLSTATE '{code}'; END $$",
    )
    await _execute(
        database, "CREATE TRIGGER conflicting BEFORE INSERT ON registrations FOR EACH ROW EXECUTE FUNCTION conflict()"
    )
    try:
        yield
    finally:
        await _execute(database, "DROP TRIGGER conflicting ON registrations")
        await _execute(database, "DROP FUNCTION conflict")
        await _execute(database, "DROP SEQUENCE conflicts")


async def _execute(database: Database, statement: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(text(statement))
