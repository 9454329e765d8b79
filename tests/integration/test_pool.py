"""Connections that die, hang or are left: who comes next never gets one of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from registrations.domain.outage import Unavailable
from registrations.storage.connections.database import Database, StatementFailed
from registrations.storage.connections.running import Rows
from registrations.storage.connections.searching import SearchTime
from registrations.storage.statements.sql import Sql
from tests.conftest import execute
from tests.support.database import rows
from tests.support.statements import counted_statements, limits_set

SIZE = 4

OF_POOLS = "datname = current_database() AND application_name = 'registrations'"
SLEEP = "SELECT pg_sleep(600)"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, pool_size=SIZE)
    yield database
    await database.close()


async def backend(database: Database) -> int:
    """The server's process of the connection that is lent next."""
    [(pid,)] = await rows(database, "SELECT pg_backend_pid()")
    return int(pid)


async def open_all(database: Database) -> None:
    async def take(left: int) -> None:
        async with database.transaction():
            if left:
                await take(left - 1)

    await take(SIZE - 1)


def end_connections_unnoticed(database: Database) -> None:
    """Ends all connections, and returns before the loop can see that they are."""
    end = f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {OF_POOLS}"
    with ThreadPoolExecutor() as others:
        others.submit(asyncio.run, execute(database.url, end)).result()


async def until_sleeping(database: Database, amount: int) -> None:
    """Returns when so many connections of pools sleep."""
    sleeping = f"SELECT count(*) FROM pg_stat_activity WHERE {OF_POOLS} AND wait_event = 'PgSleep'"
    connection = await asyncpg.connect(database.url)
    async with asyncio.timeout(30):
        while await connection.fetchval(sleeping) != amount:
            pass
    await connection.close()


async def change(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("LOCK TABLE courses IN ROW SHARE MODE")


async def test_connections_that_end_again_and_again_are_an_outage_and_nothing_else(database: Database) -> None:
    failures = set[type[BaseException]]()
    ended = asyncio.Event()

    async def read() -> None:
        while not ended.is_set():
            try:
                await database.ping()
            except Exception as error:
                failures.add(type(error))

    readers = [asyncio.create_task(read()) for _ in range(3 * SIZE)]
    end_half = f"SELECT pg_terminate_backend(pid, 1) FROM pg_stat_activity WHERE {OF_POOLS} AND random() < 0.5"
    for _ in range(40):
        await execute(database.url, end_half)
    ended.set()
    await asyncio.gather(*readers)
    assert failures <= {Unavailable}
    await open_all(database)


@pytest.mark.parametrize("act", [Database.ping, change])
async def test_a_restart_of_the_server_between_requests_lets_none_of_them_fail(
    database: Database, act: Callable[[Database], Awaitable[None]]
) -> None:
    await open_all(database)
    end_connections_unnoticed(database)
    for _ in range(SIZE):
        await act(database)
    await open_all(database)
    end_connections_unnoticed(database)
    await asyncio.gather(*(act(database) for _ in range(5 * SIZE)))


async def test_a_change_that_loses_its_connection_is_not_made_again_but_told_as_an_outage(database: Database) -> None:
    begun: list[asyncpg.Connection[asyncpg.Record]] = []

    async def lose_connection() -> None:
        async with database.transaction() as connection:
            begun.append(connection)
            end_connections_unnoticed(database)
            await connection.execute("SELECT")

    with pytest.raises(Unavailable):
        await lose_connection()
    assert len(begun) == 1


async def test_a_read_that_takes_too_long_is_not_made_again(database_url: str) -> None:
    hasty = Database(database_url, statement_seconds=0.1)
    await hasty.ping()
    async with counted_statements(hasty) as sent:
        with pytest.raises(Unavailable):
            await rows(hasty, SLEEP)
    assert sent == [SLEEP]
    await until_sleeping(hasty, 0)
    await hasty.close()


async def test_who_leaves_ends_the_statement_and_nobody_gets_its_connection(database: Database) -> None:
    before = await backend(database)
    reading = asyncio.create_task(rows(database, SLEEP))
    await until_sleeping(database, 1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await until_sleeping(database, 0)
    assert await backend(database) != before


async def test_a_statement_that_fails_leaves_the_connection_to_the_next(database: Database) -> None:
    before = await backend(database)
    with pytest.raises(StatementFailed, match=r"^DivisionByZeroError$"):
        await rows(database, "SELECT 1 / 0")
    with pytest.raises(StatementFailed, match=r"^DivisionByZeroError$"):
        async with database.transaction() as connection:
            await connection.execute("SELECT 1 / 0")
    assert await backend(database) == before


async def test_what_may_take_only_so_long_has_connections_whose_limit_is_set_once(database: Database) -> None:
    limit = Sql("SHOW statement_timeout", (), {})
    limits: list[Rows] = []
    async with limits_set(database) as sent:
        async with database.transaction():
            await database.ping()
        for _ in range(3):
            limits += await database.search(limit, {}, SearchTime(0.2)), await database.fetch(limit)
        async with database.transaction():
            limits.append(await database.fetch(limit))
    assert [value for [[value]] in limits] == [*(["100ms", "0"] * 3), "0"]
    assert sent == ["SET statement_timeout = 100", "SET statement_timeout = 0"]


async def test_searches_leave_connections_to_others(database_url: str) -> None:
    database = Database(database_url, pool_size=3)
    time = SearchTime(1_200)
    searches = [asyncio.create_task(database.search(Sql(SLEEP, (), {}), {}, time)) for _ in range(5)]
    await until_sleeping(database, 1)
    await asyncio.gather(*(database.ping() for _ in range(20)))
    assert database.pool_use() == (1, 2, 3)
    for search in searches:
        search.cancel()
    await asyncio.gather(*searches, return_exceptions=True)
    await until_sleeping(database, 0)
    await database.close()


async def test_what_is_in_use_is_told(database: Database) -> None:
    assert database.pool_use() == (0, 0, SIZE)
    async with database.transaction():
        assert database.pool_use() == (1, 0, SIZE)
        await database.ping()
        assert database.pool_use() == (1, 1, SIZE)
    assert database.pool_use() == (0, 2, SIZE)


async def test_closing_ends_what_runs_and_lets_nobody_in_any_more(database: Database) -> None:
    reading = asyncio.create_task(rows(database, SLEEP))
    await until_sleeping(database, 1)
    await database.close()
    with pytest.raises(Unavailable):
        await reading
    with pytest.raises(Unavailable):
        await database.ping()
    assert database.pool_use() == (0, 0, SIZE)
    await until_sleeping(database, 0)
