"""Connections to PostgreSQL: one transaction per change, one statement per read."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
from asyncpg.transaction import Transaction

from registrations.domain.outage import Conflict, Unavailable
from registrations.storage.connections.pool import OUTAGES, Pool, Watcher, acquire, statement_timeout
from registrations.storage.connections.running import Connection, Rows, run
from registrations.storage.connections.searching import SearchTime
from registrations.storage.statements.sql import Sql

CONNECT_SECONDS = 3.0

# JIT compilation costs more than any statement of ours. Data is in memory or on an SSD, where random reads cost less
# than PostgreSQL assumes: by default it would read all users rather than a page's.
# Parallel workers would take the other cores from other requests.
SETTINGS = "SET jit = off; SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0; "

CONFLICTS = asyncpg.DeadlockDetectedError, asyncpg.SerializationError

# The errors of a connection whose server was restarted since its last use. They justify a second attempt; checking each
# connection before its use would cost a round trip. A time-out is not among them: it may be the statement's.
DEAD = (
    ConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)

WRONG_VALUES = asyncpg.exceptions._base.DataError  # raised by asyncpg before it sends them; also an InterfaceError

PING = Sql("SELECT 1", (), {})
NO_VALUES: Mapping[str, Any] = {}


class StatementFailed(Exception):
    """PostgreSQL refused a statement. The text says why, without values: it gets logged, and they may be personal."""


class Database:
    """A pool of connections to the database at `url`, any URL that libpq accepts; opened at their first use.

    PostgreSQL ends a statement that takes longer than `statement_seconds`; where PostgreSQL does not answer, the pool
    gives it up. Raises `Unavailable` for such a statement, and where the database can't be reached; its subclass
    `Conflict` where PostgreSQL aborted a transaction because of a concurrent one.
    """

    def __init__(self, url: str, pool_size: int = 10, statement_seconds: float | None = None) -> None:
        scheme, separator, rest = url.partition("://")
        self.url = f"{scheme.removesuffix('+asyncpg')}{separator}{rest}"
        self._pool = Pool(partial(self.connect, statement_seconds), pool_size, statement_seconds)
        self._searches = asyncio.Semaphore(max(1, pool_size // 3))  # the other connections are for all else

    async def connect(self, statement_seconds: float | None = None) -> Connection:
        """A connection outside the pool, which the caller has to close."""
        with TRANSLATED_ERRORS:
            connection = await asyncpg.connect(
                self.url,
                timeout=CONNECT_SECONDS,
                server_settings={"application_name": "registrations"},
            )
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await connection.execute(SETTINGS + statement_timeout(statement_seconds))
                    await read_ids_as_text(connection)
            except BaseException:
                connection.terminate()
                raise
            return connection

    async def fetch(self, sql: Sql, values: Mapping[str, Any] = NO_VALUES) -> Rows:
        """All rows of one reading statement."""
        with TRANSLATED_ERRORS:
            try:
                return await self._read(sql, values)
            except DEAD:
                return await self._read(sql, values)

    async def search(self, sql: Sql, values: Mapping[str, Any], time: SearchTime) -> Rows:
        """The same for a statement that may have to look at any number of rows. Raises `TookTooLong`."""
        with TRANSLATED_ERRORS:
            await acquire(self._searches)
            try:
                return await self._search(sql, values, time)
            except DEAD:
                return await self._search(sql, values, time)
            finally:
                self._searches.release()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction: committed at the end of the block, rolled back by whatever is raised in it."""
        with TRANSLATED_ERRORS:
            try:
                connection, transaction, giving_back = await self._begin()
            except DEAD:
                connection, transaction, giving_back = await self._begin()
            with giving_back:
                try:
                    yield connection
                except OUTAGES:
                    raise  # PostgreSQL rolls back when the connection closes; a ROLLBACK would only wait for it
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
        """Until the block ends, the watcher is called with each statement soon after it was run."""
        return self._pool.watched(watcher)

    async def close(self) -> None:
        """Closes all connections, including those in use, within a second."""
        await self._pool.close()

    async def _read(self, sql: Sql, values: Mapping[str, Any]) -> Rows:
        # A single statement has a snapshot of its own; BEGIN and ROLLBACK would only add two round trips.
        connection = await self._pool.take()
        with self._pool.giving_back(connection):
            return await run(connection, sql, values)

    async def _search(self, sql: Sql, values: Mapping[str, Any], time: SearchTime) -> Rows:
        connection = await self._pool.take(time.each)
        with self._pool.giving_back(connection), time.spent():
            return await run(connection, sql, values)

    async def _begin(self) -> tuple[Connection, Transaction, ExitStack]:
        connection = await self._pool.take()
        with ExitStack() as stack:
            stack.enter_context(self._pool.giving_back(connection))
            transaction = connection.transaction()
            await transaction.start()
            return connection, transaction, stack.pop_all()


class _TranslatedErrors(AbstractContextManager[None]):
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


TRANSLATED_ERRORS = _TranslatedErrors()


async def read_ids_as_text(connection: Connection) -> None:
    """Makes asyncpg convert between ids as 32-hex text and PostgreSQL's 16-byte `uuid`."""
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", encoder=bytes.fromhex, decoder=bytes.hex, format="binary"
    )
    # asyncpg then has to look up the type of their arrays. That takes 20 ms, which no request should have to wait.
    await connection.fetch("SELECT $1::uuid[]", [])
