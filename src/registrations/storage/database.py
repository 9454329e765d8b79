"""Connections to PostgreSQL: one transaction per change, one statement per read."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy import Executable, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from registrations.domain.outage import Conflict, Unavailable

CONNECT_SECONDS = 3.0
POOL_SECONDS = 2.0

OUTAGES = (
    OSError,  # refused, reset, or timed out
    PoolExhausted,
    asyncpg.InterfaceError,  # closed meanwhile
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, or starting up
    asyncpg.TooManyConnectionsError,
)
CONFLICTS = asyncpg.DeadlockDetectedError, asyncpg.SerializationError


class Database:
    """A pool of connections to the database at `url`, any that libpq would take; opened when first used.

    What takes longer than `statement_seconds` is given up. Raises `Unavailable` where the database can't be reached;
    its kind `Conflict` where PostgreSQL ended a transaction so that others could go on.
    """

    def __init__(self, url: str, pool_size: int = 10, statement_seconds: float | None = None) -> None:
        scheme, separator, rest = url.partition("://")
        self.url = f"{scheme.removesuffix('+asyncpg')}{separator}{rest}"
        self._statement_seconds = statement_seconds
        # asyncpg reads the URL by itself: it knows libpq's parameters (`sslmode`, several hosts), SQLAlchemy doesn't.
        self.engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            pool_pre_ping=True,  # a connection may have died unnoticed, with the server's restart for example
        )
        # A read is one statement and its own snapshot already: BEGIN and ROLLBACK would be two round trips for nothing.
        self._reads = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        connection = await asyncpg.connect(
            self.url,
            timeout=CONNECT_SECONDS,
            command_timeout=self._statement_seconds,
            # Planning for compiled code costs more than any statement of ours takes.
            server_settings={"application_name": "registrations", "jit": "off"},
        )
        await read_ids_as_text(connection)
        return connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end of the block, rolled back by whatever is raised in it."""
        with _outages_told():
            async with self.engine.begin() as connection:
                yield connection

    async def fetch(self, statement: Executable) -> Sequence[Sequence[Any]]:
        """All rows of one reading statement."""
        with _outages_told():
            async with self._reads.connect() as connection:
                return (await connection.execute(statement)).all()

    async def ping(self) -> None:
        await self.fetch(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()


@contextmanager
def _outages_told() -> Iterator[None]:
    try:
        yield
    except OUTAGES as error:
        raise Unavailable from error
    except DBAPIError as error:
        cause = getattr(error.orig, "__cause__", None)  # SQLAlchemy wraps what the driver raised, twice.
        if isinstance(cause, CONFLICTS):
            raise Conflict from error
        if error.connection_invalidated or isinstance(cause, OUTAGES):
            raise Unavailable from error
        raise


async def read_ids_as_text(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Lets ids be 32-hex text in Python and 16-byte `uuid` in PostgreSQL, with no conversion of ours in between."""
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", encoder=bytes.fromhex, decoder=bytes.hex, format="binary"
    )
