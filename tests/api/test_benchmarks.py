"""The benchmark compares like with like: what it can't tell by itself until somebody runs it."""

import re
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import asyncpg
import httpx
import orjson
import pytest
from rich.console import Console
from starlette.applications import Starlette

from registrations.app import create_app
from registrations.data.seed.loading import load
from registrations.data.seed.organisation import Organisation, Sizes
from registrations.settings import Settings
from registrations.storage.connections.database import Database
from tests.benchmarks import access, client, floor, plain, wrk
from tests.benchmarks.answers import AnswersDiffer, Ask, ensure_same_answers
from tests.benchmarks.load import CONNECTIONS, Load
from tests.benchmarks.machine import cpu_seconds
from tests.benchmarks.requests import Request, as_graphql, as_rest
from tests.benchmarks.scenarios import NAMES, ONE, Connection, Scenario, Variables, choose_reads, choose_scenarios
from tests.benchmarks.servers import serving
from tests.support.gateway import client_of

SMALL = Organisation(Sizes(users=30, courses=4, offerings=8, registrations=120), 1, datetime(2026, 5, 1, tzinfo=UTC))

AUTHENTICATION: dict[str, Any] = {
    name.removeprefix("REGISTRATIONS_").lower(): value for name, value in access.SETTINGS.items()
}
PutLoad = Callable[[str, Sequence[Request], int], Load]
Clients = dict[str, tuple[httpx.AsyncClient, Ask]]


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    """To a database with a few records."""
    await load(database, SMALL, Console(quiet=True))
    connection = await asyncpg.connect(database.url)
    yield connection
    await connection.close()


@asynccontextmanager
async def clients(database_url: str) -> AsyncIterator[Clients]:
    apps: dict[str, tuple[Starlette, Ask]] = {
        "floor": (floor.create_app(database_url), as_rest),
        "plain": (plain.create_app(database_url), as_graphql),
        "gateway": (create_app(Settings(database_url=database_url, **AUTHENTICATION)), as_graphql),
    }
    async with AsyncExitStack() as stack:
        yield {name: ((await stack.enter_async_context(client_of(app)))[0], ask) for name, (app, ask) in apps.items()}


async def test_all_servers_answer_each_scenario_with_the_same_data(database_url: str, connection: Connection) -> None:
    scenarios = await choose_scenarios(connection)
    assert [scenario.name for scenario in scenarios] == list(NAMES)
    async with clients(database_url) as servers:
        await ensure_same_answers(scenarios, servers)


async def test_the_gateway_answers_what_growing_databases_are_measured_by(
    database_url: str, connection: Connection
) -> None:
    async with clients(database_url) as servers:
        await ensure_same_answers(await choose_reads(connection), {"gateway": servers["gateway"]})


async def test_another_answer_is_shown_with_its_difference(database_url: str, connection: Connection) -> None:
    def ask_for_less(scenario: Scenario, variables: Variables) -> Request:
        return as_rest(scenario, {**variables, "first": 49})

    scenarios = await choose_scenarios(connection)
    async with clients(database_url) as servers:
        floor_client, _ = servers["floor"]
        another = floor_client, ask_for_less
        with pytest.raises(AnswersDiffer) as caught:
            await ensure_same_answers(scenarios, {"floor": servers["floor"], "another": another})
    assert str(caught.value).startswith("list {'first': 50, 'after': None}:\n--- floor\n+++ another\n")


needs_wrk = pytest.mark.skipif(not shutil.which("wrk"), reason="needs wrk")


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
@pytest.mark.parametrize("put_load", [client.put_load, pytest.param(wrk.put_load, marks=needs_wrk)])
def test_load_counts_what_a_server_answered_and_what_it_could_not(tests_database: str, put_load: PutLoad) -> None:
    with serving("floor", tests_database) as server:
        busy = cpu_seconds(server.pid)
        answered = put_load(server.address, [Request("GET", "/registrations?first=1")], 1)
        refused = put_load(server.address, [Request("GET", "/nowhere")], 1)
        assert cpu_seconds(server.pid) > busy
    assert (answered.requests > 0, answered.failures) == (True, 0)
    assert 0 < answered.p50 <= answered.p99
    assert 0 < refused.failures <= refused.requests


@pytest.mark.parametrize("put_load", [client.put_load, pytest.param(wrk.put_load, marks=needs_wrk)])
def test_each_request_of_a_cold_scenario_brings_another_document(put_load: PutLoad) -> None:
    with taking_bodies() as (address, bodies):
        for _ in range(2):
            request = as_graphql(Scenario("coldOne", ONE, [], is_cold=True), {"id": "x"})
            put_load(address, [request, request], 1)
    assert len(bodies) > 2 * CONNECTIONS
    assert len(set(bodies)) == len(bodies)
    assert re.match(r'\nquery One_[0-9a-f]{8} {\n  registration\(id: "x"\) {', orjson.loads(bodies[-1])["query"])


@contextmanager
def taking_bodies() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server that answers with nothing, and the bodies that it was sent."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Load ends by resetting connections."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", bodies
        server.shutdown()
        thread.join()
