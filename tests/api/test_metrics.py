"""The figures at /metrics, and that no client can make them grow without end."""

from collections.abc import AsyncIterator

import httpx
import pytest

from registrations.storage.connections.database import Database
from registrations.telemetry.metrics import Metrics
from registrations.telemetry.operations import OperationRecord, Outcome
from tests.support.figures import Figures, read
from tests.support.gateway import Gateway, open_gateway


@pytest.fixture
async def gateway(database_url: str) -> AsyncIterator[Gateway]:
    """One that nobody has asked yet."""
    async with open_gateway(database_url) as gateway:
        yield gateway


async def scrape(http: httpx.AsyncClient, name: str) -> Figures:
    response = await http.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return read(response.text, name)


async def test_requests_are_counted_by_method_path_and_status(gateway: Gateway) -> None:
    for method, path in (
        *(("POST", "/graphql"), ("GET", "/healthz"), ("GET", "/healthz"), ("GET", "/a/b"), ("GET", "/c")),
        *(("BREW", "/graphql"), ("GET", "/graphql/assets/x.js")),
    ):
        await gateway.http.request(method, path)
    assert await scrape(gateway.http, "registrations_http_requests_total") == {
        ("POST", "/graphql", "415"): 1,
        ("GET", "/healthz", "200"): 2,
        ("GET", "other", "404"): 2,
        ("other", "/graphql", "405"): 1,
        ("GET", "/graphql/assets", "404"): 1,
    }
    assert (await scrape(gateway.http, "registrations_http_request_seconds_count"))["/healthz",] == 2
    assert await scrape(gateway.http, "registrations_operations_total") == {("anonymous", "refused", "unknown"): 1}


async def test_operations_are_counted_by_name_type_and_outcome(gateway: Gateway) -> None:
    for document in (
        *("{ __typename }", "query Hello { __typename }", "query Hello { __typename }"),
        *("query Long { registrations(first: 101) { totalCount } }", "query Wrong { nothing }", "{"),
        "query Dear { registrations(first: 100) { nodes { user { registrations(first: 99) { nodes { id } } } } } }",
        'mutation Grade { assignGrade(input: {registrationId: "x", gradePercentage: 101}) { __typename } }',
    ):
        await gateway.post(document)
    assert await scrape(gateway.http, "registrations_operations_total") == {
        ("anonymous", "ok", "query"): 1,
        ("Hello", "ok", "query"): 2,
        ("other", "errors", "query"): 1,
        ("anonymous", "refused", "unknown"): 2,
        ("other", "refused", "query"): 1,
        ("Grade", "field_errors", "mutation"): 1,
    }
    assert await scrape(gateway.http, "registrations_operation_seconds_count") == {
        ("query",): 5,
        ("mutation",): 1,
        ("unknown",): 2,
    }


async def test_errors_are_counted_by_code(gateway: Gateway) -> None:
    await gateway.post("{")
    await gateway.post("{ nothing }")
    await gateway.post('mutation { assignGrade(input: {registrationId: "x", gradePercentage: 101}) { __typename } }')
    await gateway.http.post("/graphql", json=[])
    assert await scrape(gateway.http, "registrations_errors_total") == {
        ("GRAPHQL_PARSE_FAILED",): 1,
        ("GRAPHQL_VALIDATION_FAILED",): 1,
        ("BAD_USER_INPUT",): 1,
    }
    assert await scrape(gateway.http, "registrations_field_errors_total") == {
        ("REGISTRATION_NOT_FOUND",): 1,
        ("GRADE_OUT_OF_RANGE",): 1,
    }


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_client_can_make_up_names_as_it_likes(outcome: Outcome, is_known: bool) -> None:
    metrics = Metrics()
    for n in range(5_000):
        metrics.operation(OperationRecord(outcome, f"Made{n}", "query", is_known=is_known))
    labels = read(metrics.exposition().decode(), "registrations_operations_total")
    assert len(labels) == (201 if is_known and outcome in (Outcome.OK, Outcome.FIELD_ERRORS) else 1)
    assert sum(labels.values()) == 5_000
    assert labels["other", outcome, "query"] == 5_000 - (len(labels) - 1)


def test_a_name_that_has_worked_keeps_its_figures_when_it_fails() -> None:
    metrics = Metrics()
    for outcome in (Outcome.ERRORS, Outcome.OK, Outcome.ERRORS):
        metrics.operation(OperationRecord(outcome, "Hello", "query", is_known=True))
    assert read(metrics.exposition().decode(), "registrations_operations_total") == {
        ("other", "errors", "query"): 1,
        ("Hello", "ok", "query"): 1,
        ("Hello", "errors", "query"): 1,
    }


async def test_the_pool_is_read_when_asked_for() -> None:
    metrics = Metrics()
    use = 1, 2, 10
    async with metrics.watching(lambda: use):
        use = 3, 4, 10
        text = metrics.exposition().decode()
    assert read(text, "registrations_pool_connections") == {("in_use",): 3, ("idle",): 4}
    assert read(text, "registrations_pool_size") == {(): 10}


async def test_a_database_knows_its_connections(database_url: str) -> None:
    database = Database(database_url)
    assert database.pool_use() == (0, 0, 10)
    async with database.transaction():
        assert database.pool_use() == (1, 0, 10)
    assert database.pool_use() == (0, 1, 10)
    await database.close()


async def test_the_process_is_part_of_the_figures(gateway: Gateway) -> None:
    for name in ("process_resident_memory_bytes", "process_cpu_seconds_total"):
        assert (await scrape(gateway.http, name))[()] > 0
    assert len(await scrape(gateway.http, "python_gc_collections_total")) == 3


@pytest.fixture
async def another(database_url: str) -> AsyncIterator[Gateway]:
    async with open_gateway(database_url) as gateway:
        yield gateway


async def test_each_application_has_its_own_figures(gateway: Gateway, another: Gateway) -> None:
    await gateway.data("{ __typename }")
    assert await scrape(another.http, "registrations_operations_total") == {}
