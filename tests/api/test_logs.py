"""What the log says of a request, and what it never says."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from registrations.domain.access import Viewer
from registrations.domain.records import Status
from registrations.graphql.context import Context
from registrations.graphql.operations.execution import Execution, OperationRequest
from registrations.http.operation_record import operation_record
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.storage.connections.database import Database
from registrations.telemetry.logs import Log as RequestLog
from registrations.telemetry.metrics import Metrics
from registrations.telemetry.middleware import Routes, TelemetryMiddleware
from tests.conftest import database_named, execute
from tests.support.database import store
from tests.support.gateway import Gateway, open_gateway
from tests.support.log import Log, Terminal
from tests.support.records import a_course, a_registration, a_user, an_offering
from tests.support.server import serving

HEX = re.compile(r"[0-9a-f]{32}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def gateway(database_url: str, log: Log) -> AsyncIterator[Gateway]:
    async with open_gateway(database_url, log=log) as gateway:
        yield gateway


def only_line(log: Log) -> dict[str, Any]:
    """The only line, without what differs from run to run."""
    [line] = log.lines
    assert INSTANT.fullmatch(line.pop("timestamp"))
    assert line.pop("duration_ms") > 0
    return line


async def test_a_request_is_one_line(gateway: Gateway, log: Log) -> None:
    response = await gateway.http.post(
        "/graphql",
        json={"query": "query Page { registrations(first: 2) { nodes { id } } }"},
        headers={"x-request-id": "abc.DEF_1-2"},
    )
    assert response.headers["x-request-id"] == "abc.DEF_1-2"
    assert only_line(log) == {
        "level": "info",
        "event": "request",
        "request_id": "abc.DEF_1-2",
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "operation": "Page",
        "operation_type": "query",
        "cost": 4,
        "outcome": "ok",
    }


async def test_it_tells_the_codes_of_field_errors(gateway: Gateway, log: Log) -> None:
    await gateway.data(
        'mutation { assignGrade(input: {registrationId: "x", gradePercentage: 101}) { __typename } }',
    )
    line = only_line(log)
    assert (line["operation_type"], line["outcome"]) == ("mutation", "field_errors")
    assert line["field_errors"] == ["REGISTRATION_NOT_FOUND", "GRADE_OUT_OF_RANGE"]


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"query": "{"}, 200, {"outcome": "refused", "errors": ["GRAPHQL_PARSE_FAILED"]}),
        ({"query": "query Q { nothing }"}, 200, {"outcome": "refused", "errors": ["GRAPHQL_VALIDATION_FAILED"]}),
        ({}, 400, {"outcome": "refused", "errors": ["BAD_USER_INPUT"]}),
        (
            {"query": "query Q { registrations(first: 101) { totalCount } }"},
            200,
            {
                "operation": "Q",
                "operation_type": "query",
                "cost": 101,
                "outcome": "errors",
                "errors": ["BAD_USER_INPUT"],
            },
        ),
    ],
)
async def test_it_tells_why_an_operation_was_refused_or_failed(
    gateway: Gateway, log: Log, body: dict[str, Any], status: int, told: dict[str, Any]
) -> None:
    await gateway.http.post("/graphql", json=body, headers={"x-request-id": "1"})
    common = {"level": "info", "event": "request", "request_id": "1", "method": "POST", "path": "/graphql"}
    assert only_line(log) == {**common, "status": status, **told}


async def test_a_viewer_is_told_by_their_id(database: Database) -> None:
    viewer = Viewer("65ade781cc98d136543678191005431a")
    context = Context(RegistrationService(database), Reads(database), viewer)
    answer = await Execution().run(OperationRequest("{ viewer { scopes } }"), context)
    assert operation_record(answer, context, 0.001).viewer == "65ade781cc98d136543678191005431a"


async def test_no_line_has_a_token_or_a_value_or_personal_data(
    gateway: Gateway, log: Log, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    course, user = a_course(), a_user(email="ada@example.com", first_name="Adafirst")
    offering = an_offering(course)
    await store(database, course, user, offering, a_registration(user, offering, status=Status.ACTIVE))
    headers = {"authorization": "Bearer secret-token", "cookie": "session=secret-cookie"}
    document = """
    query Find($id: ID!) { user(id: $id) { email firstName } other: user(id: "secret-literal") { id } }
    """
    bodies: list[dict[str, Any]] = [
        {"query": document, "variables": {"id": user.id}},
        {"query": document, "variables": {"id": "secret-variable"}},
        {"query": document, "variables": {"id": {"a": "secret-variable"}}},
        {"query": '{ user(id: "secret-literal") { secret_field } }'},
        {"query": '{ user(id: "secret-literal'},
        {"query": document, "variables": "secret-variable"},
    ]
    for body in bodies:
        await gateway.http.post("/graphql", json=body, headers=headers)
    await gateway.http.get(
        "/graphql",
        params={"query": '{ user(id: "secret-literal") { id } }'},
        headers={**headers, "apollo-require-preflight": "true"},
    )
    await gateway.http.get("/graphql/secret-path", params={"token": "secret-parameter"}, headers=headers)
    await gateway.http.post("/graphql", json=bodies[0], headers={"x-request-id": "a secret id"})
    async with database.transaction() as connection:
        await connection.execute("ALTER TABLE users RENAME TO lost")
    try:
        await gateway.http.post("/graphql", json=bodies[0], headers=headers)
    finally:
        async with database.transaction() as connection:
            await connection.execute("ALTER TABLE lost RENAME TO users")
    assert len(log.lines) == 10
    assert 'relation "users" does not exist' in caplog.text
    for line in (log.text, caplog.text):
        assert "secret" not in line
        assert "ada@example.com" not in line
        assert "Adafirst" not in line
        assert user.id not in line


async def test_a_database_that_is_gone_is_logged_without_its_password(
    server_url: str, migrated_database: str, log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    await execute(server_url, f"CREATE DATABASE unlogged TEMPLATE {migrated_database}")
    url = database_named("unlogged", server_url)
    async with open_gateway(url.replace("postgres@", "postgres:secret@"), log=log) as gateway:
        await execute(server_url, "DROP DATABASE unlogged WITH (FORCE)")
        await gateway.http.post("/graphql", json={"query": "{ registrations { totalCount } }"})
        await gateway.http.get("/readyz")
    assert [line.get("errors", line["status"]) for line in log.lines] == [["INTERNAL_SERVER_ERROR"], 503]
    assert 'database "unlogged" does not exist' in caplog.text
    assert "secret" not in log.text + caplog.text


@pytest.mark.parametrize("request_id", ["", "a b", "a\tb", "é", "x" * 65, '"}', "a/b"])
async def test_a_request_id_that_is_none_is_replaced(gateway: Gateway, log: Log, request_id: str) -> None:
    given = {b"x-request-id": request_id.encode()}
    response = await gateway.http.get("/readyz/nowhere", headers=given)
    assert HEX.fullmatch(response.headers["x-request-id"])
    assert only_line(log)["request_id"] == response.headers["x-request-id"]


async def test_every_answer_has_the_id_of_its_request(gateway: Gateway) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/nowhere", "/graphql"):
        response = await gateway.http.get(path, headers={"x-request-id": "mine"})
        assert response.headers.get_list("x-request-id") == ["mine"]


async def test_probes_are_logged_only_when_they_fail(server_url: str, migrated_database: str, log: Log) -> None:
    await execute(server_url, f"CREATE DATABASE unprobed TEMPLATE {migrated_database}")
    async with open_gateway(database_named("unprobed", server_url), log=log) as gateway:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await gateway.http.get(path)).status_code == 200
        assert log.text == ""
        await execute(server_url, "DROP DATABASE unprobed WITH (FORCE)")
        await gateway.http.get("/readyz")
    line = only_line(log)
    assert (line["level"], line["path"], line["status"]) == ("error", "/readyz", 503)


async def test_what_breaks_down_is_logged_as_500(log: Log) -> None:
    async def broken(*_: Any) -> None:
        raise ZeroDivisionError

    async def nobody(*_: Any) -> Any:
        raise AssertionError

    middleware = TelemetryMiddleware(broken, Routes({"/graphql"}, (), ()), RequestLog(log), Metrics())
    scope = {"type": "http", "method": "BREW", "path": "/graphql", "headers": []}
    with pytest.raises(ZeroDivisionError):
        await middleware(scope, nobody, nobody)
    line = only_line(log)
    assert (line["level"], line["method"], line["status"]) == ("error", "other", 500)


async def test_on_a_terminal_lines_are_for_people(database_url: str) -> None:
    terminal = Terminal()
    async with open_gateway(database_url, log=terminal) as gateway:
        await gateway.data("query Hello { __typename }")
    assert "request" in terminal.getvalue()
    assert "Hello" in terminal.getvalue()
    assert "{" not in terminal.getvalue()


def test_a_value_that_json_does_not_know_loses_no_line(log: Log) -> None:
    RequestLog(log).write("info", "odd", {"half": "\ud83d", "many": 10**30, "thing": object})
    [line] = log.lines
    assert (line["half"], line["many"], line["thing"]) == ("\ud83d", 10**30, "<class 'object'>")


def test_other_loggers_write_the_same_lines() -> None:
    program = """
