"""Connections to PostgreSQL: one transaction per change, one statement per read."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
from asyncpg.transaction import Transaction

from registrations.domain.outage import Conflict, Unavailable
from registrations.storage.pool import OUTAGES, Pool, Watcher
from registrations.storage.running import Connection, Rows, run
from registrations.storage.sql import Sql

CONNECT_SECONDS = 3.0

# Compiling costs more than any statement of ours. What is read is in memory or on an SSD, where an index is not as dear
# as PostgreSQL assumes: it would rather read all users than those of a page.
SETTINGS = "SET jit = off; SET random_page_cost = 1.1; SET statement_timeout = {}"  # milliseconds; 0 sets no limit

CONFLICTS = asyncpg.DeadlockDetectedError, asyncpg.SerializationError

# What a connection ends with whose server was restarted since it was used, so that another attempt is worth while: to
# ask each connection before whether it lives would cost a round trip. Not a time-out, which may be the statement's.
DEAD = (
    ConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)

WRONG_VALUES = asyncpg.exceptions._base.DataError  # which asyncpg finds before it sends them; an InterfaceError, too

PING = Sql("SELECT 1", (), {})
NO_VALUES: Mapping[str, Any] = {}


class StatementFailed(Exception):
    """PostgreSQL refused a statement; the text says why, without values: they may be people's data, and get logged."""


class Database:
    """A pool of connections to the database at `url`, any that libpq would take; opened when first used.

    PostgreSQL ends a statement that takes longer than `statement_seconds`; where PostgreSQL does not answer, the pool
    gives it up. Raises `Unavailable` for such a statement, and where the database can't be reached; its kind `Conflict`
    where PostgreSQL ended a transaction so that others could go on.
    """

    def __init__(self, url: str, pool_size: int = 10, statement_seconds: float | None = None) -> None:
        scheme, separator, rest = url.partition("://")
        self.url = f"{scheme.removesuffix('+asyncpg')}{separator}{rest}"
        self._pool = Pool(partial(self.connect, statement_seconds), pool_size, statement_seconds)

    async def connect(self, statement_seconds: float | None = None) -> Connection:
        """A connection beside the pool, which is the caller's to close."""
        with OUTAGES_TOLD:
            connection = await asyncpg.connect(
                self.url,
                timeout=CONNECT_SECONDS,
                server_settings={"application_name": "registrations"},
            )
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await connection.execute(SETTINGS.format(round(1_000 * (statement_seconds or 0))))
                    await read_ids_as_text(connection)
            except BaseException:
                connection.terminate()
                raise
            return connection

    async def fetch(self, sql: Sql, values: Mapping[str, Any] = NO_VALUES) -> Rows:
        """All rows of one reading statement."""
        with OUTAGES_TOLD:
            try:
                return await self._read(sql, values)
            except DEAD:
                return await self._read(sql, values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction: committed at the end of the block, rolled back by whatever is raised in it."""
        with OUTAGES_TOLD:
            try:
                connection, transaction, giving_back = await self._begin()
            except DEAD:
                connection, transaction, giving_back = await self._begin()
            with giving_back:
                try:
                    yield connection
                except OUTAGES:
                    raise  # PostgreSQL rolls back when the connection is closed; this one would only be waited for
                except Exception:
                    await transaction.rollback()
                    raise
                await transaction.commit()

    async def ping(self) -> None:
        await self.fetch(PING)

    def pool_use(self) -> tuple[int, int, int]:
        """How many connections are in use, how many idle, and how many there may be."""
        return self._pool.use

    def watched(self, watcher: Watcher) -> AbstractContextManager[None]:
        """Until the block ends, the watcher is told of each statement soon after it was run."""
        return self._pool.watched(watcher)

    async def close(self) -> None:
        """Closes all connections, those too that are in use, within a second."""
        await self._pool.close()

    async def _read(self, sql: Sql, values: Mapping[str, Any]) -> Rows:
        # A statement is its own snapshot already: BEGIN and ROLLBACK would be two round trips for nothing.
        connection = await self._pool.take()
        with self._pool.giving_back(connection):
            return await run(connection, sql, values)

    async def _begin(self) -> tuple[Connection, Transaction, ExitStack]:
        connection = await self._pool.take()
        with ExitStack() as stack:
            stack.enter_context(self._pool.giving_back(connection))
            transaction = connection.transaction()
            await transaction.start()
            return connection, transaction, stack.pop_all()


class _OutagesTold(AbstractContextManager[None]):
    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, CONFLICTS):
            raise Conflict from error
        if isinstance(error, WRONG_VALUES):
            raise StatementFailed(type(error).__name__) from None
        if isinstance(error, OUTAGES):
            raise Unavailable from error
        if isinstance(error, asyncpg.PostgresError):
            is_about_values = error.sqlstate.startswith("22")
            raise StatementFailed(type(error).__name__ if is_about_values else error.args[0]) from None


OUTAGES_TOLD = _OutagesTold()


async def read_ids_as_text(connection: Connection) -> None:
    """Lets ids be 32-hex text in Python and 16-byte `uuid` in PostgreSQL, with no conversion of ours in between."""
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", encoder=bytes.fromhex, decoder=bytes.hex, format="binary"
    )
    # What an array of them is, asyncpg has to ask then. It takes 20 ms, which are not to be a request's.
    await connection.fetch("SELECT $1::uuid[]", [])
