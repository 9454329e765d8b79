import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from registrations.storage.connections.database import Database


@asynccontextmanager
async def counted_statements(database: Database) -> AsyncIterator[list[str]]:
    """Every statement that the database's pool runs meanwhile."""
    statements: list[str] = []
    with database.watched(lambda statement: statements.append(statement.query)):
        yield statements
        await asyncio.sleep(0)  # asyncpg tells of a statement in the loop's next turn
