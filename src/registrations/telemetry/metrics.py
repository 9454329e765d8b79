"""Metrics for Prometheus. Every label has a bounded number of values, whatever clients send."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    Metric,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily

from registrations.telemetry.counters import Counter, Histogram, Rows
from registrations.telemetry.operations import OperationRecord, Outcome
from registrations.telemetry.shared_files import SharedFiles

NAMES_KEPT = 200
WRITE_SECONDS = 1.0
FOLDER = "REGISTRATIONS_METRICS_FOLDER"  # where it is set, processes share their metrics in that folder

PoolUse = Callable[[], tuple[int, int, int]]
"""How many connections to the database are in use, how many idle, and how many there may be."""


@contextmanager
def shared_metrics() -> Iterator[None]:
    """Processes that are started until the block ends expose the metrics of all of them."""
    with TemporaryDirectory(prefix="registrations-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


class Counts:
    """All that is counted."""

    def __init__(self) -> None:
        self.requests = Counter("registrations_http_requests", "HTTP requests.", "method", "path", "status")
        self.request_seconds = Histogram(
            "registrations_http_request_seconds", "From a request's first byte to its answer's last.", "path"
        )
        self.operations = Counter("registrations_operations", "GraphQL operations.", "operation", "type", "outcome")
        self.operation_seconds = Histogram(
            "registrations_operation_seconds", "Parsing, validating and executing an operation.", "type"
        )
        self.field_errors = Counter("registrations_field_errors", "Field errors told to clients.", "code")
        self.errors = Counter("registrations_errors", "Errors at the top level of answers.", "code")
        self._all: tuple[Counter | Histogram, ...] = (
            *(self.requests, self.request_seconds, self.operations, self.operation_seconds),
            *(self.field_errors, self.errors),
        )

    def rows(self) -> dict[str, Rows]:
        return {numbers.name: list(numbers.items()) for numbers in self._all}

    def add(self, rows: Mapping[str, Rows]) -> None:
        for numbers in self._all:
            numbers.add(rows.get(numbers.name, ()))

    def families(self) -> Iterator[Metric]:
        return (numbers.family() for numbers in self._all)


class Metrics:
    """The metrics of one application; where processes share a folder, those of all of them.

    A process writes its own every second, whenever it exposes them, and when it ends. So what was exposed once is on
    disk, and a counter never decreases, whichever process is asked next and however the others end.
    """

    def __init__(self) -> None:
        self._counts = Counts()
        self._names: set[str] = set()
        self._pool_use: PoolUse = lambda: (0, 0, 0)
        self._registry = CollectorRegistry()
        self._files = SharedFiles(Path(folder)) if (folder := os.environ.get(FOLDER)) else None
        if self._files:
            self._take_over(self._files)
        else:
            # Only where there is one process: they would be those of whichever worker happens to be asked.
            for collector in (ProcessCollector, PlatformCollector, GCCollector):
                collector(registry=self._registry)
        self._registry.register(self)

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        self._counts.requests.inc(method, path, str(status))
        self._counts.request_seconds.observe(seconds, path)

    def operation(self, operation: OperationRecord) -> None:
        kind = operation.type or "unknown"
        self._counts.operations.inc(self._label(operation), kind, operation.outcome)
        self._counts.operation_seconds.observe(operation.seconds, kind)
        for code in operation.field_errors:
            self._counts.field_errors.inc(code)
        for code in operation.errors:
            self._counts.errors.inc(code)

    @asynccontextmanager
    async def watching(self, pool_use: PoolUse) -> AsyncIterator[None]:
        """Until the block ends, the pool is part of the metrics; that of another process as of a second ago."""
        self._pool_use, before = pool_use, self._pool_use
        writing = asyncio.create_task(self._write_again_and_again()) if self._files else None
        try:
            yield
        finally:
            self._pool_use = before
            if writing:
                writing.cancel()
                self._write()

    def exposition(self) -> bytes:
        """All metrics as text, version 0.0.4 of the format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """Called by prometheus_client."""
        counts, pools = self._counts, [self._pool_use()]
        if self._files:
            self._write()
            counts, pools = _total(self._files)
        in_use, idle, size = map(sum, zip(*pools, strict=True))
        connections = GaugeMetricFamily(
            "registrations_pool_connections", "Connections to the database.", labels=["state"]
        )
        connections.add_metric(["in_use"], in_use)
        connections.add_metric(["idle"], idle)
        limit = "Connections to the database that there may be."
        return (*counts.families(), connections, GaugeMetricFamily("registrations_pool_size", limit, size))

    def _label(self, operation: OperationRecord) -> str:
        """The operation's name if it is one of the first that worked: clients can make up any number of names."""
        if operation.name is None:
            return "anonymous"
        worked = operation.is_known and operation.outcome in (Outcome.OK, Outcome.FIELD_ERRORS)
        if worked and len(self._names) < NAMES_KEPT:
            self._names.add(operation.name)
        return operation.name if operation.name in self._names else "other"

    def _take_over(self, files: SharedFiles) -> None:
        if inherited := files.inherited():
            self._counts.add(inherited["counts"])
            self._names = {name for name, *_ in self._counts.operations} - {"anonymous", "other"}
        self._write()  # without the pool, which ended with its process

    async def _write_again_and_again(self) -> None:
        while True:
            with suppress(OSError):  # a full disk, say: the next scrape fails and shows it
                self._write()
            await asyncio.sleep(WRITE_SECONDS)

    def _write(self) -> None:
        if self._files:
            self._files.write({"counts": self._counts.rows(), "pool": self._pool_use()})


def _total(files: SharedFiles) -> tuple[Counts, list[tuple[int, int, int]]]:
    """The counts of all processes, and the pools of those that are alive."""
    counts, pools = Counts(), []
    for content, is_alive in files.read():
        counts.add(content["counts"])
        if is_alive:
            pools.append(content["pool"])
    return counts, pools
