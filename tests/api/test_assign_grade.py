from dataclasses import replace
from typing import Any

import pytest

from registrations.domain.records import Registration, Status
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.gateway import Gateway
from tests.support.records import NOW, a_course, a_registration, a_user, an_offering

ASSIGN = """
mutation ($id: ID!, $grade: Float!, $comment: String) {
  assignGrade(input: {registrationId: $id, gradePercentage: $grade, comment: $comment}) {
    ... on AssignGradeSuccess {
      registration { status gradePercentage graderComment endDate grader { id } viewerCanEject viewerCanAssignGrade }
      query { registration(id: $id) { status } }
    }
    ... on AssignGradeFailure {
      fieldErrors {
        __typename
        ... on FieldError { code message field path }
        ... on GradeOutOfRange { minimum maximum }
        ... on CommentTooLong { maximumLength }
      }
    }
  }
}
"""


async def assign(gateway: Gateway, **variables: Any) -> dict[str, Any]:
    data = await gateway.data(ASSIGN, **variables)
    result: dict[str, Any] = data["assignGrade"]
    return result


async def a_stored_registration(database: Database, **given: Any) -> Registration:
    course, user = a_course(passing_grade_percentage=70.0), a_user()
    offering = an_offering(course)
    registration = a_registration(user, offering, **given)
    await store(database, user, course, offering, registration)
    return registration


@pytest.mark.parametrize(("grade", "status"), [(70, "PASSED"), (69.999, "FAILED"), (0, "FAILED"), (100, "PASSED")])
async def test_a_grade_passes_from_the_passing_grade_on(
    gateway: Gateway, database: Database, grade: float, status: str
) -> None:
    registration = await a_stored_registration(database)
    result = await assign(gateway, id=registration.id, grade=grade, comment="Well\ndone ✓")
    [stored] = await stored_registrations(database)
    assert stored == replace(
        registration,
        status=Status[status],
        grade_percentage=float(grade),
        grader_comment="Well\ndone ✓",
        end_date=stored.end_date,
    )
    assert stored.end_date is not None
    assert result == {
        "registration": {
            "status": status,
            "gradePercentage": grade,
            "graderComment": "Well\ndone ✓",
            "endDate": stored.end_date.isoformat().replace("+00:00", "Z"),
            "grader": None,
            "viewerCanEject": False,
            "viewerCanAssignGrade": True,
        },
        "query": {"registration": {"status": status}},
    }


async def test_a_grade_clears_an_ejection_and_keeps_when_it_ended(gateway: Gateway, database: Database) -> None:
    ejected = await a_stored_registration(database, status=Status.EJECTED, end_date=NOW)
    await assign(gateway, id=ejected.id, grade=80)
    assert await stored_registrations(database) == [replace(ejected, status=Status.PASSED, grade_percentage=80.0)]


async def test_everything_wrong_is_reported_together_and_nothing_changes(gateway: Gateway, database: Database) -> None:
    registration = await a_stored_registration(database)
    result = await assign(gateway, id="f" * 32, grade=100.5, comment="x" * 4_001)
    assert result == {
        "fieldErrors": [
            {
                "__typename": "RegistrationNotFound",
                "code": "REGISTRATION_NOT_FOUND",
                "message": "There is no such registration.",
                "field": "registrationId",
                "path": ["input", "registrationId"],
            },
            {
                "__typename": "GradeOutOfRange",
                "code": "GRADE_OUT_OF_RANGE",
                "message": "A grade is a percentage from 0 to 100.",
                "field": "gradePercentage",
                "path": ["input", "gradePercentage"],
                "minimum": 0,
                "maximum": 100,
            },
            {
                "__typename": "CommentTooLong",
                "code": "COMMENT_TOO_LONG",
                "message": "A comment has at most 4,000 characters.",
                "field": "comment",
                "path": ["input", "comment"],
                "maximumLength": 4000,
            },
        ]
    }
    assert await stored_registrations(database) == [registration]


@pytest.mark.parametrize("literal", ["1e999", "-1e999", "-0.001", "100.001"])
async def test_a_literal_beyond_the_range_is_a_field_error(gateway: Gateway, database: Database, literal: str) -> None:
    registration = await a_stored_registration(database)
    document = ASSIGN.replace("$grade: Float!, ", "").replace("$grade", literal)
    result = (await gateway.data(document, id=registration.id))["assignGrade"]
    assert [error["code"] for error in result["fieldErrors"]] == ["GRADE_OUT_OF_RANGE"]
    assert await stored_registrations(database) == [registration]


async def test_minus_zero_is_zero(gateway: Gateway, database: Database) -> None:
    registration = await a_stored_registration(database)
    response = await gateway.http.post(
        "/graphql", json={"query": ASSIGN, "variables": {"id": registration.id, "grade": -0.0}}
    )
    assert '"gradePercentage":0.0' in response.text


async def test_a_comment_that_no_database_can_store_is_refused(gateway: Gateway, database: Database) -> None:
    registration = await a_stored_registration(database)
    assert await gateway.error(ASSIGN, id=registration.id, grade=80, comment="a\0b") == (
        "BAD_USER_INPUT",
        "`comment` contains the character U+0000, which no text can store: leave it out.",
    )
    assert await stored_registrations(database) == [registration]
