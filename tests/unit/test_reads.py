"""How many connections an operation uses at once, and which of its statements are searches."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from registrations.domain.listing import ListQuery, Order, Range, Window
from registrations.domain.records import (
    OfferingFilter,
    OfferingOrderField,
    RegistrationFilter,
    RegistrationOrderField,
    Status,
)
from registrations.graphql.context import Context
from registrations.graphql.operations.execution import Execution, OperationRequest
from registrations.service.reads import MAXIMUM_CONNECTIONS, Reads
from registrations.service.registrations import RegistrationService
from registrations.storage.connections.database import NO_VALUES, Database
from registrations.storage.connections.running import Rows
from registrations.storage.connections.searching import SearchTime
from registrations.storage.statements.lists import count_statement, page_statement
from registrations.storage.statements.sql import Sql
from tests.support.records import NOW
from tests.support.viewers import staff

USER, OFFERING = "a" * 32, "b" * 32
NEWEST_FIRST = Order(RegistrationOrderField.CREATED_DATE, descending=True)
BY_TITLE = Order(OfferingOrderField.TITLE, descending=False)


class Watched(Database):
    """It finds nothing. `most` is how many statements ran at once, `asked` the values of all in their order."""

    def __init__(self) -> None:
        super().__init__("postgresql://nobody")
        self.asked: list[Mapping[str, Any]] = []
        self.most = self._now = 0

    async def search(self, sql: Sql, values: Mapping[str, Any], _time: SearchTime) -> Rows:
        return await self.fetch(sql, values)

    async def fetch(self, sql: Sql, values: Mapping[str, Any] = NO_VALUES) -> Rows:
        self.asked.append(values)
        self._now += 1
        self.most = max(self.most, self._now)
        for _ in range(10):
            await asyncio.sleep(0)
        self._now -= 1
        return [(0,)] if sql.text.startswith("SELECT count(*)") else []


async def run(document: str) -> Watched:
    database = Watched()
    context = Context(RegistrationService(database), Reads(database, search_seconds=1), staff())
    answer = await Execution().run(OperationRequest(document), context)
    assert "errors" not in answer.body
    return database


async def test_an_operation_uses_few_connections_and_in_the_order_of_its_fields() -> None:
    ids = [f"{number:032x}" for number in range(15)]
    fields = " ".join(f'a{id_[-2:]}: user(id: "{id_}") {{ id username }}' for id_ in ids)
    database = await run(f"{{ {fields} }}")
    assert database.most == MAXIMUM_CONNECTIONS
    assert [values["id"] for values in database.asked] == ids


async def test_its_searches_run_one_after_another() -> None:
    fields = " ".join(f"a{number}: offerings {{ totalCount }}" for number in range(15))
    database = await run(f"{{ {fields} }}")
    assert (database.most, len(database.asked)) == (1, 15)


@pytest.mark.parametrize(
    ("filter_", "parent", "is_search", "counting_is_search"),
    [
        (RegistrationFilter(), None, False, True),
        (RegistrationFilter(), "user_id", False, False),
        (RegistrationFilter(), "offering_id", False, True),
        (RegistrationFilter(user_id=(USER,)), None, False, False),
        (RegistrationFilter(user_id=(USER, OFFERING)), None, False, False),
        (RegistrationFilter(user_id=()), None, False, False),
        (RegistrationFilter(user_id=(USER,), status=(Status.ACTIVE,)), None, False, False),
        (RegistrationFilter(user_id=(USER,)), "offering_id", True, True),
        (RegistrationFilter(status=(Status.ACTIVE,)), "user_id", False, False),
        (RegistrationFilter(status=(Status.ACTIVE,)), None, True, True),
        (RegistrationFilter(offering_id=(OFFERING,)), None, True, True),
        (RegistrationFilter(end_date=Range(gte=NOW)), None, True, True),
        (OfferingFilter(), None, False, True),
        (OfferingFilter(title="first aid"), None, True, True),
        (OfferingFilter(available_to_user_id=USER), None, True, True),
    ],
)
def test_what_may_look_at_any_number_of_rows_is_a_search(
    filter_: Any, parent: str | None, is_search: bool, counting_is_search: bool
) -> None:
    order = BY_TITLE if isinstance(filter_, OfferingFilter) else NEWEST_FIRST
    page, _ = page_statement(ListQuery(filter_, order, Window(15)), (), parent)
    count, _ = count_statement(filter_, parent)
    assert (page.is_search, count.is_search) == (is_search, counting_is_search)
