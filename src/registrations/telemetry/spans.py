"""Traces by OpenTelemetry: a span for a request, its child for the operation, and its children for the statements.

Names and attributes are those of OpenTelemetry's semantic conventions. Exceptions are not recorded: their text may have
values in it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from importlib.metadata import version
from time import time_ns
from typing import ParamSpec, Protocol, TypeVar

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, StatusCode, Tracer, format_trace_id, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registrations.telemetry.logs import IDS
from registrations.telemetry.middleware import Routes, method_label


class Operation(Protocol):
    @property
    def name(self) -> str | None: ...
    @property
    def type(self) -> str: ...


class Answer(Protocol):
    @property
    def operation(self) -> Operation | None: ...


class Statement(Protocol):
    """asyncpg's record of a statement, without its `args`: spans have no values."""

    @property
    def query(self) -> str: ...
    @property
    def elapsed(self) -> float: ...
    @property
    def exception(self) -> BaseException | None: ...


Watcher = Callable[[Statement], None]
Arguments = ParamSpec("Arguments")
AnAnswer = TypeVar("AnAnswer", bound=Answer)


class Tracing:
    """Makes spans, and sends them while `sending`."""

    def __init__(self, exporter: Callable[[], SpanExporter] = OTLPSpanExporter) -> None:
        self._exporter = exporter
        own = {"service.name": "registrations-gateway", "service.version": version("registrations-gateway")}
        set_by_operator = OTELResourceDetector().detect().attributes
        self._provider = TracerProvider(resource=Resource.create({**own, **set_by_operator}), shutdown_on_exit=False)
        self._tracer = self._provider.get_tracer("registrations")

    @asynccontextmanager
    async def sending(self, watched: Callable[[Watcher], AbstractContextManager[None]]) -> AsyncIterator[None]:
        """Until the block ends, spans are sent, those of the statements too that `watched` passes on."""
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter()))
        try:
            with watched(self._statement):
                yield
        finally:
            await asyncio.sleep(0)  # asyncpg tells of a statement in the loop's next turn, which may not have come yet
            # In a thread, because it waits until all spans are sent.
            await asyncio.to_thread(self._provider.shutdown)

    def requests(self, app: ASGIApp, routes: Routes) -> ASGIApp:
        """The application, with a span for each request but the quiet ones."""
        return _TracedRequests(app, routes, self._tracer)

    def operations(self, run: Callable[Arguments, Awaitable[AnAnswer]]) -> Callable[Arguments, Awaitable[AnAnswer]]:
        """The function that runs operations, with a span for each."""

        async def traced(*args: Arguments.args, **kwargs: Arguments.kwargs) -> AnAnswer:
            with self._tracer.start_as_current_span("graphql", record_exception=False) as span:
                answer = await run(*args, **kwargs)
                if operation := answer.operation:
                    span.update_name(" ".join(filter(None, ("graphql", operation.type, operation.name))))
                    span.set_attribute("graphql.operation.type", operation.type)
                    if operation.name:
                        span.set_attribute("graphql.operation.name", operation.name)
                return answer

        return traced

    def _statement(self, statement: Statement) -> None:
        """A span of a statement that was just run."""
        # Outside of requests each would be a trace of its own: for the readiness probe, above all.
        if not get_current_span().get_span_context().is_valid:
            return
        end = time_ns()
        span = self._tracer.start_span(
            statement.query.split(maxsplit=1)[0].rstrip(";").upper(),
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.query.text": statement.query},
            start_time=end - round(statement.elapsed * 1e9),
        )
        if statement.exception:
            span.set_status(StatusCode.ERROR)
        span.end(end)


class _TracedRequests:
    def __init__(self, app: ASGIApp, routes: Routes, tracer: Tracer) -> None:
        self._app = app
        self._routes = routes
        self._tracer = tracer
        self._parent = TraceContextTextMapPropagator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._routes.label(scope["path"]) in self._routes.quiet:
            await self._app(scope, receive, send)
            return
        method, route = method_label(scope), self._routes.label(scope["path"])
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with self._tracer.start_as_current_span(
            f"{method} {route}",
            context=self._parent.extract(headers),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "http.route": route},
            record_exception=False,
        ) as span:
            IDS.set({**IDS.get(), "trace_id": format_trace_id(span.get_span_context().trace_id)})

            async def send_and_note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            await self._app(scope, receive, send_and_note)
