"""Putting records into a database, and looking at what is in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from registrations.data.copying import TABLES, copy
from registrations.domain.records import Record, Registration, User
from registrations.storage.connections.database import Database
from registrations.storage.statements.columns import REGISTRATIONS
from registrations.storage.statements.sql import Sql, compile_statement

STORED = compile_statement(REGISTRATIONS.select().order_by(REGISTRATIONS.source.c.id))


async def store(database: Database, *records: Record) -> None:
    """Stores the records; those that others refer to come first."""
    async with database.transaction() as connection:
        for kind in TABLES:
            await copy(connection, kind, [record for record in records if type(record) is kind])


async def rows(database: Database, statement: str) -> list[tuple[Any, ...]]:
    """All rows of a statement in plain SQL."""
    return [tuple(row) for row in await database.fetch(Sql(statement, (), {}))]


async def stored_registrations(database: Database) -> list[Registration]:
    """All registrations, by id."""
    return REGISTRATIONS.records(await database.fetch(STORED))


async def until_waiting(database: Database, amount: int) -> None:
    """Returns when so many connections wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(30):
        while await rows(database, waiting) != [(amount,)]:
            pass


@asynccontextmanager
async def locked(database: Database, record: User | Registration) -> AsyncIterator[None]:
    """Nobody can change the record until the block ends."""
    async with database.transaction() as connection:
        await connection.execute(f"SELECT FROM {TABLES[type(record)]} WHERE id = $1 FOR UPDATE", record.id)
        yield
