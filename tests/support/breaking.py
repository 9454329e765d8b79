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


async def _execute(database: Database, statement: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(text(statement))