import logging, logging.config
from registrations.telemetry.logs import IDS, logging_config
logging.config.dictConfig(logging_config())
IDS.set({"request_id": "abc"})
logging.getLogger("uvicorn.error").info("up\\n and running: %s", "yes")
logging.getLogger("httpx").info("not worth a line")
try:
    token = "secret"
    1 / 0
except ZeroDivisionError:
    logging.getLogger("somebody").exception("broken")
"""
    written = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    log = Log()
    log.write(written.stderr)
    up, broken = log.lines
    assert written.stdout == ""
    assert {**up, "timestamp": None} == {
        "timestamp": None,
        "level": "info",
        "event": "up\n and running: yes",
        "request_id": "abc",
        "logger": "uvicorn.error",
    }
    assert (broken["level"], broken["event"], broken["request_id"]) == ("error", "broken", "abc")
    assert broken["exception"].endswith("ZeroDivisionError: division by zero")


async def test_the_command_writes_one_line_a_request_and_errors_with_the_id_of_theirs(
    database_url: str, database: Database
) -> None:
    with serving(REGISTRATIONS_DATABASE_URL=database_url) as server:
        async with database.transaction() as connection:
            await connection.execute("ALTER TABLE users RENAME TO lost")
        try:
            document = {"query": '{ user(id: "00000000000000000000000000000000") { id } }'}
            async with httpx.AsyncClient(base_url=server.address, headers={"x-request-id": "mine"}) as client:
                answer = (await client.post("/graphql", json=document)).json()
        finally:
            async with database.transaction() as connection:
                await connection.execute("ALTER TABLE lost RENAME TO users")
        server.process.send_signal(signal.SIGTERM)
        server.wait_until_gone()
    lines = [json.loads(line) for line in server.log if line.startswith("{")]
    error, request = [line for line in lines if line.get("request_id") == "mine"]
    assert answer["errors"][0]["extensions"]["id"] in error["event"]
    assert (error["logger"], error["level"]) == ("registrations.graphql.errors", "error")
    assert 'relation "users" does not exist' in error["exception"]
    assert (request["event"], request["outcome"], request["errors"]) == ("request", "errors", ["INTERNAL_SERVER_ERROR"])
    assert "Application startup complete." in [line["event"] for line in lines]
    assert not any("POST" in line for line in server.log if "mine" not in line)
