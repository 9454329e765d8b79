"""Connections to PostgreSQL: one transaction per change, one statement per read."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import Executable, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine


class Database:
    """A pool of connections to the database at `url`, any that libpq would take; opened when first used."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        scheme, separator, rest = url.partition("://")
        self.url = f"{scheme.removesuffix('+asyncpg')}{separator}{rest}"
        # asyncpg reads the URL by itself: it knows libpq's parameters (`sslmode`, several hosts), SQLAlchemy doesn't.
        self.engine = create_async_engine(
            "postgresql+asyncpg://", async_creator=self._connect, pool_size=pool_size, max_overflow=0
        )
        # A read is one statement and its own snapshot already: BEGIN and ROLLBACK would be two round trips for nothing.
        self._reads = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        # Planning for compiled code costs more than any statement of ours takes.
        connection = await asyncpg.connect(
            self.url, server_settings={"application_name": "registrations", "jit": "off"}
        )
        await read_ids_as_text(connection)
        return connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end of the block, rolled back by whatever is raised in it."""
        async with self.engine.begin() as connection:
            yield connection

    async def fetch(self, statement: Executable) -> Sequence[Sequence[Any]]:
        """All rows of one reading statement."""
        async with self._reads.connect() as connection:
            return (await connection.execute(statement)).all()

    async def ping(self) -> None:
        """Raises where the database does not answer."""
        await self.fetch(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()


async def read_ids_as_text(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Lets ids be 32-hex text in Python and 16-byte `uuid` in PostgreSQL, with no conversion of ours in between."""
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", encoder=bytes.fromhex, decoder=bytes.hex, format="binary"
    )
