"""The outermost of the application: it gives each request an id, times it, counts it and writes its line."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from random import getrandbits
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registrations.telemetry.logs import IDS, Log
from registrations.telemetry.metrics import Metrics
from registrations.telemetry.seen import OperationSeen

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
is_request_id = re.compile(rb"[A-Za-z0-9._-]{1,64}").fullmatch


@dataclass(frozen=True, slots=True)
class Routes:
    """What requests may ask for; `folders` with all that is below them. Whatever else they make up is `other`.

    Requests for the quiet ones are not logged as long as they succeed.
    """

    addresses: Collection[str]
    folders: Collection[str]
    quiet: Collection[str]

    def of(self, path: str) -> str:
        if path in self.addresses:
            return path
        return next((folder for folder in self.folders if path.startswith(f"{folder}/")), "other")


class Observed:
    """The application, observed. An operation that ran is at `request.state.seen`, as an `OperationSeen`."""

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
        status = 500  # where the application breaks down before it answers
        request_id = _request_id(scope)
        # Never taken back: the server has its say about the request, too, after the application has broken down.
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
            self._tell(scope, status, perf_counter() - started)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method, path = known_method(scope), self._routes.of(scope["path"])
        seen: OperationSeen | None = scope.get("state", {}).get("seen")
        self._metrics.request(method, path, status, seconds)
        if seen:
            self._metrics.operation(seen)
        if status < 400 and path in self._routes.quiet:
            return
        line = {"method": method, "path": path, "status": status, "duration_ms": round(seconds * 1000, 3)}
        if seen:
            line |= _told(seen)
        self._log.write("info" if status < 500 else "error", "request", line)


def known_method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "other"


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and is_request_id(value):
            return str(value, "ascii")
    return f"{getrandbits(128):032x}"  # nobody has to be unable to guess it


def _told(seen: OperationSeen) -> dict[str, Any]:
    told = {
        "operation": seen.name,
        "operation_type": seen.type,
        "cost": seen.cost,
        "outcome": seen.outcome,
        "errors": seen.errors,
        "field_errors": seen.field_errors,
        "viewer": seen.viewer,
    }
    return {name: value for name, value in told.items() if value}
