"""Connections that stay open for whoever needs one next.

Not asyncpg's pool: that starts two tasks whenever it lends a connection, which costs more than a small statement, and
resets what is given back, though of us nothing of a session is ever left behind.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, TypeAlias, cast

import asyncpg
from asyncpg.connection import LoggedQuery

from registrations.storage.connections.running import Connection

Watcher: TypeAlias = Callable[[LoggedQuery], None]

POOL_SECONDS = 2.0
CLOSE_SECONDS = 1.0
LOOKS = 20  # at what runs, during the time that a statement may take

OUTAGES = (
    OSError,  # refused, reset, or timed out
    asyncpg.InterfaceError,  # closed meanwhile
    asyncpg.InternalClientError,  # told that it is over, and not closed yet
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, or starting up
    asyncpg.TooManyConnectionsError,
)


class Pool:
    """At most `size` connections, each opened when there is none to lend. The last that came back is the first to go.

    PostgreSQL ends a statement after `statement_seconds`, which `connect` has to see to, or after those that the
    connection was taken for. To set that takes a statement; so connections with another limit go last.

    What is raised is what asyncpg raises, and `TimeoutError` where no connection comes back in time. A statement that
    runs for `statement_seconds`, or up to a tenth longer, raises it too, and its connection is terminated.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[Connection]], size: int, statement_seconds: float | None = None
    ) -> None:
        self._connect = connect
        self._size = size
        self._statement_seconds = statement_seconds
        self._running: dict[tuple[Connection, int], int] = {}
        self._overdue: set[Connection] = set()
        self._sweeping: asyncio.TimerHandle | None = None
        self._places = asyncio.Semaphore(size)
        self._open: set[Connection] = set()
        self._idle: list[Connection] = []
        self._limits: dict[Connection, float | None] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._watchers: list[Watcher] = []
        self._closed = False

    @property
    def use(self) -> tuple[int, int, int]:
        """How many connections are in use, how many idle, and how many there may be."""
        return len(self._open) - len(self._idle), len(self._idle), self._size

    async def take(self, seconds: float | None = None) -> Connection:
        """A connection for statements of at most so many `seconds`, which is to be given back."""
        if self._closed:
            raise asyncpg.InterfaceError("the pool is closed")
        await acquire(self._places)
        try:
            connection = self._reused(first=seconds is not None) or await self._opened()
        except BaseException:
            self._places.release()
            raise
        if self._limits[connection] != (limit := seconds or self._statement_seconds):
            await self._set_limit(connection, limit)
        return connection

    def giving_back(self, connection: Connection) -> "GivingBack":
        """Gives the connection back when the block ends; nobody gets it again if a statement did not come to its end.

        After an outage nobody gets those either that are idle: the server that was restarted was theirs too.
        """
        return GivingBack(self, connection)

    @contextmanager
    def watched(self, watcher: Watcher) -> Iterator[None]:
        """Until the block ends, the watcher is told of each statement soon after it was run."""
        self._watchers.append(watcher)
        for connection in self._open:
            connection.add_query_logger(watcher)
        try:
            yield
        finally:
            self._watchers.remove(watcher)
            for connection in self._open:
                connection.remove_query_logger(watcher)

    async def close(self) -> None:
        """Closes all connections, those too that are in use, within `CLOSE_SECONDS`; for good."""
        self._closed = True
        if self._sweeping:
            self._sweeping.cancel()
        self._idle.clear()
        await asyncio.gather(*map(self._close, self._open), *self._closing)

    def _give_back(self, connection: Connection, error: BaseException | None) -> None:
        is_outage = isinstance(error, OUTAGES)
        if is_outage or (error is not None and not isinstance(error, Exception)):
            self._discard(connection)
        else:
            self._keep(connection)
        while is_outage and self._idle:
            self._forget(self._idle.pop())
        if isinstance(error, Exception) and connection in self._overdue:
            raise TimeoutError("the statement took too long") from error

    async def _set_limit(self, connection: Connection, limit: float | None) -> None:
        try:
            await connection.execute(statement_timeout(limit))
        except BaseException as error:
            self._give_back(connection, error)
            raise
        self._limits[connection] = limit

    def _reused(self, *, first: bool) -> "Connection | None":
        while self._idle:
            connection = self._idle.pop(0 if first else -1)
            if not connection.is_closed():
                return connection
            self._forget(connection)
        return None

    async def _opened(self) -> Connection:
        connection = await self._connect()
        self._open.add(connection)
        self._limits[connection] = self._statement_seconds
        self._add_watchers(connection)
        if self._statement_seconds and not self._sweeping:
            self._sweep(self._statement_seconds)
        return connection

    def _add_watchers(self, connection: Connection) -> None:
        for watcher in self._watchers:
            connection.add_query_logger(watcher)

    def _keep(self, connection: Connection) -> None:
        if self._closed:
            self._forget(connection)
        else:
            is_usual = self._limits[connection] == self._statement_seconds
            self._idle.insert(len(self._idle) if is_usual else 0, connection)
        self._places.release()

    def _discard(self, connection: Connection) -> None:
        """Ends what runs on the connection, and the connection; not before that its place is free."""
        closing = asyncio.create_task(self._close(connection))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        closing.add_done_callback(lambda _: self._places.release())

    async def _close(self, connection: Connection) -> None:
        with suppress(*OUTAGES):  # then asyncpg has cut the line
            await connection.close(timeout=CLOSE_SECONDS)
        self._drop(connection)

    def _forget(self, connection: Connection) -> None:
        connection.terminate()
        self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._limits.pop(connection, None)
        self._overdue.discard(connection)

    def _sweep(self, limit: float) -> None:
        """Terminates the connections on which one statement has run for more seconds than the limit.

        A look at all of them now and then costs requests nothing, while asyncpg would set a timer for each statement.
        Statements are told apart by asyncpg's count of those that a connection has begun, which is not public. What
        counts are looks, not seconds: while the process stands still, answers may come and nobody takes them.
        """
        in_use = [connection for connection in self._open.difference(self._idle) if not connection.is_closed()]
        statements = [(connection, cast("Any", connection)._protocol.queries_count) for connection in in_use]
        self._running = {statement: self._running.get(statement, -1) + 1 for statement in statements}
        for (connection, _), looks in self._running.items():
            if looks >= LOOKS:
                self._overdue.add(connection)
                connection.terminate()
                self._add_watchers(connection)  # which it has forgotten now, and they are to be told of the statement
        self._sweeping = asyncio.get_running_loop().call_later(limit / LOOKS, self._sweep, limit)


async def acquire(places: asyncio.Semaphore) -> None:
    """Raises `TimeoutError` where none becomes free in time."""
    if places.locked():
        async with asyncio.timeout(POOL_SECONDS):
            await places.acquire()
    else:
        await places.acquire()


def statement_timeout(seconds: float | None) -> str:
    """The SQL by which PostgreSQL ends the session's statements after so many seconds; None sets no limit."""
    return f"SET statement_timeout = {round(1_000 * (seconds or 0))}"


class GivingBack(AbstractContextManager[None]):
    # No generator: that would take longer than all else that is done here.
    def __init__(self, pool: Pool, connection: Connection) -> None:
        self._pool = pool
        self._connection = connection

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        self._pool._give_back(self._connection, error)
