"""The database gone, hung or crowded, and back: what clients are told, and that nobody has to restart the gateway."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from registrations.domain.outage import Unavailable
from registrations.storage.database import Database
from registrations.storage.embedded import embedded_postgres
from registrations.storage.migration import migrate
from tests.support.embedded import wait_until_gone
from tests.support.gateway import open_gateway

QUERY = {"query": "{ registrations { totalCount } }"}
MUTATION = {"query": 'mutation { ejectRegistration(input: {registrationId: "%s"}) { __typename } }' % ("0" * 32)}


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="outage-"))
    folder.chmod(0o755)
    yield folder / "postgresql"
    shutil.rmtree(folder)


def stop_at_once(folder: Path) -> None:
    """Ends the server of the folder as a crash would, and returns when nobody can reach it any more."""
    os.kill(int((folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    wait_until_gone(folder)


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


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
    [(backend,)] = await database.fetch(text("SELECT pg_backend_pid()"))
    with stopped(backend), pytest.raises(Unavailable):
        await database.ping()
    await database.ping()
    await database.close()


async def test_who_finds_no_free_connection_is_told_in_time(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    async with database.transaction():
        with pytest.raises(Unavailable):
            await database.ping()
    await database.ping()
    await database.close()
