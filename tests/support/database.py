"""Putting records into a database, and looking at what is in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, select, text

from registrations.domain.records import Course, Offering, Registration, User
from registrations.storage.database import Database
from registrations.storage.rows import REGISTRATIONS, USERS
from registrations.storage.tables import SQLModel

TABLES: dict[type[Any], str] = {
    User: "users",
    Course: "courses",
    Offering: "offerings",
    Registration: "registrations",
}


async def store(database: Database, *records: User | Course | Offering | Registration) -> None:
    """Stores the records; those that others refer to come first."""
    async with database.transaction() as connection:
        for kind, name in TABLES.items():
            if rows := [asdict(record) for record in records if type(record) is kind]:
                await connection.execute(insert(SQLModel.metadata.tables[name]), rows)


async def stored_registrations(database: Database) -> list[Registration]:
    """All registrations, by id."""
    return REGISTRATIONS.records(await database.fetch(REGISTRATIONS.select().order_by(REGISTRATIONS.source.c.id)))


async def until_waiting(database: Database, amount: int) -> None:
    """Returns when so many connections wait for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(30):
        while await database.fetch(waiting) != [(amount,)]:
            pass


@asynccontextmanager
async def locked(database: Database, record: User | Registration) -> AsyncIterator[None]:
    """Nobody can change the record until the block ends."""
    ids = (USERS if isinstance(record, User) else REGISTRATIONS).source.c.id
    async with database.transaction() as connection:
        await connection.execute(select(ids).where(ids == record.id).with_for_update())
        yield
