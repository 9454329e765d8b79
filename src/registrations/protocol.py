"""How HTTP is spoken: how long clients may take, and in how many packets they are answered."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_SECONDS = 5.0
BODY_SECONDS = 10.0
MAXIMUM_HEADERS = 64 * 1024  # bytes

GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"  # as uvicorn writes it
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class ImpatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 that waits only so long for the headers of a request and for its body, and takes only so many headers.

    What comes in one read is always taken, however much of it is headers. A request that comes whole sets no deadline.
    To an application that waits for a body in vain, `state` has the seconds as `late_after`, beside an empty chunk.
    """

    headers_seconds = HEADERS_SECONDS
    body_seconds = BODY_SECONDS

    _deadline: asyncio.TimerHandle | None = None
    _late: Callable[[], None] | None = None
    _unfinished = 0  # bytes that have been read and led to nothing yet

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._answers = Answers(cast("asyncio.Transport", transport))
        super().connection_made(self._answers)
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
        self._stop_waiting()
        self._unfinished = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unfinished = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        self._answers.end()
        is_next_here = bool(self.pipeline)
        super().on_response_complete()
        if is_next_here:
            self._wait()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        """Sets a deadline for what is missing of a request, if there is none yet."""
        if self._is_idle():
            self._wait_for(self.headers_seconds, self.transport.close)
        elif self.cycle.more_body and not self.pipeline:  # nothing more is read while others are before it
            self._wait_for(self.body_seconds, self._tell_late)
        else:
            self._stop_waiting()

    def _wait_for(self, seconds: float, late: Callable[[], None]) -> None:
        if self._deadline is None or self._late != late:
            self._stop_waiting()
            self._late = late
            self._deadline = self.loop.call_later(seconds, late)

    def _tell_late(self) -> None:
        self.cycle.scope["state"]["late_after"] = self.body_seconds
        self.cycle.message_event.set()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class Answers(asyncio.Transport):
    """A transport that sends the head of an answer with the first of its body: apart, they cost both sides more.

    Whatever begins an answer counts as its head, and leaves at the latest when the answer ends or the connection does.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._head: bytes | None = None
        self._has_begun = False

    def write(self, data: Any) -> None:
        if self._head is not None:
            self._transport.write(self._head + data)
            self._head = None
        elif self._has_begun or data == GO_ON:
            self._transport.write(data)
        else:
            self._has_begun = True
            self._head = data

    def end(self) -> None:
        """The answer is complete, and what follows is another one."""
        self._flush()
        self._has_begun = False

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def _flush(self) -> None:
        if self._head is not None:
            self._transport.write(self._head)
            self._head = None
