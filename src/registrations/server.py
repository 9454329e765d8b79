"""The server: a socket, and uvicorn on it in one process or several."""

import signal
import socket
import sys
from contextlib import suppress

import uvicorn
from uvicorn.supervisors import ChangeReload, Multiprocess

from registrations.protocol import ImpatientProtocol
from registrations.telemetry.logs import logging_config

STALL_SECONDS = 10.0
STOP_SECONDS = 10  # for what is being answered when the server stops to listen


class Workers(Multiprocess):
    """Processes that share a socket, which is closed when the last of them closes it."""

    def terminate_all(self) -> None:
        super().terminate_all()
        for listener in self.sockets:
            listener.close()  # left open here, it would go on to accept what nobody answers any more


def listen(host: str, port: int, stall_seconds: float = STALL_SECONDS) -> socket.socket:
    """A socket that listens. Its connections end when the other side takes nothing of what is sent for so long."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections have what their listener has
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(stall_seconds * 1000))
    return listener


def address(listener: socket.socket) -> str:
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(listener: socket.socket, *, workers: int, reload: bool) -> None:
    """What `uvicorn.run` does, on a socket that listens already."""
    config = uvicorn.Config(
        "registrations.app:create_app",
        factory=True,
        workers=workers,
        reload=reload,
        http=ImpatientProtocol,
        ws="none",  # nothing here speaks it, and uvicorn would log its query strings
        server_header=False,
        access_log=False,  # the gateway has lines of its own
        log_config=logging_config(),
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = uvicorn.Server(config)
    # uvicorn stops in good order, then raises the signal again for whoever listened before: that was no failure.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())
    with suppress(KeyboardInterrupt):
        if reload:
            ChangeReload(config, target=server.run, sockets=[listener]).run()
        elif workers > 1:
            Workers(config, sockets=[listener]).run()
        else:
            server.run(sockets=[listener])
