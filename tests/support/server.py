"""The gateway as its users run it: the command, in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from tests.support.gateway import PATIENCE

DEFAULTS = {"REGISTRATIONS_DRAIN_SECONDS": "0", "REGISTRATIONS_SEARCH_SECONDS": f"{PATIENCE}"}
COMMAND = Path(sys.executable).with_name("registrations")


@dataclass(frozen=True)
class Server:
    """`log` grows as the server writes it."""

    process: subprocess.Popen[str]
    address: str
    greeting: str
    log: list[str]
    _reading: Thread

    @property
    def workers(self) -> list[int]:
        """The processes that were started to answer, in their order, those too that have ended."""
        return [int(pid) for pid in re.findall(r"Started server process \[(\d+)\]", "".join(self.log))]

    def wait_until_gone(self) -> None:
        """Returns when neither the server nor a worker of it is left who could write."""
        self._reading.join(timeout=20)
        assert not self._reading.is_alive()
        self.process.wait(timeout=20)

    def discard_log(self) -> None:
        """Lets the server write as much as it likes: its log is a pipe, and waits where nobody reads."""
        assert self.process.stderr is not None
        Thread(target=self.process.stderr.read, daemon=True).start()


@contextmanager
def serving(*options: str, **environment: str) -> Iterator[Server]:
    """`registrations serve` on any free port, up and answering; it and its workers are killed if they still run."""
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", "0", *options],
        env=without_settings() | DEFAULTS | environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    reading = None
    try:
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "Application startup complete" in line:
                [address] = re.findall("GraphQL is at (.*)/graphql:", greeting := "".join(lines))
                # Somebody has to read on: who writes into a full pipe waits.
                reading = Thread(target=lines.extend, args=[process.stderr], daemon=True)
                reading.start()
                yield Server(process, address, greeting, lines, reading)
                break
        else:
            raise AssertionError(f"The gateway did not start:\n{''.join(lines)}")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if reading:
            reading.join()
        process.stderr.close()


def without_settings() -> dict[str, str]:
    """The environment as it would be on a machine where the gateway is new."""
    return {name: value for name, value in os.environ.items() if not name.startswith("REGISTRATIONS_")}
