"""Filtered lists and counts that take too long are given up, and everything else is answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.support.gateway import Gateway, open_gateway
from tests.support.statements import counted_statements

FILTER = "filter: {status: [ACTIVE]}"
SLOW = {
    "message": "The list takes too long to read: narrow it by another filter, or try again later.",
    "locations": [{"line": 1, "column": 3}],
    "path": ["registrations"],
    "extensions": {"code": "QUERY_TOO_EXPENSIVE"},
}


@pytest.fixture
async def gateway(database_url: str) -> AsyncIterator[Gateway]:
    async with open_gateway(database_url, search_seconds=0.1) as gateway:
        yield gateway


@asynccontextmanager
async def slow_registrations(url: str) -> AsyncIterator[None]:
    """Until the block ends, nobody can read registrations. PostgreSQL counts the time that statements wait."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE registrations")
        yield
    await connection.close()


@pytest.fixture
async def slow(database_url: str) -> AsyncIterator[None]:
    async with slow_registrations(database_url):
        yield


@pytest.mark.usefixtures("slow")
async def test_a_list_that_takes_too_long_is_null_and_the_rest_is_answered(gateway: Gateway) -> None:
    answer = await gateway(f"{{ registrations({FILTER}) {{ nodes {{ id }} }} offerings {{ nodes {{ id }} }} }}")
    assert answer == {"data": {"registrations": None, "offerings": {"nodes": []}}, "errors": [SLOW]}


@pytest.mark.usefixtures("slow")
async def test_a_count_that_takes_too_long_is_null_without_an_error(gateway: Gateway) -> None:
    assert await gateway.data(f"{{ registrations(first: 0, {FILTER}) {{ totalCount }} }}") == {
        "registrations": {"totalCount": None}
    }


@pytest.mark.usefixtures("slow")
async def test_the_searches_of_an_operation_have_their_time_together(gateway: Gateway) -> None:
    fields = " ".join(f"a{number}: registrations(first: 0) {{ totalCount }}" for number in range(15))
    async with counted_statements(gateway.database) as sent:
        data = await gateway.data(f"{{ {fields} }}")
    assert set(map(str, data.values())) == {"{'totalCount': None}"}
    assert len(sent) == 1


@pytest.mark.usefixtures("slow")
async def test_who_took_too_long_leaves_the_connection_to_the_next(gateway: Gateway) -> None:
    for _ in range(3):
        await gateway.data("{ registrations(first: 0) { totalCount } }")
        assert gateway.database.pool_use() == (0, 1, 10)
    assert await gateway.data("{ offerings { nodes { id } } }") == {"offerings": {"nodes": []}}
