"""How many statements an operation costs: one for a page with what goes along, never one for each record."""

from typing import Any

import pytest

from registrations.domain.records import Registration, Status
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.gateway import Gateway
from tests.support.records import NOW, a_course, a_registration, a_user, an_offering
from tests.support.statements import counted_statements


@pytest.fixture(autouse=True)
async def registration(database: Database) -> Registration:
    """One of twenty registrations of ten users in two offerings, graded by five others."""
    courses = [a_course() for _ in range(2)]
    offerings = [an_offering(course) for course in courses]
    users, graders = [a_user() for _ in range(10)], [a_user() for _ in range(5)]
    registrations = [
        a_registration(
            user,
            offering,
            status=Status.PASSED,
            grade_percentage=90.0,
            grader_id=graders[index % 5].id,
            end_date=NOW,
        )
        for index, user in enumerate(users)
        for offering in offerings
    ]
    await store(database, *courses, *offerings, *users, *graders, *registrations)
    return registrations[0]


async def costs(gateway: Gateway, document: str, **variables: Any) -> list[int]:
    """How many statements the query costs when it is executed, and when it is compiled if it can be."""
    counts = []
    for _ in range(2):
        async with counted_statements(gateway.database) as sent:
            response = await gateway.post(document, **variables)
        assert "errors" not in response.json()
        counts.append(len(sent))
    return counts


@pytest.mark.parametrize(
    ("selection", "statements"),
    [
        ("registrations { nodes { id status } }", 1),
        ("registrations { nodes { title user { username } grader { email } offering { course { title } } } }", 1),
        ("registrations { edges { node { ...R } } } } fragment R on Registration { user { id } offering { id }", 1),
        ("registrations { totalCount }", 1),
        ("registrations { totalCount pageInfo { hasNextPage } }", 2),
        ("registrations { __typename }", 0),
        ("registrations { nodes { user { registrations { nodes { title } totalCount } } } }", 3),
        ("registrations { nodes { offering { registrations(first: 2) { nodes { user { username } } } } } }", 2),
        ("offerings { nodes { title course { title } } }", 1),
        ("offerings { nodes { registrations { nodes { user { username } } } } }", 2),
        ("offerings { nodes { registrations { totalCount nodes { user { registrations { totalCount } } } } } }", 4),
        (
            "registrations { nodes { user { registrations { __typename } } grader { registrations { totalCount } } } }",
            2,
        ),
        ("offerings { nodes { registrations { edges { cursor } } last: registrations(last: 1) { nodes { id } } } }", 3),
        ("registrations(first: 0) { nodes { user { registrations { totalCount } } } }", 1),
        ("__typename viewer { scopes }", 0),
        ("registrations { nodes { title @skip(if: true) ... @include(if: false) { user { id } } } }", 1),
    ],
)
async def test_a_list_costs_as_many_statements_as_it_has_levels(
    gateway: Gateway, selection: str, statements: int
) -> None:
    assert await costs(gateway, f"{{ {selection} }}") == [statements, statements]


async def test_one_registration_with_all_that_belongs_to_it_is_one_statement(
    gateway: Gateway, registration: Registration
) -> None:
    document = """
    query ($id: ID!) { registration(id: $id) { title user { id } grader { id } offering { course { title } } } }
    """
    assert await costs(gateway, document, id=registration.id) == [1, 1]


async def test_one_user_with_a_list_is_two_statements_and_one_more_to_tell_kinds(
    guarded_gateway: Gateway, registration: Registration
) -> None:
    user_id = registration.user_id
    viewer = guarded_gateway.signed_in(user_id)
    user = "{ ... on User { registrations { nodes { title offering { course { title } } } } } }"
    assert await costs(viewer, f"query ($id: ID!) {{ user(id: $id) {user} }}", id=user_id) == [2, 2]
    assert await costs(viewer, f"query ($id: ID!) {{ node(id: $id) {user} }}", id=user_id) == [3, 3]
    assert await costs(viewer, f"{{ viewer {{ scopes user {user} }} }}") == [2, 2]


async def test_what_is_skipped_is_not_read(gateway: Gateway) -> None:
    document = """
    query ($with: Boolean!) {
      registrations { nodes { id user @include(if: $with) { id } ... @skip(if: $with) { title } } }
    }
    """
    async with counted_statements(gateway.database) as sent:
        for is_with in (True, False, True, False):
            await gateway.post(document, **{"with": is_with})
    read = [("users" in statement, "offerings" in statement) for statement in sent]
    assert read == [(True, False), (False, True)] * 2


async def test_many_nodes_are_a_statement_a_kind_and_one_to_tell_kinds(gateway: Gateway) -> None:
    listed = await gateway.data(
        "{ registrations { nodes { id user { id } offering { id course { id } } } } offerings { nodes { id } } }"
    )
    ids = [
        id_
        for node in listed["registrations"]["nodes"]
        for id_ in (node["id"], node["user"]["id"], node["offering"]["id"], node["offering"]["course"]["id"])
    ]
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert [node["id"] for node in (await gateway.data(document, ids=ids))["nodes"]] == ids
    assert await costs(gateway, document, ids=ids) == [5, 5]


async def test_nothing_is_read_of_users_whom_the_viewer_does_not_see(
    guarded_gateway: Gateway, registration: Registration
) -> None:
    learner = guarded_gateway.signed_in(registration.user_id)
    document = "{ registrations { nodes { grader { registrations { totalCount } } } } }"
    assert await costs(learner, document) == [1, 1]
