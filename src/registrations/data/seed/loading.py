"""Storing an organisation in an empty database."""

from collections.abc import Iterable

from rich.console import Console
from rich.progress import Progress

from registrations.data.copying import TABLES, Connection, analyze, copy, open_connection
from registrations.data.seed.organisation import Organisation
from registrations.domain.records import Course, Offering, Record, Registration, User
from registrations.storage.connections.database import Database


class NotEmpty(Exception):
    """The database has records already, which must not be mixed with made-up ones."""


async def load(database: Database, organisation: Organisation, console: Console) -> None:
    """Stores the organisation, all of it or nothing. Raises `NotEmpty`. Shows progress on `console`."""
    async with open_connection(database) as connection:
        async with connection.transaction():
            await _ensure_empty(connection)
            with Progress(console=console) as progress:
                for kind, records, amount in _contents(organisation):
                    tracked = progress.track(records, amount, description=f"{TABLES[kind].capitalize():13}")
                    await copy(connection, kind, tracked)
        await analyze(connection)


def _contents(organisation: Organisation) -> Iterable[tuple[type[Record], Iterable[Record], int]]:
    sizes = organisation.sizes
    yield User, organisation.users, sizes.users
    yield Course, organisation.courses, sizes.courses
    yield Offering, organisation.offerings, sizes.offerings
    yield Registration, organisation.registrations(), sizes.registrations


async def _ensure_empty(connection: Connection) -> None:
    tables = TABLES.values()
    # Other writers, and other seedings, wait: a table that was found empty stays so.
    await connection.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
    found = [table for table in tables if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})")]
    if found:
        raise NotEmpty(f"The database has {', '.join(found)} already: seed an empty one.")
