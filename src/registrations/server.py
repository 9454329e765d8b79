"""The server: a socket, and uvicorn on it in one process or several; how long its clients may take."""

import asyncio
import signal
import socket
import sys
from contextlib import suppress
from typing import cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import ChangeReload, Multiprocess

from registrations.telemetry.logs import logging_config

HEADERS_SECONDS = 5.0
BODY_SECONDS = 10.0
MAXIMUM_HEADERS = 64 * 1024  # bytes
STALL_SECONDS = 10.0
STOP_SECONDS = 10  # for what is being answered when the server stops to listen

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class ImpatientProtocol(HttpToolsProtocol):
    """HTTP that waits only so long for the headers of a request and for its body, and takes only so many headers.

    What comes in one read is always taken, however much of it is headers. A request that comes whole sets no deadline.
    """

    headers_seconds = HEADERS_SECONDS
    body_seconds = BODY_SECONDS

    _deadline: asyncio.TimerHandle | None = None
    _waits_for_body = False
    _unfinished = 0  # bytes that have been read and led to nothing yet

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unfinished += len(data)
        super().data_received(data)
        # Also of what may follow a body: trailers are headers that come late.
        if self._unfinished > MAXIMUM_HEADERS and not self.transport.is_closing():
            if self._is_idle():
                self.transport.write(TOO_LARGE)
            self.transport.close()
        self._wait()

    def on_headers_complete(self) -> None:
        self._unfinished = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unfinished = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        is_next_here = bool(self.pipeline)
        super().on_response_complete()
        if is_next_here:
            self._wait()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        """Sets a deadline for what is missing of a request, if there is none yet."""
        if self._is_idle():
            self._wait_for(self.headers_seconds, is_body=False)
        elif self.cycle.more_body and not self.pipeline:  # nothing more is read while others are before it
            self._wait_for(self.body_seconds, is_body=True)
        else:
            self._stop_waiting()

    def _wait_for(self, seconds: float, *, is_body: bool) -> None:
        if self._deadline is None or self._waits_for_body is not is_body:
            self._stop_waiting()
            self._waits_for_body = is_body
            self._deadline = self.loop.call_later(seconds, self._hang_up)

    def _hang_up(self) -> None:
        if self._waits_for_body and not self.cycle.response_started:
            self.transport.write(TOO_LATE)
        self.transport.close()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


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
