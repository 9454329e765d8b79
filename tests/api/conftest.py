from collections.abc import AsyncIterator

import pytest

from tests.support.gateway import AskedTwice, Gateway, open_gateway


@pytest.fixture
async def gateway(database_url: str) -> AsyncIterator[Gateway]:
    async with open_gateway(database_url) as gateway:
        yield AskedTwice(gateway.http, gateway.database)
