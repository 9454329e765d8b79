"""From SIGTERM to the end: nobody who asked is let down."""

import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.support.server import Server, serving

BODY = b'{"query": "{ registrations { totalCount } }"}'


@pytest.fixture
def data_dir() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="drain-")
    Path(folder).chmod(0o755)
    yield f"{folder}/data"
    shutil.rmtree(folder)


def connect(server: Server) -> socket.socket:
    host, _, port = server.address.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def wait_until_not_ready(server: Server) -> httpx.Response:
    while (response := httpx.get(f"{server.address}/readyz")).status_code == 200:
        pass  # the signal takes a moment
    return response


def wait_until_closed(server: Server) -> None:
    """Returns when nobody can connect any more."""
    with suppress(httpx.TransportError):
        while True:
            httpx.get(f"{server.address}/healthz").raise_for_status()


@pytest.mark.parametrize("options", [(), ("--workers", "2")])
def test_requests_are_taken_while_it_drains_and_answered_before_it_ends(
    data_dir: str, options: tuple[str, ...]
) -> None:
    with (
        serving(*options, REGISTRATIONS_DATA_DIR=data_dir, REGISTRATIONS_DRAIN_SECONDS="4") as server,
        connect(server) as client,
    ):
        head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json"
        client.sendall(f"{head}\r\ncontent-length: {len(BODY)}\r\nexpect: 100-continue\r\n\r\n".encode())
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"  # it waits for the body
        server.process.send_signal(signal.SIGTERM)
        ready = wait_until_not_ready(server)
        assert (ready.status_code, ready.text) == (503, "draining")
        meanwhile = httpx.post(f"{server.address}/graphql", content=BODY, headers={"content-type": "application/json"})
        assert meanwhile.json()["data"] == {"registrations": {"totalCount": 0}}
        wait_until_closed(server)
        client.sendall(BODY)
        assert b'{"data":{"registrations":{"totalCount":0}}' in client.makefile("rb").read()
        server.wait_until_gone()
        assert server.process.returncode == 0
    assert not Path(data_dir, "postgresql", ".s.PGSQL.5432").exists()


def test_ctrl_c_does_not_wait_for_anybody_to_notice(database_url: str) -> None:
    with serving(REGISTRATIONS_DATABASE_URL=database_url, REGISTRATIONS_DRAIN_SECONDS="60") as server:
        server.process.send_signal(signal.SIGTERM)
        wait_until_not_ready(server)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=20) == 0
