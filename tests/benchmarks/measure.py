"""What a request costs: servers take turns, so that whatever else the machine does meets all of them."""

import shutil
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

from tests.benchmarks import client, wrk
from tests.benchmarks.machine import cpu_seconds
from tests.benchmarks.requests import Request
from tests.benchmarks.scenarios import Scenario
from tests.benchmarks.servers import Server

WARM_UP_SECONDS = 1
GENERATOR = "wrk" if shutil.which("wrk") else "the client of tests/benchmarks"
put_load = wrk.put_load if shutil.which("wrk") else client.put_load


class RequestsFailed(Exception):
    """Under load a server did not answer, or with another status than 200."""


@dataclass(frozen=True)
class Cost:
    """Of a request: CPU milliseconds of the server and of the database, latencies in ms; and requests a second."""

    cpu: float
    database_cpu: float
    rate: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Effort:
    """How long and how often to measure."""

    rounds: int
    seconds: int


def measure(servers: Sequence[Server], scenario: Scenario, effort: Effort, database_pid: int) -> Mapping[str, Cost]:
    """The cost at each server: medians of the rounds, after a while that warms up and does not count."""
    requests = {server: [server.ask(scenario, variables) for variables in scenario.variables] for server in servers}
    for server in servers:
        put_load(server.address, requests[server], WARM_UP_SECONDS)
    rounds = [
        {server.name: _cost(server, requests[server], effort.seconds, database_pid) for server in servers}
        for _ in range(effort.rounds)
    ]
    return {server.name: _median(costs[server.name] for costs in rounds) for server in servers}


def _cost(server: Server, requests: Sequence[Request], seconds: int, database_pid: int) -> Cost:
    cpu, database_cpu = cpu_seconds(server.pid), cpu_seconds(database_pid)
    load = put_load(server.address, requests, seconds)
    cpu, database_cpu = cpu_seconds(server.pid) - cpu, cpu_seconds(database_pid) - database_cpu
    if load.failures or not load.requests:
        raise RequestsFailed(f"{server.name}: {load.failures} of {load.requests} requests failed; one: {requests[0]}")
    per_request = 1000 / load.requests
    return Cost(cpu * per_request, database_cpu * per_request, load.requests / load.seconds, load.p50, load.p99)


def _median(costs: Iterable[Cost]) -> Cost:
    return Cost(*map(statistics.median, zip(*map(astuple, costs), strict=True)))
