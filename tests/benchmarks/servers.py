"""The servers as processes: the gateway as its users run it, the others by uvicorn with its logs off."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.access import SETTINGS
from tests.benchmarks.answers import Ask
from tests.benchmarks.machine import SERVER_CORES, on_cores
from tests.benchmarks.requests import as_graphql, as_rest

ROOT = Path(__file__).parents[2]
UVICORN = sys.executable, "-m", "uvicorn", "--factory", "--no-access-log", "--log-level=warning"
GATEWAY = str(Path(sys.executable).with_name("registrations")), "serve"


@dataclass(frozen=True)
class Kind:
    """A server to compare: how it is started, and how it is asked."""

    command: tuple[str, ...]
    ask: Ask


KINDS = {
    "floor": Kind((*UVICORN, "tests.benchmarks.floor:create_app"), as_rest),
    "gateway": Kind(GATEWAY, as_graphql),
    "plain": Kind((*UVICORN, "tests.benchmarks.plain:create_app"), as_graphql),
}


@dataclass(frozen=True)
class Server:
    name: str
    ask: Ask
    address: str
    pid: int


@contextmanager
def serving(
    name: str,
    database_url: str,
    cores: list[int] = SERVER_CORES,
    options: tuple[str, ...] = (),
    kind: Kind | None = None,
) -> Iterator[Server]:
    """The server of this name, or another kind, listening; stopped at the end of the block."""
    kind, port = kind or KINDS[name], _free_port()
    command = [*kind.command, *options, f"--port={port}"]
    urls = {"DATABASE_URL": database_url, "REGISTRATIONS_DATABASE_URL": database_url}
    with on_cores(cores):
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **urls, **SETTINGS},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    try:
        _wait_until_listening(process, port)
        yield Server(name, kind.ask, f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} ended at once with {process.returncode}.")
