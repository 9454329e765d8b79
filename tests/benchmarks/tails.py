"""How long requests wait beside a stream of new documents, and how long the garbage collector stops everything."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread

from tests.benchmarks.access import HEADERS
from tests.benchmarks.load import CONNECTIONS, SERIAL, first_serial
from tests.benchmarks.machine import describe
from tests.benchmarks.measure import GENERATOR, WARM_UP_SECONDS, Effort, put_load
from tests.benchmarks.pauses import longest_pause
from tests.benchmarks.report import Report
from tests.benchmarks.requests import Request, as_graphql
from tests.benchmarks.scenarios import choose_scenarios
from tests.benchmarks.servers import Kind, Server, serving
from tests.benchmarks.session import SIZE, session

NEW_DOCUMENTS = 40  # a second
COLUMNS = "one", "p50 ms", "p99 ms", "new: p50 ms", "p99 ms", "longest pause ms"


def tails(effort: Effort, folder: Path) -> Report:
    """Latencies of `one`, alone and beside new documents for `list`: medians of the rounds. Of pauses the longest."""
    machine = describe()
    with session(folder, SIZE, choose_scenarios) as prepared, tempfile.NamedTemporaryFile() as file:
        kind = Kind((sys.executable, "-m", "tests.benchmarks.pauses", file.name, "serve"), as_graphql)
        requests = {
            scenario.name: [as_graphql(scenario, variables) for variables in scenario.variables]
            for scenario in prepared.scenarios
        }
        with serving("gateway", prepared.database_url, kind=kind) as gateway:
            put_load(gateway.address, requests["one"], WARM_UP_SECONDS)
            alone = _measure(gateway, requests["one"], [], effort, Path(file.name))
            beside = _measure(gateway, requests["one"], requests["coldList"], effort, Path(file.name))
    how = (
        f"The gateway alone on one core, {GENERATOR} with {CONNECTIONS} connections asking for `one`, beside it "
        f"{NEW_DOCUMENTS} new documents for `list` a second; {effort.rounds} rounds of {effort.seconds} s. {machine}."
    )
    return Report(how, COLUMNS, [["alone", *alone], ["beside new documents", *beside]], named=1)


def _measure(
    gateway: Server, requests: Sequence[Request], new: Sequence[Request], effort: Effort, pauses: Path
) -> list[str]:
    started, latencies = time.time(), list[float]()
    with _sending(gateway, new, latencies):
        loads = [put_load(gateway.address, requests, effort.seconds) for _ in range(effort.rounds)]
    p50, p99 = (statistics.median(getattr(load, name) for load in loads) for name in ("p50", "p99"))
    percentiles = statistics.quantiles(latencies, n=100) if len(latencies) > 1 else None
    theirs = [f"{percentiles[percent - 1] * 1000:.2f}" if percentiles else "-" for percent in (50, 99)]
    return [f"{p50:.2f}", f"{p99:.2f}", *theirs, f"{longest_pause(pauses, started) * 1000:.2f}"]


@contextmanager
def _sending(gateway: Server, requests: Sequence[Request], latencies: list[float]) -> Iterator[None]:
    """Sends the requests in turn, so many a second, for as long as the block takes."""
    stopped = Event()
    thread = Thread(target=_send, args=(gateway, requests, latencies, stopped))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _send(gateway: Server, requests: Sequence[Request], latencies: list[float], stopped: Event) -> None:
    connection = HTTPConnection(gateway.address.removeprefix("http://"))
    serial = first_serial()
    while requests and not stopped.wait(1 / NEW_DOCUMENTS):
        request, serial = requests[serial % len(requests)], serial + 1
        sent = time.perf_counter()
        connection.request(
            request.method, request.path, request.body.replace(SERIAL.encode(), b"%08x" % serial), HEADERS
        )
        connection.getresponse().read()
        latencies.append(time.perf_counter() - sent)
    connection.close()
