"""Gateways that stay open for all tests: to open one costs more than most tests do."""

from collections.abc import AsyncIterator

import pytest

from tests.support.gateway import AUTHENTICATION, Gateway, open_gateway


@pytest.fixture(scope="package")
async def open_to_all(tests_database: str) -> AsyncIterator[Gateway]:
    async with open_gateway(tests_database) as gateway:
        yield gateway


@pytest.fixture(scope="package")
async def open_to_known(tests_database: str) -> AsyncIterator[Gateway]:
    async with open_gateway(tests_database, **AUTHENTICATION) as gateway:
        yield gateway


@pytest.fixture
def gateway(open_to_all: Gateway, database_url: str) -> Gateway:
    """A gateway over the test's database, where nobody has to sign in."""
    assert open_to_all.database.url == database_url
    return Gateway(open_to_all.http, open_to_all.database)


@pytest.fixture
def guarded_gateway(open_to_known: Gateway, database_url: str) -> Gateway:
    """A gateway over the test's database, where everybody has to sign in."""
    assert open_to_known.database.url == database_url
    return Gateway(open_to_known.http, open_to_known.database)
