"""The gateway as its users run it: the command, in a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

COMMAND = Path(sys.executable).with_name("registrations")


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    address: str
    greeting: str


@contextmanager
def serving(*options: str, **environment: str) -> Iterator[Server]:
    """`registrations serve` on any free port, up and answering; killed at the end if it still runs."""
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", str(_free_port()), *options],
        env={name: value for name, value in os.environ.items() if not name.startswith("REGISTRATIONS_")} | environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    try:
        lines = []
        for line in process.stderr:
            lines.append(line)
            if up := re.search(r"Uvicorn running on (http://\S+)", line):
                yield Server(process, up[1], "".join(lines))
                break
        else:
            raise AssertionError(f"The gateway did not start:\n{''.join(lines)}")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its workers too
        process.wait()
        process.stderr.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
