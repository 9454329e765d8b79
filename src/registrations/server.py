"""The server: uvicorn in one process or several, each with a listening socket."""

import signal
import socket
import sys
from contextlib import suppress

import uvicorn
from uvicorn.supervisors import ChangeReload, Multiprocess

from registrations.protocol import DeadlineProtocol
from registrations.telemetry.logs import logging_config

STALL_SECONDS = 10.0
WORKER_SECONDS = 30  # for a worker to start, and to answer its parent: the machine may be busy
STOP_SECONDS = 10  # for what is being answered when the server stops to listen


class Workers(Multiprocess):
    """uvicorn's supervisor, with a listening socket for each worker process."""

    @property
    def sockets(self) -> list[socket.socket]:
        """The socket of the process that uvicorn is about to start, which may take the place of one that ended."""
        ended = (index for index, process in enumerate(self.processes) if process.exitcode is not None)
        index = next(ended, len(self.processes))
        # On SIGHUP a new process starts beside the one that it replaces, which may be any: it listens on all sockets.
        return [self._listeners[index]] if index < len(self._listeners) else self._listeners

    @sockets.setter
    def sockets(self, listeners: list[socket.socket]) -> None:
        self._listeners = listeners

    def terminate_all(self) -> None:
        super().terminate_all()
        for listener in self._listeners:
            listener.close()  # while it is open here, the kernel accepts connections that no worker answers

    def handle_ttin(self) -> None:
        """Does nothing: the number of workers is that of the sockets."""

    handle_ttou = handle_ttin


def listen(host: str, port: int, workers: int = 1, stall_seconds: float = STALL_SECONDS) -> list[socket.socket]:
    """A listening socket for each worker; with one for all, the worker that wakes first would accept all connections.

    A connection ends when the client acknowledges no data for `stall_seconds`.
    """
    only = _listener(host, port, stall_seconds)
    if workers == 1:
        return [only]
    # The socket showed that the port is free; shared sockets would share it with another gateway, too.
    port = only.getsockname()[1]
    only.close()
    return [_listener(host, port, stall_seconds, is_shared=True) for _ in range(workers)]


def _listener(host: str, port: int, stall_seconds: float, *, is_shared: bool = False) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048, reuse_port=is_shared)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections inherit it from their listener
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(stall_seconds * 1000))
    return listener


def address(listener: socket.socket) -> str:
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(listeners: list[socket.socket], *, reload: bool) -> None:
    """Serves as `uvicorn.run` does, with a process for each of the listening sockets."""
    config = uvicorn.Config(
        "registrations.app:create_app",
        factory=True,
        workers=len(listeners),
        reload=reload,
        http=DeadlineProtocol,
        ws="none",  # nothing here speaks it, and uvicorn would log its query strings
        server_header=False,
        access_log=False,  # the gateway has lines of its own
        log_config=logging_config(),
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=WORKER_SECONDS,
    )
    server = uvicorn.Server(config)
    # uvicorn stops gracefully, then raises the signal again for the handler before its own: exit with code 0.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())
    with suppress(KeyboardInterrupt):
        if reload:
            ChangeReload(config, target=server.run, sockets=listeners).run()
        elif len(listeners) > 1:
            Workers(config, sockets=listeners).run()
        else:
            server.run(sockets=listeners)
