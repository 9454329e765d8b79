"""Storing records by COPY, PostgreSQL's fastest way to load them."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from operator import attrgetter
from typing import Any, TypeAlias

import asyncpg

from registrations.domain.records import Record
from registrations.storage.connections.database import Database, read_ids_as_text
from registrations.storage.statements.columns import COLUMNS

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

TABLES: Mapping[type[Record], str] = {kind: table.source.name for kind, table in COLUMNS.items()}
"""The names of the tables, in an order in which each kind of record refers only to those before it."""


@asynccontextmanager
async def open_connection(database: Database) -> AsyncIterator[Connection]:
    """A connection outside the pool, without its time limit; temporary tables end with it."""
    connection = await asyncpg.connect(database.url, server_settings={"application_name": "registrations data"})
    try:
        await read_ids_as_text(connection)
        yield connection
    finally:
        await connection.close()


def columns(kind: type[Record]) -> Sequence[str]:
    """The names of the columns of a kind of record."""
    return COLUMNS[kind].names


def row(record: Record) -> tuple[Any, ...]:
    """The values of the record, in the order of `columns`."""
    return _VALUES[type(record)](record)


async def copy(connection: Connection, kind: type[Record], records: Iterable[Record]) -> None:
    """Stores records of one kind, which may come from a generator."""
    await connection.copy_records_to_table(TABLES[kind], records=map(row, records), columns=columns(kind))


async def analyze(connection: Connection) -> None:
    """Updates the planner's statistics: until autovacuum does so, it would plan for empty tables."""
    await connection.execute(f"ANALYZE {', '.join(TABLES.values())}")


_VALUES = {kind: attrgetter(*columns(kind)) for kind in TABLES}
