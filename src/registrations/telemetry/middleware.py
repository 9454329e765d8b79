"""The outermost middleware: it gives each request an id, times it, counts it and writes its line of the log."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from random import getrandbits
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registrations.telemetry.logs import IDS, Log
from registrations.telemetry.metrics import Metrics
from registrations.telemetry.operations import OperationRecord

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
is_request_id = re.compile(rb"[A-Za-z0-9._-]{1,64}").fullmatch


@dataclass(frozen=True, slots=True)
class Routes:
    """The application's paths; `folders` stand for all paths below them. Requests to `quiet` ones are logged only when
    they fail.
    """

    addresses: Collection[str]
    folders: Collection[str]
    quiet: Collection[str]

    def label(self, path: str) -> str:
        """The route that the path belongs to, or `other`: clients can make up any number of paths."""
        if path in self.addresses:
            return path
        return next((folder for folder in self.folders if path.startswith(f"{folder}/")), "other")


class TelemetryMiddleware:
    """Logs and counts each request, and the `OperationRecord` that the application left at `state["operation"]`."""

    def __init__(self, app: ASGIApp, routes: Routes, log: Log, metrics: Metrics) -> None:
        self._app = app
        self._routes = routes
        self._log = log
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 500  # where the application raises before it answers
        request_id = _request_id(scope)
        # Not reset at the end: the server logs what the application raised after this has returned.
        IDS.set({"request_id": request_id})

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._record(scope, status, perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        method, path = method_label(scope), self._routes.label(scope["path"])
        operation: OperationRecord | None = scope.get("state", {}).get("operation")
        self._metrics.request(method, path, status, seconds)
        if operation:
            self._metrics.operation(operation)
        if status < 400 and path in self._routes.quiet:
            return
        line = {"method": method, "path": path, "status": status, "duration_ms": round(seconds * 1000, 3)}
        if operation:
            line |= _log_fields(operation)
        self._log.write("info" if status < 500 else "error", "request", line)


def method_label(scope: Scope) -> str:
    """The request's method, or `other`: clients can make up any number of methods."""
    return scope["method"] if scope["method"] in METHODS else "other"


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and is_request_id(value):
            return str(value, "ascii")
    return f"{getrandbits(128):032x}"  # nobody has to be unable to guess it


def _log_fields(operation: OperationRecord) -> dict[str, Any]:
    fields = {
        "operation": operation.name,
        "operation_type": operation.type,
        "cost": operation.cost,
        "outcome": operation.outcome,
        "errors": operation.errors,
        "field_errors": operation.field_errors,
        "viewer": operation.viewer,
    }
    return {name: value for name, value in fields.items() if value}
