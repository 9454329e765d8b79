"""Queries that are compiled are answered as those that graphql-core executes: byte by byte."""

from collections.abc import AsyncIterator, Mapping
from random import Random
from typing import Any

import pytest

from registrations.domain.outage import Unavailable
from registrations.graphql.context import Context
from registrations.graphql.errors import NOT_AVAILABLE, UNAVAILABLE
from registrations.graphql.execution import Answer, Execution, OperationRequest
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.storage.database import NO_VALUES, Database
from registrations.storage.running import Rows
from registrations.storage.sql import Sql
from tests.conftest import database_named, execute
from tests.support.database import store
from tests.support.population import ALL_IDS, POPULATION, VIEWERS
from tests.support.queries import Query, written
from tests.support.twins import Twins, open_twins
from tests.support.viewers import staff

STAFF = len(VIEWERS) - 1


@pytest.fixture(scope="module")
async def twins(server_url: str, migrated_database: str) -> AsyncIterator[Twins]:
    """Twins before a database of their own, filled once."""
    await execute(server_url, f"CREATE DATABASE twins TEMPLATE {migrated_database}")
    url = database_named("twins", server_url)
    database = Database(url)
    await store(database, *POPULATION)
    await database.close()
    async with open_twins(url) as twins:
        yield twins


async def test_any_query_that_comes_again_is_answered_as_it_was(twins: Twins) -> None:
    for seed in range(300):
        await twins.assert_answer_alike(written(Random(seed)))
    assert twins.share("planned") > 0.4
    assert twins.share("answered") > 0.4
    assert twins.share("BAD_USER_INPUT") > 0.2
    assert twins.share("UNAUTHENTICATED") > 0.05
    assert twins.share("GRAPHQL_VALIDATION_FAILED") > 0.02
    assert twins.share("QUERY_TOO_EXPENSIVE") > 0.01


@pytest.mark.parametrize(
    "document",
    [
        "{ None: registrations { True: __typename lambda: totalCount class: nodes { def: id r: title } } }",
        "{ r: registrations { page: nodes { f0: viewerCanEject viewer: id complete: status } } }",
        "{ offerings { nodes { ...A ...B } } } fragment A on Node { id } fragment B on Offering { course { ...A } }",
        "query ($x: Boolean = true) { offerings @skip(if: $x) { __typename } }",
    ],
)
async def test_what_looks_like_a_trap_is_none(twins: Twins, document: str) -> None:
    await twins.assert_answer_alike(Query(document, {}, None, STAFF))


@pytest.mark.parametrize("value", [None, True, False])
async def test_what_one_switch_leaves_out_may_have_another_without_a_value(twins: Twins, value: bool | None) -> None:
    for switches in ("@include(if: false) @skip(if: $x)", "@skip(if: true) @include(if: $x)"):
        document = f"query ($x: Boolean = true) {{ offerings {{ __typename totalCount {switches} }} }}"
        await twins.assert_answer_alike(Query(document, {"x": value}, None, STAFF))


async def test_operations_may_call_different_variables_by_one_name(twins: Twins) -> None:
    document = """
    query Switch($x: Boolean!) { offerings { totalCount @skip(if: $x) nodes { id } } }
    query Lists($x: [ID!]!) { nodes(ids: $x) { id } }
    query Filter($x: OfferingFilterInput) { offerings(filter: $x) { nodes { id } } }
    """
    for name, value in (("Switch", True), ("Lists", list(ALL_IDS[:2])), ("Filter", {"title": "a"}), ("Switch", False)):
        await twins.assert_answer_alike(Query(document, {"x": value}, name, STAFF))


class Broken(Database):
    """A database that is not available for statements that have this text in them."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__(url)
        self._text = text

    async def fetch(self, sql: Sql, values: Mapping[str, Any] = NO_VALUES) -> Rows:
        if self._text in sql.text:
            raise Unavailable
        return await super().fetch(sql, values)


async def answers(database: Database, document: str, **variables: Any) -> tuple[Answer, Answer]:
    """The answer of graphql-core, and that of the plan."""
    execution, request = Execution(), OperationRequest(document, variables=variables)

    async def answer() -> Answer:
        return await execution.run(request, Context(RegistrationService(database), Reads(database), staff()))

    return await answer(), await answer()


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ("SELECT count(*)", ["registrations", "totalCount"]),
        ("FROM registrations", ["registrations"]),
        ("FROM offerings", ["offerings"]),
    ],
)
async def test_what_is_not_available_is_missing_in_both_answers_and_nothing_else(
    database_url: str, broken: str, path: list[str]
) -> None:
    database = Broken(database_url, broken)
    executed, compiled = await answers(
        database, "{ registrations { totalCount pageInfo { hasNextPage } } offerings { nodes { id } } }"
    )
    await database.close()
    assert compiled == executed
    [error] = compiled.body["errors"]
    assert (error["path"], error["message"], compiled.error_codes) == (path, NOT_AVAILABLE, (UNAVAILABLE,))
