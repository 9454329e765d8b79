"""Figures for Prometheus. Every label has a bounded number of values, whatever clients send."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from registrations.telemetry.operations import OperationRecord, Outcome

NAMES_KEPT = 200
REFRESH_SECONDS = 1.0
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where it is set, prometheus_client keeps all values in files there
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Metric = TypeVar("Metric", Counter, Histogram)


PoolUse = Callable[[], tuple[int, int, int]]
"""How many connections to the database are in use, how many idle, and how many there may be."""


class _Children(Generic[Metric], dict[tuple[str, ...], Metric]):
    """A metric's children by their labels: looking one up here takes a tenth of the time of `labels`."""

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        self._metric: Metric = metric

    def __missing__(self, labels: tuple[str, ...]) -> Metric:
        child = self[labels] = self._metric.labels(*labels)
        return child


@contextmanager
def shared_figures() -> Iterator[None]:
    """Processes that are started until the block ends tell the figures of all of them."""
    with TemporaryDirectory(prefix="registrations-metrics-") as folder:
        os.environ[SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]


class Metrics:
    """The figures of one application; where processes share a folder, those of all of them."""

    def __init__(self) -> None:
        disable_created_metrics()  # for each counter a second one, which says when it began to count
        self._folder = os.environ.get(SHARED_FOLDER)
        self._exposed = CollectorRegistry()
        if self._folder:
            MultiProcessCollector(self._exposed, self._folder)
        else:
            # Only where there is one process: they would tell of whichever worker happens to be asked.
            for collector in (ProcessCollector, PlatformCollector, GCCollector):
                collector(registry=self._exposed)
        registry = None if self._folder else self._exposed
        self._requests = _Children(
            Counter("registrations_http_requests", "HTTP requests.", ("method", "path", "status"), registry=registry)
        )
        self._request_seconds = _Children(
            Histogram(
                "registrations_http_request_seconds",
                "From a request's first byte to its answer's last.",
                ("path",),
                buckets=SECONDS,
                registry=registry,
            )
        )
        self._operations = _Children(
            Counter(
                "registrations_operations", "GraphQL operations.", ("operation", "type", "outcome"), registry=registry
            )
        )
        self._operation_seconds = _Children(
            Histogram(
                "registrations_operation_seconds",
                "Parsing, validating and executing an operation.",
                ("type",),
                buckets=SECONDS,
                registry=registry,
            )
        )
        self._field_errors = _Children(
            Counter("registrations_field_errors", "Field errors told to clients.", ("code",), registry=registry)
        )
        self._errors = _Children(
            Counter("registrations_errors", "Errors at the top level of answers.", ("code",), registry=registry)
        )
        self._connections = Gauge(
            "registrations_pool_connections",
            "Connections to the database.",
            ("state",),
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._pool_size = Gauge(
            "registrations_pool_size",
            "Connections to the database that there may be.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._pool_use: PoolUse | None = None
        self._names: set[str] = set()

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        self._requests[method, path, str(status)].inc()
        self._request_seconds[(path,)].observe(seconds)

    def operation(self, operation: OperationRecord) -> None:
        kind = operation.type or "unknown"
        self._operations[self._label(operation), kind, operation.outcome].inc()
        self._operation_seconds[(kind,)].observe(operation.seconds)
        for code in operation.field_errors:
            self._field_errors[(code,)].inc()
        for code in operation.errors:
            self._errors[(code,)].inc()

    def _label(self, operation: OperationRecord) -> str:
        """Names come from clients, who can make up as many as they like: the first that work are kept."""
        if operation.name is None:
            return "anonymous"
        worked = operation.is_known and operation.outcome in (Outcome.OK, Outcome.FIELD_ERRORS)
        if worked and len(self._names) < NAMES_KEPT:
            self._names.add(operation.name)
        return operation.name if operation.name in self._names else "other"

    @asynccontextmanager
    async def watching(self, pool_use: PoolUse) -> AsyncIterator[None]:
        """Until the block ends, the pool is part of the figures; that of another process as of a second ago."""
        self._pool_use = pool_use
        refreshing = asyncio.create_task(self._refresh()) if self._folder else None
        try:
            yield
        finally:
            if refreshing:
                refreshing.cancel()

    async def _refresh(self) -> None:
        while True:
            self._read_pool()
            await asyncio.sleep(REFRESH_SECONDS)

    def _read_pool(self) -> None:
        if self._pool_use:
            in_use, idle, size = self._pool_use()
            self._connections.labels("in_use").set(in_use)
            self._connections.labels("idle").set(idle)
            self._pool_size.set(size)

    def exposition(self) -> bytes:
        """All figures as text, version 0.0.4 of the format."""
        self._read_pool()
        if self._folder:
            _forget_the_dead(Path(self._folder))
        return generate_latest(self._exposed)


def _forget_the_dead(folder: Path) -> None:
    """A process that has ended holds no connections any more; what it counted still counts."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            with suppress(FileNotFoundError):  # another worker was faster
                mark_process_dead(pid, str(folder))
