"""Load without wrk: keep-alive connections that do nothing but count and look at the clock."""

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from itertools import count, cycle
from typing import cast

import httptools
import uvloop

from tests.benchmarks.access import HEADERS
from tests.benchmarks.load import CONNECTIONS, SERIAL, Load, first_serial
from tests.benchmarks.requests import Request


def put_load(address: str, requests: Sequence[Request], seconds: int) -> Load:
    """Sends the requests in turn, on each connection as soon as the one before is answered."""
    return uvloop.run(_put_load(address, requests, seconds))


async def _put_load(address: str, requests: Sequence[Request], seconds: int) -> Load:
    host, _, port = address.removeprefix("http://").partition(":")
    turns = _numbered([_raw(request, host) for request in requests])
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    opened = [await loop.create_connection(lambda: _Connection(turns), host, int(port)) for _ in range(CONNECTIONS)]
    await asyncio.sleep(seconds)
    elapsed = time.perf_counter() - start
    connections = [connection for _, connection in opened]
    for connection in connections:
        connection.close()
    latencies = sorted(latency for connection in connections for latency in connection.latencies)
    failures = sum(connection.failures for connection in connections)
    return Load(len(latencies), failures, elapsed, _percentile(50, latencies), _percentile(99, latencies))


def _numbered(requests: Sequence[bytes]) -> Iterator[bytes]:
    for serial, request in zip(count(first_serial()), cycle(requests), strict=False):
        yield request.replace(SERIAL.encode(), b"%08x" % serial)


def _percentile(percent: int, ascending: Sequence[float]) -> float:
    return ascending[len(ascending) * percent // 100] * 1000 if ascending else math.nan


def _raw(request: Request, host: str) -> bytes:
    headers = {"host": host, "content-length": len(request.body), **HEADERS}
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + request.body


class _Connection(asyncio.Protocol):
    def __init__(self, turns: Iterator[bytes]) -> None:
        self._turns = turns
        self._transport: asyncio.Transport | None = None
        self._sent = 0.0
        self._parser = httptools.HttpResponseParser(self)
        self.latencies: list[float] = []
        self.failures = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own does not say so
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """The parser calls this."""
        self.latencies.append(time.perf_counter() - self._sent)
        self.failures += self._parser.get_status_code() != 200
        self._send()

    def close(self) -> None:
        if self._transport:
            self._transport.abort()

    def _send(self) -> None:
        assert self._transport is not None
        self._sent = time.perf_counter()
        self._transport.write(next(self._turns))
