from typing import Any

import pytest

from registrations.domain.records import Registration
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.gateway import Gateway
from tests.support.records import a_course, a_registration, a_user, an_offering

NODES = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ... on User { firstName lastName username email createdDate }
    ... on Course { courseTitle: title passingGradePercentage }
    ... on Offering {
      title retakesAllowed createdDate beginDate endDate registrationBeginDate registrationEndDate course { id }
    }
    ... on Registration {
      title status gradePercentage graderComment createdDate beginDate lastActiveDate endDate
      viewerCanAssignGrade viewerCanEject user { id } offering { id } grader { id }
    }
  }
}
"""


async def a_registration_of_all(database: Database) -> tuple[Registration, list[str]]:
    course, user = a_course(), a_user(username="ada.okafor")
    offering = an_offering(course)
    registration = a_registration(user, offering)
    await store(database, course, user, offering, registration)
    return registration, [registration.id, offering.id, course.id, user.id]


async def test_every_kind_of_record_is_a_node(gateway: Gateway, database: Database) -> None:
    _, ids = await a_registration_of_all(database)
    registration_id, offering_id, course_id, user_id = ids
    assert (await gateway.data(NODES, ids=ids))["nodes"] == [
        {
            "__typename": "Registration",
            "id": registration_id,
            "title": "First Aid, Spring 2026",
            "status": "ACTIVE",
            "gradePercentage": None,
            "graderComment": None,
            "createdDate": "2026-04-21T12:00:00Z",
            "beginDate": None,
            "lastActiveDate": None,
            "endDate": None,
            "viewerCanAssignGrade": True,
            "viewerCanEject": True,
            "user": {"id": user_id},
            "offering": {"id": offering_id},
            "grader": None,
        },
        {
            "__typename": "Offering",
            "id": offering_id,
            "title": "First Aid, Spring 2026",
            "retakesAllowed": True,
            "createdDate": "2026-01-31T12:00:00Z",
            "beginDate": None,
            "endDate": None,
            "registrationBeginDate": None,
            "registrationEndDate": None,
            "course": {"id": course_id},
        },
        {"__typename": "Course", "id": course_id, "courseTitle": "First Aid", "passingGradePercentage": 70},
        {
            "__typename": "User",
            "id": user_id,
            "firstName": "Ada",
            "lastName": "Okafor",
            "username": "ada.okafor",
            "email": "ada.okafor@example.org",
            "createdDate": "2026-01-21T12:00:00Z",
        },
    ]


async def test_nodes_come_in_the_order_asked_with_null_for_what_there_is_not(
    gateway: Gateway, database: Database
) -> None:
    _, [registration_id, _, _, user_id] = await a_registration_of_all(database)
    asked = [user_id, "0" * 32, registration_id, "nonsense", user_id]
    nodes = (await gateway.data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=asked))["nodes"]
    assert nodes == [{"id": user_id}, None, {"id": registration_id}, None, {"id": user_id}]


async def test_at_most_a_hundred_nodes_are_given(gateway: Gateway) -> None:
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await gateway.data(document, ids=["0" * 32] * 100))["nodes"] == [None] * 100
    assert await gateway.error(document, ids=["0" * 32] * 101) == (
        "BAD_USER_INPUT",
        "`ids` takes at most 100 values; it was given 101.",
    )


@pytest.mark.parametrize("unknown", ["", "nonsense", "0" * 32, "0" * 33, "\0", "💥", 5])
async def test_an_unknown_id_is_null(gateway: Gateway, unknown: Any) -> None:
    document = """
    query ($id: ID!) { node(id: $id) { id } registration(id: $id) { id } user(id: $id) { id } offering(id: $id) { id } }
    """
    assert await gateway.data(document, id=unknown) == {
        "node": None,
        "registration": None,
        "user": None,
        "offering": None,
    }


async def test_an_id_of_another_kind_or_in_capitals_is_null(gateway: Gateway, database: Database) -> None:
    registration, _ = await a_registration_of_all(database)
    document = "query ($id: ID!) { user(id: $id) { id } offering(id: $id) { id } }"
    assert await gateway.data(document, id=registration.id) == {"user": None, "offering": None}
    assert await gateway.data(
        "query ($id: ID!) { registration(id: $id) { id } }", id=registration.id.upper() + "A"
    ) == {"registration": None}
