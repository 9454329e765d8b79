import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from asyncpg.connection import LoggedQuery

from registrations.storage.connections.database import Database


def counted_statements(database: Database) -> AbstractAsyncContextManager[list[str]]:
    """Every statement that the database's pool runs meanwhile, but for those that set the limit of others."""
    return _watched(database, lambda statement: not statement.startswith("SET "))


def limits_set(database: Database) -> AbstractAsyncContextManager[list[str]]:
    """Every statement by which the database's pool sets a limit meanwhile."""
    return _watched(database, lambda statement: statement.startswith("SET "))


@asynccontextmanager
async def _watched(database: Database, is_wanted: Callable[[str], bool]) -> AsyncIterator[list[str]]:
    statements: list[str] = []

    def watch(statement: LoggedQuery) -> None:
        if is_wanted(statement.query):
            statements.append(statement.query)

    with database.watched(watch):
        yield statements
        await asyncio.sleep(0)  # asyncpg tells of a statement in the loop's next turn
