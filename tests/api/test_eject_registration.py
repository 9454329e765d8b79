from dataclasses import replace
from typing import Any

import pytest

from registrations.domain.records import Registration, Status
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.gateway import Gateway
from tests.support.records import NOW, a_course, a_registration, a_user, an_offering

EJECT = """
mutation ($id: ID!) {
  ejectRegistration(input: {registrationId: $id}) {
    ... on EjectRegistrationSuccess {
      registration { id status gradePercentage viewerCanEject }
      query { registrations(filter: {status: EJECTED}) { totalCount } }
    }
    ... on EjectRegistrationFailure {
      fieldErrors {
        __typename
        ... on FieldError { code message field path }
        ... on NotActive { registration { id status } }
      }
    }
  }
}
"""


async def eject(gateway: Gateway, id_: str) -> dict[str, Any]:
    result: dict[str, Any] = (await gateway.data(EJECT, id=id_))["ejectRegistration"]
    return result


async def a_stored_registration(database: Database, **given: Any) -> Registration:
    course, user = a_course(), a_user()
    offering = an_offering(course)
    registration = a_registration(user, offering, **given)
    await store(database, user, course, offering, registration)
    return registration


async def test_an_active_registration_is_ejected_without_a_grade(gateway: Gateway, database: Database) -> None:
    active = await a_stored_registration(database)
    assert await eject(gateway, active.id) == {
        "registration": {"id": active.id, "status": "EJECTED", "gradePercentage": None, "viewerCanEject": False},
        "query": {"registrations": {"totalCount": 1}},
    }
    [stored] = await stored_registrations(database)
    assert stored.end_date is not None
    assert stored == replace(active, status=Status.EJECTED, end_date=stored.end_date)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"status": Status.PASSED, "grade_percentage": 90.0},
            "eject status not available after registration is graded",
        ),
        (
            {"status": Status.FAILED, "grade_percentage": 10.0},
            "eject status not available after registration is graded",
        ),
        ({"status": Status.EJECTED}, "eject status not available after registration is ejected"),
    ],
)
async def test_a_registration_that_is_not_active_is_left_alone(
    gateway: Gateway, database: Database, given: dict[str, Any], message: str
) -> None:
    ended = await a_stored_registration(database, end_date=NOW, **given)
    assert await eject(gateway, ended.id) == {
        "fieldErrors": [
            {
                "__typename": "NotActive",
                "code": "NOT_ACTIVE",
                "message": message,
                "field": "status",
                "path": ["input", "registrationId"],
                "registration": {"id": ended.id, "status": given["status"].value},
            }
        ]
    }
    assert await stored_registrations(database) == [ended]


@pytest.mark.parametrize("unknown", ["", "nonsense", "A" * 32, "0" * 31, "0" * 32, "0" * 33, "\0", "💥"])
async def test_an_unknown_id_is_a_field_error(gateway: Gateway, database: Database, unknown: str) -> None:
    active = await a_stored_registration(database)
    [error] = (await eject(gateway, unknown))["fieldErrors"]
    assert (error["code"], error["field"]) == ("REGISTRATION_NOT_FOUND", "registrationId")
    assert await stored_registrations(database) == [active]


async def test_mutations_of_one_request_run_one_after_another_and_read_what_is_then(
    gateway: Gateway, database: Database
) -> None:
    active = await a_stored_registration(database)
    document = """
    mutation ($id: ID!) {
      first: ejectRegistration(input: {registrationId: $id}) {
        ... on EjectRegistrationSuccess { query { registration(id: $id) { status } } }
      }
      second: assignGrade(input: {registrationId: $id, gradePercentage: 99}) {
        ... on AssignGradeSuccess { query { registration(id: $id) { status } } }
      }
      third: ejectRegistration(input: {registrationId: $id}) {
        ... on EjectRegistrationFailure { fieldErrors { ... on FieldError { code } } }
      }
    }
    """
    assert await gateway.data(document, id=active.id) == {
        "first": {"query": {"registration": {"status": "EJECTED"}}},
        "second": {"query": {"registration": {"status": "PASSED"}}},
        "third": {"fieldErrors": [{"code": "NOT_ACTIVE"}]},
    }
