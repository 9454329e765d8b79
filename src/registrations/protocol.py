"""HTTP/1.1 on a connection: deadlines for what clients send, upgrades, and how many packets a response takes."""

import asyncio
import math
from collections.abc import Callable, Collection
from typing import Any, ClassVar, cast
from weakref import WeakSet

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

HEADERS_SECONDS = 5.0
BODY_SECONDS = 10.0
SWEEP_SECONDS = 0.5
MAXIMUM_HEADERS = 64 * 1024  # bytes
MAXIMUM_FIELDS = 100  # of a request's headers
MAXIMUM_PARTS = 5_000  # of a body: chunks, or what came in one packet

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"  # as uvicorn writes it
OFFERS = {b"upgrade", b"http2-settings"}  # header fields that offer to go on with another protocol
INVALID = "Invalid HTTP request received."  # as uvicorn says it
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class TooMany(Exception):
    """Header fields, or parts of a body. uvicorn takes it for a request that is not HTTP, and ends the connection."""


class DeadlineProtocol(HttpToolsProtocol):
    """uvicorn's protocol with deadlines for a request's headers and body, and limits to headers and to parts of a body.

    Each server looks at the deadlines of all its connections every `sweep_seconds`, because a timer for each request
    would cost more: a connection ends at most so much later than its deadline. Data that arrives in one read counts as
    in time. An application that waits for an overdue body receives an empty chunk, and finds `body_seconds` as
    `late_after` in the request's state.

    A request that offers to go on with another protocol is answered as if it did not (RFC 9110, 7.8). uvicorn reads its
    body as the next request.
    """

    headers_seconds = HEADERS_SECONDS
    body_seconds = BODY_SECONDS
    sweep_seconds = SWEEP_SECONDS

    _swept: ClassVar[WeakSet[ServerState]] = WeakSet()
    _deadline = math.inf
    _when_late: Callable[[], None] | None = None
    _unfinished = 0  # bytes received since the last complete headers or the last part of a body
    _parts = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._response = CoalescingTransport(cast("asyncio.Transport", transport))
        super().connection_made(self._response)
        if self.server_state not in self._swept:
            self._swept.add(self.server_state)
            _sweep(self.loop, self.sweep_seconds, self.connections)
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._clear_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # In parts, so that one read can't bring more headers than there may be.
        for start in range(0, len(data), MAXIMUM_HEADERS):
            if self.transport.is_closing():
                return
            self._receive(data[start : start + MAXIMUM_HEADERS])

    def _receive(self, data: bytes) -> None:
        self._unfinished += len(data)
        try:
            self._parse(memoryview(data))
        except HttpParserError:
            if not self.transport.is_closing():
                self._refuse(INVALID)
        # After a body, too: trailers are header fields.
        if self._unfinished > MAXIMUM_HEADERS and not self.transport.is_closing():
            self._refuse_headers()
        self._set_deadline()

    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        self._clear_deadline()
        self._unfinished = self._parts = 0
        if len(self.headers) > MAXIMUM_FIELDS:
            self._refuse_headers()
            raise TooMany
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        self._unfinished = 0
        self._parts += 1
        if self._parts > MAXIMUM_PARTS:
            raise TooMany
        super().on_body(body)

    def on_response_complete(self) -> None:
        self._response.end()
        # As uvicorn does it, except for its timer that closes an idle connection.
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            self._set_deadline()
        else:
            self._expect(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def check_deadline(self, now: float) -> None:
        if self._when_late and now >= self._deadline:
            self._deadline = math.inf  # once is enough
            self._when_late()

    def _parse(self, data: memoryview) -> None:
        while data:
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as upgrade:
                if self.parser.get_method() == b"CONNECT":
                    self._refuse("CONNECT is not available: this is no proxy.")
                    return
                # The parser has read the headers, and would read the body as what follows the upgrade.
                data = data[upgrade.args[0] :]
                head = self._head_without_upgrade()
                self.parser = HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's own
                self.parser.feed_data(head)
            else:
                return

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        for name, value in self.headers:
            if name == b"connection":
                value = b",".join(option for option in value.split(b",") if option.strip().lower() not in OFFERS)
            if name not in OFFERS:
                lines.append(name + b":" + value)
        return b"\r\n".join([*lines, b"", b""])

    def _refuse(self, reason: str) -> None:
        self.logger.warning(reason)
        self.send_400_response(reason)

    def _refuse_headers(self) -> None:
        if self._is_idle():
            self.transport.write(TOO_LARGE)
        self.transport.close()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _set_deadline(self) -> None:
        """Sets the deadline for the rest of the request that is being received, if there is none yet."""
        if self._is_idle():
            self._expect(self.headers_seconds, self.transport.close)
        elif self.cycle.more_body and not self.pipeline:  # with requests in the pipeline, nothing more is read
            self._expect(self.body_seconds, self._end_body)
        else:
            self._clear_deadline()

    def _expect(self, seconds: float, when_late: Callable[[], None]) -> None:
        if self._when_late != when_late:
            self._when_late = when_late
            self._deadline = self.loop.time() + seconds

    def _clear_deadline(self) -> None:
        self._when_late, self._deadline = None, math.inf

    def _end_body(self) -> None:
        self.cycle.scope["state"]["late_after"] = self.body_seconds
        self.cycle.message_event.set()


def _sweep(loop: asyncio.AbstractEventLoop, seconds: float, connections: Collection[object]) -> None:
    """Checks the deadlines of the server's connections, now and again after so many seconds."""
    now = loop.time()
    for connection in [one for one in connections if isinstance(one, DeadlineProtocol)]:
        connection.check_deadline(now)
    loop.call_later(seconds, _sweep, loop, seconds, connections)


class CoalescingTransport(asyncio.Transport):
    """A transport that sends the head of a response together with the first part of its body.

    In packets of their own, they cost both sides more. The first write of a response counts as its head, which leaves
    at the latest when the response or the connection ends.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._head: bytes | None = None
        self._has_begun = False

    def write(self, data: Any) -> None:
        if self._transport.is_closing():  # to uvloop an error, where the client has left or does not read
            return
        if self._head is not None:
            self._transport.write(self._head + data)
            self._head = None
        elif self._has_begun or data == CONTINUE:
            self._transport.write(data)
        else:
            self._has_begun = True
            self._head = data

    def end(self) -> None:
        """The response is complete; the next write begins another one."""
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
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _flush(self) -> None:
        if self._head is not None and not self._transport.is_closing():
            self._transport.write(self._head)
            self._head = None
