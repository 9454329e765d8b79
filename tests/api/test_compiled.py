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
from tests.support.population import ALL_IDS, POPULATION, USERS, VIEWERS
from tests.support.queries import Request, written
from tests.support.twins import Twins, open_twins
from tests.support.viewers import staff

STAFF = len(VIEWERS) - 1


@pytest.fixture(scope="module")
async def populated(server_url: str, migrated_database: str) -> str:
    """The URL of a database of their own, filled once."""
    await execute(server_url, f"CREATE DATABASE twins TEMPLATE {migrated_database}")
    url = database_named("twins", server_url)
    database = Database(url)
    await store(database, *POPULATION)
    await database.close()
    return url


@pytest.fixture(scope="module")
async def twins(populated: str) -> AsyncIterator[Twins]:
    async with open_twins(populated) as twins:
        yield twins


async def test_any_query_that_comes_again_is_answered_as_it_was(twins: Twins) -> None:
    for seed in range(300):
        await twins.assert_answer_alike(written(Random(seed)))
    assert twins.share("planned") > 0.6
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
        "{ below: viewer { scopes r: user { __typename registrations { page: nodes { id } } } } __typename }",
        "{ registrations { nodes { grader { registrations { nodes { grader { id } } } } } } }",
        "{ registrations(first: 0) { nodes { user { registrations(first: -1) { totalCount } } } } }",  # asked of nobody
        "{ offerings { nodes { registrations(first: -1) { nodes { id } } again: registrations { totalCount } } } }",
        "{ registrations { nodes { user { registrations(first: 101) { totalCount } } } } }",
        "{ nodes(ids: []) { id } }",
    ],
)
async def test_what_looks_like_a_trap_is_none(twins: Twins, document: str) -> None:
    await twins.assert_answer_alike(Request(document, {}, None, STAFF))


@pytest.mark.parametrize("value", [None, True, False])
async def test_what_one_switch_leaves_out_may_have_another_without_a_value(twins: Twins, value: bool | None) -> None:
    for switches in ("@include(if: false) @skip(if: $x)", "@skip(if: true) @include(if: $x)"):
        document = f"query ($x: Boolean = true) {{ offerings {{ __typename totalCount {switches} }} }}"
        await twins.assert_answer_alike(Request(document, {"x": value}, None, STAFF))


@pytest.mark.parametrize("viewer", range(len(VIEWERS)))
async def test_a_node_is_of_its_type_whoever_asks_for_it(twins: Twins, viewer: int) -> None:
    document = """
    query One($id: ID!) { __typename node(id: $id) { ...N } }
    query Many($ids: [ID!]!) { nodes(ids: $ids) { ...N } }
    fragment N on Node {
      __typename id
      ... on User { username r: registrations(first: 1) { totalCount nodes { id } } }
      ... on Offering { course { title } r: registrations(first: 2) { totalCount pageInfo { endCursor } } }
      ... on Course { passingGradePercentage }
      ... on Registration { user { email } grader { email registrations { totalCount } } }
    }
    """
    await twins.assert_answer_alike(Request(document, {"ids": [*ALL_IDS, "x", "0" * 32, ALL_IDS[0]]}, "Many", viewer))
    for id_ in (*ALL_IDS[::3], "x", "0" * 32):
        await twins.assert_answer_alike(Request(document, {"id": id_}, "One", viewer))


async def test_operations_may_call_different_variables_by_one_name(twins: Twins) -> None:
    document = """
    query Switch($x: Boolean!) { offerings { totalCount @skip(if: $x) nodes { id } } }
    query Lists($x: [ID!]!) { nodes(ids: $x) { id } }
    query Filter($x: OfferingFilterInput) { offerings(filter: $x) { nodes { id } } }
    """
    for name, value in (("Switch", True), ("Lists", list(ALL_IDS[:2])), ("Filter", {"title": "a"}), ("Switch", False)):
        await twins.assert_answer_alike(Request(document, {"x": value}, name, STAFF))


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
        return await execution.run(request, Context(RegistrationService(database), Reads(database), staff(USERS[0].id)))

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


@pytest.mark.parametrize(
    ("document", "broken", "paths"),
    [
        (
            "{ registrations(first: 2) { nodes { user { r: registrations { nodes { id } } } } } }",
            "LATERAL",
            [["registrations", "nodes", 0, "user", "r"], ["registrations", "nodes", 1, "user", "r"]],
        ),
        (
            "{ offerings(last: 1) { edges { node { registrations { a: totalCount nodes { id } totalCount } } } } }",
            "GROUP BY",
            [["offerings", "edges", 0, "node", "registrations", count] for count in ("a", "totalCount")],
        ),
        ("{ __typename viewer { scopes user { id } } }", "FROM users", [["viewer", "user"]]),
        ('{ node(id: "%s") { id } }', "UNION", [["node"]]),
        ('{ node(id: "%s") { id } }', "FROM users", [["node"]]),
        ('{ nodes(ids: ["%s"]) { id } }', "FROM users", [["nodes"]]),
    ],
)
async def test_what_is_not_available_below_is_missing_at_each_of_its_places(
    populated: str, document: str, broken: str, paths: list[list[str | int]]
) -> None:
    database = Broken(populated, broken)
    executed, compiled = await answers(database, document.replace("%s", USERS[0].id))
    await database.close()
    assert compiled == executed
    assert [error["path"] for error in compiled.body["errors"]] == paths
    assert set(compiled.error_codes) == {UNAVAILABLE}
