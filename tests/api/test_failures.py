"""What can't be read is null, with an error at each of its places; the rest is answered."""

from collections.abc import Mapping
from typing import Any

import pytest

from registrations.domain.outage import Unavailable
from registrations.domain.records import Status
from registrations.graphql.context import Context
from registrations.graphql.errors import NOT_AVAILABLE, UNAVAILABLE
from registrations.graphql.operations.execution import Answer, Execution, OperationRequest
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.storage.connections.database import NO_VALUES, Database
from registrations.storage.connections.running import Rows
from registrations.storage.statements.sql import Sql
from tests.support.database import store
from tests.support.gateway import Gateway
from tests.support.population import POPULATION, USERS
from tests.support.records import a_course, a_registration_that_is, a_user, an_offering
from tests.support.viewers import staff

EJECT = """
mutation ($id: ID!) {
  ejectRegistration(input: {registrationId: $id}) {
    ... on EjectRegistrationSuccess { registration { status user { id } } query { viewer { scopes } } }
    ... on EjectRegistrationFailure { fieldErrors { ... on NotActive { code registration { title } } } }
  }
}
"""


class Broken(Database):
    """A database that is not available for statements that have this text in them."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__(url)
        self._text = text

    async def fetch(self, sql: Sql, values: Mapping[str, Any] = NO_VALUES) -> Rows:
        if self._text in sql.text:
            raise Unavailable
        return await super().fetch(sql, values)


async def answered(url: str, broken: str, document: str, **variables: Any) -> Answer:
    database = Broken(url, broken)
    context = Context(RegistrationService(database), Reads(database), staff(USERS[0].id))
    answer = await Execution().run(OperationRequest(document, variables=variables), context)
    await database.close()
    return answer


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ("SELECT count(*)", ["registrations", "totalCount"]),
        ("FROM registrations", ["registrations"]),
        ("FROM offerings", ["offerings"]),
    ],
)
async def test_what_is_not_available_is_missing_and_nothing_else(
    database_url: str, broken: str, path: list[str]
) -> None:
    answer = await answered(
        database_url, broken, "{ registrations { totalCount pageInfo { hasNextPage } } offerings { nodes { id } } }"
    )
    [error] = answer.body["errors"]
    assert (error["path"], error["message"], answer.error_codes) == (path, NOT_AVAILABLE, (UNAVAILABLE,))
    expected: dict[str, Any] = {
        "registrations": {"totalCount": 0, "pageInfo": {"hasNextPage": False}},
        "offerings": {"nodes": []},
    }
    *parents, last = path
    place = expected
    for parent in parents:
        place = place[parent]
    place[last] = None
    assert answer.body["data"] == expected


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
        ('{ nodes(ids: ["%s"]) { id } }', "UNION", [["nodes"]]),
    ],
)
async def test_what_is_not_available_below_is_missing_at_each_of_its_places(
    database: Database, document: str, broken: str, paths: list[list[str | int]]
) -> None:
    await store(database, *POPULATION)
    answer = await answered(database.url, broken, document.replace("%s", USERS[0].id))
    assert [error["path"] for error in answer.body["errors"]] == paths
    assert set(answer.error_codes) == {UNAVAILABLE}


async def test_what_fails_at_many_places_is_logged_once(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    await store(database, *POPULATION)
    document = "{ registrations(first: 9) { nodes { user { registrations { nodes { id } } } } } }"
    answer = await answered(database.url, "LATERAL", document)
    assert answer.error_codes == (UNAVAILABLE,) * 9
    assert [record.getMessage() for record in caplog.records] == ["The database is not available: None"]


async def test_where_a_required_field_fails_all_data_is_null_and_what_comes_after_it_is_no_error(
    database: Database,
) -> None:
    await store(database, *POPULATION)
    answer = await answered(
        database.url,
        "FROM users",
        '{ viewer { user { id } } nodes(ids: ["%s"]) { id } user(id: "%s") { id } }'.replace("%s", USERS[0].id),
    )
    assert answer.body["data"] is None
    assert [error["path"] for error in answer.body["errors"]] == [["viewer", "user"], ["nodes"]]


@pytest.mark.parametrize(
    ("status", "path"),
    [
        (Status.ACTIVE, ["ejectRegistration", "registration"]),
        (Status.PASSED, ["ejectRegistration", "fieldErrors", 0, "registration"]),
    ],
)
async def test_a_change_stands_where_its_answer_can_not_be_read(
    database: Database, status: Status, path: list[str | int]
) -> None:
    user, course = a_user(), a_course()
    offering = an_offering(course)
    registration = a_registration_that_is(status, user, offering)
    await store(database, user, course, offering, registration)
    answer = await answered(database.url, "LEFT OUTER JOIN", EJECT, id=registration.id)
    assert answer.body["data"] == {"ejectRegistration": None}
    [error] = answer.body["errors"]
    assert (error["path"], answer.error_codes) == (path, (UNAVAILABLE,))
    [(stored,)] = await database.fetch(Sql("SELECT status FROM registrations", (), {}))
    assert stored == ("PASSED" if status is Status.PASSED else "EJECTED")


@pytest.mark.parametrize(
    ("document", "data", "paths"),
    [
        ("{ viewer { scopes } __typename @include(if: $x) }", None, [None]),
        ("{ viewer { scopes @include(if: $x) } __typename }", {"viewer": None, "__typename": "Query"}, [["viewer"]]),
        ("{ viewer { ...S @skip(if: $x) } } fragment S on Viewer { scopes }", {"viewer": None}, [["viewer"]]),
        ("{ viewer { scopes @skip(if: true) @include(if: $x) } }", {"viewer": {}}, []),
        ("{ offerings { nodes { id @include(if: $x) } } }", {"offerings": None}, [["offerings", "nodes", 0]]),
        (
            '{ offerings(filter: {title: "no such"}) { nodes { id @include(if: $x) } } }',
            {"offerings": {"nodes": []}},
            [],
        ),
        (
            '{ __type(name: "User") { name fields { name @skip(if: $x) } } }',
            {"__type": {"name": "User", "fields": None}},
            [["__type", "fields", 0]],
        ),
    ],
)
async def test_a_switch_that_is_null_is_an_error_where_it_is_asked(
    gateway: Gateway, database: Database, document: str, data: Any, paths: list[Any]
) -> None:
    course = a_course()
    await store(database, course, an_offering(course))
    answer = await gateway(f"query ($x: Boolean = true) {document}", x=None)
    errors = answer.get("errors", [])
    assert (answer.get("data"), [error.get("path") for error in errors]) == (data, paths)
    assert {error["extensions"]["code"] for error in errors} <= {"BAD_USER_INPUT"}
