"""The database gone, hung or crowded, and back: what clients are told, and that nobody has to restart the gateway."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, sleep

import httpx
import pytest

from registrations.domain.outage import Unavailable
from registrations.storage.connections.database import Database
from registrations.storage.connections.embedded import embedded_postgres
from registrations.storage.connections.migration import migrate
from tests.support.database import locked, rows, store, until_waiting
from tests.support.embedded import server_processes, wait_until_gone
from tests.support.gateway import open_gateway
from tests.support.records import a_course, a_registration, a_user, an_offering
from tests.support.server import serving
from tests.support.statements import counted_statements

QUERY = {"query": "{ registrations { totalCount } }"}
EJECT = 'mutation { ejectRegistration(input: {registrationId: "%s"}) { __typename } }'
MUTATION = {"query": EJECT % ("0" * 32)}
POOL_SIZE = 10


def stop_at_once(folder: Path) -> None:
    """Ends the server of the folder as a crash would, and returns when nobody can reach it any more."""
    os.kill(int((folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    wait_until_gone(folder)


@contextmanager
def stopped(*processes: int) -> Iterator[None]:
    with ExitStack() as going_on:
        for process in processes:
            os.kill(process, signal.SIGSTOP)
            going_on.callback(os.kill, process, signal.SIGCONT)
        yield


async def test_an_outage_is_told_as_one_and_ends_by_itself(folder: Path) -> None:
    with embedded_postgres(folder) as url:
        database = Database(url)
        await migrate(database)
        await database.close()
        async with open_gateway(url) as gateway:
            assert (await gateway.http.post("/graphql", json=QUERY)).status_code == 200
            stop_at_once(folder)
            for operation in (QUERY, MUTATION):
                response = await gateway.http.post("/graphql", json=operation)
                [error] = response.json()["errors"]
                assert (response.status_code, response.headers["retry-after"]) == (503, "2")
                assert error["extensions"] == {"code": "SERVICE_UNAVAILABLE"}
                assert error["message"] == "The service is not available at the moment; try again in a while."
            assert (await gateway.http.get("/readyz")).status_code == 503
            assert (await gateway.http.get("/healthz")).status_code == 200
            with embedded_postgres(folder):
                for path in ("/readyz", "/healthz"):
                    assert (await gateway.http.get(path)).status_code == 200
                for operation in (QUERY, MUTATION) * 3:
                    assert (await gateway.http.post("/graphql", json=operation)).status_code == 200


async def test_a_server_that_hangs_is_given_up_and_used_again_when_it_goes_on(database_url: str) -> None:
    database = Database(database_url, pool_size=1, statement_seconds=0.2)
    [(backend,)] = await rows(database, "SELECT pg_backend_pid()")
    with stopped(backend), pytest.raises(Unavailable):
        await database.ping()
    await database.ping()
    await database.close()


async def backend(database: Database) -> int:
    [(process,)] = await rows(database, "SELECT pg_backend_pid()")
    return int(process)


async def test_a_read_that_hangs_is_given_up_and_not_made_again_while_others_go_on(database_url: str) -> None:
    database = Database(database_url, pool_size=2, statement_seconds=0.5)
    hung = await backend(database)
    async with counted_statements(database) as sent:
        with stopped(hung):
            reading = asyncio.create_task(rows(database, "SELECT 'hangs'"))
            while not reading.done():
                await asyncio.sleep(0)
                await database.ping()
            with pytest.raises(Unavailable):
                await reading
            assert await backend(database) != hung
    assert sent.count("SELECT 'hangs'") == 1
    assert database.pool_use() == (0, 1, 2)
    await database.close()


async def test_a_change_that_hangs_is_given_up_and_not_made_again(database_url: str) -> None:
    database = Database(database_url, pool_size=1, statement_seconds=0.5)
    hung = await backend(database)
    async with counted_statements(database) as sent:
        with ExitStack() as until_given_up:

            async def change() -> None:
                async with database.transaction() as connection:
                    until_given_up.enter_context(stopped(hung))
                    await connection.execute("LOCK TABLE users")

            with pytest.raises(Unavailable):
                await change()
            assert await backend(database) != hung
    assert sent.count("BEGIN;") == 1
    await database.close()


async def test_a_transaction_may_take_longer_than_any_of_its_statements(database_url: str) -> None:
    database = Database(database_url, statement_seconds=2)
    async with database.transaction() as connection:
        for _ in range(4):
            await connection.execute("SELECT pg_sleep(0.7)")
    await database.close()


async def test_a_connection_is_not_given_up_because_the_process_stood_still(database_url: str) -> None:
    database = Database(database_url, statement_seconds=0.2)
    async with database.transaction() as connection:
        running = asyncio.create_task(connection.execute("SELECT pg_sleep(0.1)"))
        await asyncio.sleep(0.05)
        # The standstill is what is tested, and no event can stand for it: the event loop must not run.
        sleep(0.3)  # noqa: ASYNC251 - nothing runs meanwhile, as in a process that is suspended
        await running
        assert await connection.fetchval("SELECT 'still here'") == "still here"
    await database.close()


async def timed(response: Awaitable[httpx.Response]) -> tuple[int, float]:
    """The status, and the seconds that it took."""
    asked = monotonic()
    return (await response).status_code, monotonic() - asked


async def test_while_the_database_hangs_the_gateway_says_so_in_time_and_is_alive(
    folder: Path, tell: Callable[[str], None]
) -> None:
    async def crowd() -> list[tuple[int, float]]:
        return await asyncio.gather(*(timed(http.post("/graphql", json=QUERY)) for _ in range(30)))

    with embedded_postgres(folder) as url:
        database = Database(url)
        await migrate(database)
        await database.close()
        with serving(REGISTRATIONS_DATABASE_URL=url) as server:
            server.discard_log()
            async with httpx.AsyncClient(base_url=server.address, timeout=30) as http:
                assert [status for status, _ in await crowd()] == [200] * 30
                with stopped(*await server_processes(url)):
                    answering = asyncio.create_task(crowd())
                    health = []
                    while not answering.done():
                        health.append(await timed(http.get("/healthz")))
                    answers = answering.result()
                    unready = await timed(http.get("/readyz"))
                assert [status for status, _ in await crowd()] == [200] * 30
    assert [status for status, _ in answers] == [503] * 30
    assert {status for status, _ in health} == {200}
    assert unready[0] == 503
    worst, alive = max(seconds for _, seconds in answers), [seconds * 1_000 for _, seconds in health]
    tell(
        f"PostgreSQL hung: {len(answers)} requests were told so within {worst:.1f} s, /readyz said it within "
        f"{unready[1]:.1f} s; {len(health)} /healthz took {median(alive):.0f} ms, at worst {max(alive):.0f} ms"
    )


async def test_who_finds_no_free_connection_is_told_in_time(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    async with database.transaction():
        with pytest.raises(Unavailable):
            await database.ping()
    await database.ping()
    await database.close()


async def test_one_request_more_than_there_are_connections_is_told_to_come_again(
    database: Database, tell: Callable[[str], None]
) -> None:
    course, user = a_course(), a_user()
    offering = an_offering(course)
    held = a_registration(user, offering)
    await store(database, course, user, offering, held)
    eject = {"query": EJECT % held.id}
    async with open_gateway(database.url) as gateway, asyncio.TaskGroup() as tasks:
        async with locked(database, held):
            waiting = [tasks.create_task(gateway.http.post("/graphql", json=eject)) for _ in range(POOL_SIZE)]
            await until_waiting(database, POOL_SIZE)
            asked = monotonic()
            response = await gateway.http.post("/graphql", json=QUERY)
            seconds = monotonic() - asked
            assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        assert [(await request).status_code for request in waiting] == [200] * POOL_SIZE
        assert (await gateway.http.post("/graphql", json=QUERY)).status_code == 200
    tell(f"pool exhausted: 503 with Retry-After after {seconds:.1f} s")
