"""Spans: a request, its operation, its statements; who asks for them, and where they go."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError
from threading import Thread
from typing import NamedTuple

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, format_trace_id

from registrations.storage.connections.database import Database
from registrations.telemetry.spans import Tracing, Watcher
from registrations.telemetry.traces import TracingImpossible, traces_wanted
from tests.support.gateway import Gateway, open_gateway
from tests.support.log import Log
from tests.support.server import serving

PREFLIGHT = {"apollo-require-preflight": "true"}
PAGE = "query Page($id: ID!) { user(id: $id) { username } }"
SECRET = "0123456789abcdef" * 2


class Traced:
    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._memory = InMemorySpanExporter()
        self.log = Log()

    @asynccontextmanager
    async def gateway(self) -> AsyncIterator[Gateway]:
        async with open_gateway(self._url, log=self.log, tracing=Tracing(lambda: self._memory)) as gateway:
            yield gateway

    @property
    def spans(self) -> list[ReadableSpan]:
        """Those that were sent, in the order in which they began: when the gateway has ended, all of them."""
        return sorted(self._memory.get_finished_spans(), key=lambda span: span.start_time or 0)


@pytest.fixture
def traced(database_url: str) -> Traced:
    return Traced(database_url)


async def test_a_request_has_its_operation_in_it_and_that_its_statements(traced: Traced) -> None:
    async with traced.gateway() as gateway:
        await gateway.data(PAGE, id=SECRET)
    request, operation, statement = traced.spans
    assert (request.name, request.kind, request.parent) == ("POST /graphql", SpanKind.SERVER, None)
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
    }
    assert (operation.name, operation.parent) == ("graphql query Page", request.context)
    assert operation.attributes == {"graphql.operation.type": "query", "graphql.operation.name": "Page"}
    assert (statement.name, statement.kind, statement.parent) == ("SELECT", SpanKind.CLIENT, operation.context)
    assert statement.attributes is not None
    assert statement.attributes["db.system.name"] == "postgresql"
    assert str(statement.attributes["db.query.text"]).startswith("SELECT users.")


async def test_no_span_has_a_value_in_it(traced: Traced) -> None:
    async with traced.gateway() as gateway:
        await gateway.data(PAGE, id=SECRET)
        await gateway.data(f'{{ user(id: "{SECRET}") {{ username }} }}')
        await gateway.data(f'mutation {{ ejectRegistration(input: {{registrationId: "{SECRET}"}}) {{ __typename }} }}')
        await gateway.http.get("/graphql", params={"query": f'{{ user(id: "{SECRET}") {{ id }} }}'}, headers=PREFLIGHT)
    assert len(traced.spans) >= 4 * 3
    assert not any(SECRET in span.to_json() for span in traced.spans)


async def test_a_trace_begins_where_the_client_says_so_and_the_log_tells_which(traced: Traced) -> None:
    async with traced.gateway() as gateway:
        traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        await gateway.http.get(
            "/graphql", params={"query": "{ __typename }"}, headers={"traceparent": traceparent, **PREFLIGHT}
        )
        await gateway.data("{ __typename }")
    theirs, own = [span for span in traced.spans if span.kind is SpanKind.SERVER]
    assert theirs.context is not None
    assert own.context is not None
    assert theirs.parent is not None
    assert format_trace_id(theirs.context.trace_id) == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert f"{theirs.parent.span_id:016x}" == "00f067aa0ba902b7"
    ids = [format_trace_id(span.context.trace_id) for span in (theirs, own)]
    assert [line["trace_id"] for line in traced.log.lines] == ids


class Answered(NamedTuple):
    operation: None = None


class Ran(NamedTuple):
    query: str = "SELECT 1"
    elapsed: float = 0.0
    exception: None = None


async def spans_of_a_gateway_that_ends_at_once() -> list[str]:
    memory, watchers = InMemorySpanExporter(), list[Watcher]()
    tracing = Tracing(lambda: memory)

    @contextmanager
    def watched(watcher: Watcher) -> Iterator[None]:
        watchers.append(watcher)
        yield

    async def run() -> Answered:
        asyncio.get_running_loop().call_soon(watchers[0], Ran())  # as asyncpg does
        return Answered()

    async with tracing.sending(watched):
        await tracing.operations(run)()
    return sorted(span.name for span in memory.get_finished_spans())


async def test_a_statement_that_ran_right_before_the_end_has_its_span() -> None:
    for _ in range(20):  # the end is another thread's, which is not always the faster one
        assert await spans_of_a_gateway_that_ends_at_once() == ["SELECT", "graphql"]


async def test_probes_have_no_spans(traced: Traced) -> None:
    async with traced.gateway() as gateway:
        for path in ("/healthz", "/readyz", "/metrics"):
            await gateway.http.get(path)
    assert traced.spans == []


async def test_a_statement_that_fails_says_so_without_the_text_of_the_error(traced: Traced, database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("ALTER TABLE users RENAME TO lost")
    try:
        async with traced.gateway() as gateway:
            await gateway(PAGE, id=SECRET)
    finally:
        async with database.transaction() as connection:
            await connection.execute("ALTER TABLE lost RENAME TO users")
    [statement] = [span for span in traced.spans if span.kind is SpanKind.CLIENT]
    assert (statement.status.status_code, statement.status.description) == (StatusCode.ERROR, None)
    assert [span.events for span in traced.spans] == [()] * 3


ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_SERVICE_NAME": "gateway"}, False),
        (ENDPOINT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, False),
        ({**ENDPOINT, "OTEL_SDK_DISABLED": "TRUE"}, False),
        ({**ENDPOINT, "OTEL_SDK_DISABLED": "false"}, True),
    ],
)
def test_who_says_where_traces_go_wants_them(environment: dict[str, str], wanted: bool) -> None:
    assert traces_wanted(environment) is wanted


def test_traces_that_cannot_be_sent_are_told_with_what_to_do() -> None:
    def nothing_installed(name: str) -> None:
        raise PackageNotFoundError(name)

    with pytest.raises(TracingImpossible) as told:
        traces_wanted(ENDPOINT, nothing_installed)
    assert str(told.value) == (
        "OTEL_EXPORTER_OTLP_ENDPOINT asks for traces: install registrations-gateway[tracing], or unset it."
    )
    with pytest.raises(TracingImpossible) as told:
        traces_wanted({"OTEL_TRACES_EXPORTER": "zipkin"})
    assert str(told.value) == "OTEL_TRACES_EXPORTER is zipkin: only otlp and none are known."
    assert not traces_wanted({}, nothing_installed)


def test_without_traces_nothing_of_opentelemetry_is_imported() -> None:
    program = "import sys, registrations.app as a; a.create_app(); print('opentelemetry' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


class Collector(HTTPServer):
    """Takes traces as OpenTelemetry's own collector does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.received: list[ExportTraceServiceRequest] = []


class Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200 if self.path == "/v1/traces" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keeps quiet."""


def test_what_has_happened_is_with_the_collector_when_the_command_has_ended(database_url: str) -> None:
    with Collector() as collector:
        Thread(target=collector.serve_forever, daemon=True).start()
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
            "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
        }
        with serving(REGISTRATIONS_DATABASE_URL=database_url, **environment) as server:
            httpx.post(f"{server.address}/graphql", json={"query": "query Hello { __typename }"})
            server.process.terminate()
            server.wait_until_gone()
        collector.shutdown()
    resources = [resource for request in collector.received for resource in request.resource_spans]
    spans = [span.name for resource in resources for scope in resource.scope_spans for span in scope.spans]
    about = {attribute.key: attribute.value.string_value for attribute in resources[0].resource.attributes}
    assert about["service.name"] == "registrations-gateway"
    assert about["deployment.environment.name"] == "test"
    assert sorted(spans) == ["POST /graphql", "graphql query Hello"]
