"""Whichever worker is asked for the metrics, it exposes those of all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from registrations.telemetry.metrics import FOLDER, NAMES_KEPT, Metrics
from registrations.telemetry.operations import OperationRecord, Outcome
from tests.support.figures import Figures, read
from tests.support.server import Server, serving

HELLO = {"query": "query Hello { __typename }"}


def scrape(server: Server, name: str) -> Figures:
    """Over a connection of its own, which any of the workers may accept; one that starts takes its time."""
    return read(httpx.get(f"{server.address}/metrics", timeout=60).text, name)


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline


def wait_for_workers(server: Server, started: int, pool_size: float) -> None:
    """Returns when so many have been started, and those that are alive have pools of this size together."""
    wait_for(lambda: scrape(server, "registrations_pool_size") == {(): pool_size} and len(server.workers) == started)


def wait_for_greetings(server: Server, count: float) -> None:
    """Returns when so many are exposed, more than which never are."""

    def is_so() -> bool:
        told = scrape(server, "registrations_operations_total").get(("Hello", "ok", "query"), 0)
        assert told <= count
        return told == count

    wait_for(is_so)


def greet(server: Server, times: int) -> None:
    for _ in range(times):
        assert httpx.post(f"{server.address}/graphql", json=HELLO, timeout=60).status_code == 200


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("registrations-metrics-*/*.json"))


def test_any_worker_tells_the_whole_and_the_dead_hold_no_connections(database_url: str, tmp_path: Path) -> None:
    settings = {"REGISTRATIONS_DATABASE_URL": database_url, "REGISTRATIONS_POOL_SIZE": "3", "TMPDIR": str(tmp_path)}
    with serving("--workers", "2", **settings) as server:
        wait_for_workers(server, 2, pool_size=6)
        greet(server, 20)
        wait_for_greetings(server, 20)
        for _ in range(10):
            assert scrape(server, "registrations_operations_total") == {("Hello", "ok", "query"): 20}

        os.kill(server.workers[0], signal.SIGKILL)
        wait_for_workers(server, 3, pool_size=6)
        for _ in range(10):
            assert scrape(server, "registrations_operations_total") == {("Hello", "ok", "query"): 20}
        assert files(tmp_path) == ["0.json", "1.json"]  # the new worker goes on with the file of the dead one

        server.process.send_signal(signal.SIGTERM)
        server.wait_until_gone()
    assert list(tmp_path.iterdir()) == []


def test_workers_that_are_replaced_in_good_order_lose_no_count(database_url: str, tmp_path: Path) -> None:
    with serving("--workers", "2", REGISTRATIONS_DATABASE_URL=database_url, TMPDIR=str(tmp_path)) as server:
        wait_for_workers(server, 2, pool_size=20)
        greet(server, 20)
        server.process.send_signal(signal.SIGHUP)
        wait_for_workers(server, 4, pool_size=20)
        wait_for_greetings(server, 20)
        # The first new worker starts beside the old ones, the second goes on with a file of theirs.
        assert files(tmp_path) == ["0.json", "1.json", "2.json"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def operations(metrics: Metrics) -> Figures:
    return read(metrics.exposition().decode(), "registrations_operations_total")


@pytest.mark.usefixtures("folder")
def test_what_one_process_has_exposed_the_others_expose_too() -> None:
    first, second = Metrics(), Metrics()
    first.operation(OperationRecord(Outcome.OK, "Hello", "query", is_known=True))
    second.operation(OperationRecord(Outcome.OK, type="query"))
    assert operations(first) == {("Hello", "ok", "query"): 1}
    assert operations(second) == {("Hello", "ok", "query"): 1, ("anonymous", "ok", "query"): 1}
    assert operations(first) == operations(second)


@pytest.mark.usefixtures("folder")
def test_durations_of_all_processes_are_added_up() -> None:
    first, second = Metrics(), Metrics()
    first.request("GET", "/healthz", 200, 0.25)
    second.request("GET", "/healthz", 200, 0.5)
    first.exposition()
    text = second.exposition().decode()
    assert read(text, "registrations_http_request_seconds_sum") == {("/healthz",): 0.75}
    buckets = read(text, "registrations_http_request_seconds_bucket")
    assert (buckets["0.1", "/healthz"], buckets["0.25", "/healthz"], buckets["0.5", "/healthz"]) == (0, 1, 2)


def test_names_stay_bounded_however_often_a_process_is_replaced(folder: Path) -> None:
    program = """
import sys
from registrations.telemetry.metrics import Metrics
from registrations.telemetry.operations import OperationRecord, Outcome
metrics = Metrics()
for n in range(150):
    metrics.operation(OperationRecord(Outcome.OK, f"{sys.argv[1]}{n}", "query", is_known=True))
metrics.exposition()
"""
    for name in "abc":
        subprocess.run([sys.executable, "-c", program, name], check=True)
    told = operations(Metrics())
    assert len(told) == NAMES_KEPT + 1
    assert told["other", "ok", "query"] == 3 * 150 - NAMES_KEPT
    assert [file.name for file in folder.glob("*.json")] == ["0.json"]
