"""Whichever worker is asked for the figures, it tells those of all."""

import os
import signal
import time
from pathlib import Path

import httpx

from tests.support.figures import Figures, read
from tests.support.server import Server, serving

HELLO = {"query": "query Hello { __typename }"}


def scrape(server: Server, name: str) -> Figures:
    """Over a connection of its own, which any of the workers may accept."""
    return read(httpx.get(f"{server.address}/metrics").text, name)


def wait_for(server: Server, pool_size: float) -> None:
    deadline = time.monotonic() + 30
    while scrape(server, "registrations_pool_size") != {(): pool_size}:
        assert time.monotonic() < deadline


def test_any_worker_tells_the_whole_and_the_dead_hold_no_connections(database_url: str, tmp_path: Path) -> None:
    settings = {"REGISTRATIONS_DATABASE_URL": database_url, "REGISTRATIONS_POOL_SIZE": "3", "TMPDIR": str(tmp_path)}
    with serving("--workers", "2", **settings) as server:
        wait_for(server, pool_size=6)
        for _ in range(20):
            assert httpx.post(f"{server.address}/graphql", json=HELLO).status_code == 200
        for _ in range(10):
            assert scrape(server, "registrations_operations_total") == {("Hello", "ok", "query"): 20}
        assert len(list(tmp_path.glob("registrations-metrics-*/counter_*.db"))) == 2

        first, second = server.workers
        os.kill(first, signal.SIGKILL)
        while len(server.workers) < 3:
            assert server.process.poll() is None
        wait_for(server, pool_size=6)
        for _ in range(10):
            assert scrape(server, "registrations_operations_total") == {("Hello", "ok", "query"): 20}
        assert list(tmp_path.glob(f"registrations-metrics-*/gauge_livesum_{first}.db")) == []
        assert len(list(tmp_path.glob(f"registrations-metrics-*/gauge_livesum_{second}.db"))) == 1

        server.process.send_signal(signal.SIGTERM)
        server.wait_until_gone()
    assert list(tmp_path.iterdir()) == []
