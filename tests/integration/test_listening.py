"""Which worker gets a connection, and what becomes of it where there is none at the moment."""

import os
import signal
import socket
from contextlib import ExitStack

import httpx
import pytest

from registrations.server import listen
from tests.support.server import serving

MANY = 100


def test_connections_are_spread_among_the_sockets_of_the_workers() -> None:
    with ExitStack() as stack:
        listeners = [stack.enter_context(listener) for listener in listen("127.0.0.1", 0, workers=2)]
        [address] = {listener.getsockname() for listener in listeners}
        for _ in range(MANY):
            stack.enter_context(socket.create_connection(address))
        taken = [0, 0]
        for number, listener in enumerate(listeners):
            listener.setblocking(False)
            while True:
                try:
                    listener.accept()[0].close()
                except BlockingIOError:
                    break
                taken[number] += 1
    assert sum(taken) == MANY
    assert min(taken) > MANY / 5


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("others", [1, 2])
def test_a_port_is_shared_with_no_other_gateway(others: int, workers: int) -> None:
    with ExitStack() as stack:
        listeners = [stack.enter_context(listener) for listener in listen("127.0.0.1", 0, others)]
        with pytest.raises(OSError, match="Address already in use"):
            listen("127.0.0.1", listeners[0].getsockname()[1], workers)


def test_who_connects_to_a_worker_that_was_killed_is_answered_by_the_next_one(database_url: str) -> None:
    with serving("--workers", "2", REGISTRATIONS_DATABASE_URL=database_url) as server:
        while len(server.workers) < 2:
            assert server.process.poll() is None
        os.kill(server.workers[0], signal.SIGKILL)
        assert [httpx.get(f"{server.address}/healthz", timeout=20).text for _ in range(10)] == ["ok"] * 10


def test_all_are_answered_after_sighup_replaced_the_workers(database_url: str) -> None:
    with serving("--workers", "2", REGISTRATIONS_DATABASE_URL=database_url) as server:
        os.kill(server.process.pid, signal.SIGHUP)
        while len(server.workers) < 4 or "".join(server.log).count("Finished server process") < 2:
            assert server.process.poll() is None
        assert [httpx.get(f"{server.address}/healthz", timeout=20).text for _ in range(10)] == ["ok"] * 10
