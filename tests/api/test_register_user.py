from datetime import UTC, datetime
from typing import Any

from registrations.domain.records import Status
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.gateway import Gateway
from tests.support.records import DAY, a_course, a_registration, a_user, an_offering

REGISTER = """
mutation ($userId: ID!, $offeringId: ID!) {
  registerUser(input: {userId: $userId, offeringId: $offeringId}) {
    __typename
    ... on RegisterUserSuccess {
      registration { id status title createdDate endDate gradePercentage user { id } offering { id course { id } } }
      query { user(id: $userId) { registrations { totalCount } } }
    }
    ... on RegisterUserFailure {
      fieldErrors {
        __typename
        ... on FieldError { code message field path }
        ... on AlreadyRegistered { registration { id user { id } } }
        ... on RetakeNotAllowed { registration { id } }
        ... on RegistrationNotOpen { opensAt closesAt }
      }
    }
  }
}
"""
THEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


async def register(gateway: Gateway, user_id: str, offering_id: str) -> dict[str, Any]:
    data = await gateway.data(REGISTER, userId=user_id, offeringId=offering_id)
    result: dict[str, Any] = data["registerUser"]
    return result


async def test_registering_makes_one_active_registration(gateway: Gateway, database: Database) -> None:
    course, user = a_course(), a_user()
    offering = an_offering(course)
    await store(database, user, course, offering)
    result = await register(gateway, user.id, offering.id)
    [registration] = await stored_registrations(database)
    assert registration == a_registration(user, offering, id=registration.id, created_date=registration.created_date)
    assert result == {
        "__typename": "RegisterUserSuccess",
        "registration": {
            "id": registration.id,
            "status": "ACTIVE",
            "title": "First Aid, Spring 2026",
            "createdDate": registration.created_date.isoformat().replace("+00:00", "Z"),
            "endDate": None,
            "gradePercentage": None,
            "user": {"id": user.id},
            "offering": {"id": offering.id, "course": {"id": course.id}},
        },
        "query": {"user": {"registrations": {"totalCount": 1}}},
    }


async def test_nobody_and_nothing_are_reported_together(gateway: Gateway, database: Database) -> None:
    assert await register(gateway, "no id", "0" * 32) == {
        "__typename": "RegisterUserFailure",
        "fieldErrors": [
            {
                "__typename": "UserNotFound",
                "code": "USER_NOT_FOUND",
                "message": "There is no such user.",
                "field": "userId",
                "path": ["input", "userId"],
            },
            {
                "__typename": "OfferingNotFound",
                "code": "OFFERING_NOT_FOUND",
                "message": "There is no such offering.",
                "field": "offeringId",
                "path": ["input", "offeringId"],
            },
        ],
    }
    assert await stored_registrations(database) == []


async def test_all_that_stands_against_an_offering_is_reported_together(gateway: Gateway, database: Database) -> None:
    course, user = a_course(), a_user()
    offering = an_offering(
        course, retakes_allowed=False, registration_begin_date=THEN, registration_end_date=THEN + DAY
    )
    earlier = a_registration(user, offering, status=Status.EJECTED, created_date=THEN, end_date=THEN)
    active = a_registration(user, offering, created_date=THEN + DAY)
    await store(database, user, course, offering, earlier, active)
    before = await stored_registrations(database)
    result = await register(gateway, user.id, offering.id)
    where = {"field": "offeringId", "path": ["input", "offeringId"]}
    assert result["fieldErrors"] == [
        {
            "__typename": "AlreadyRegistered",
            "code": "ALREADY_REGISTERED",
            "message": "The user has an active registration in this offering.",
            "registration": {"id": active.id, "user": {"id": user.id}},
            **where,
        },
        {
            "__typename": "RetakeNotAllowed",
            "code": "RETAKE_NOT_ALLOWED",
            "message": "The user has taken this offering before, and it allows no retakes.",
            "registration": {"id": earlier.id},
            **where,
        },
        {
            "__typename": "RegistrationNotOpen",
            "code": "REGISTRATION_NOT_OPEN",
            "message": "The offering takes no registrations now.",
            "opensAt": "2026-01-02T03:04:05Z",
            "closesAt": "2026-01-03T03:04:05Z",
            **where,
        },
    ]
    assert await stored_registrations(database) == before


async def test_ids_of_other_kinds_of_records_are_unknown(gateway: Gateway, database: Database) -> None:
    course, user = a_course(), a_user()
    offering = an_offering(course)
    await store(database, user, course, offering)
    result = await register(gateway, offering.id, user.id)
    assert [error["code"] for error in result["fieldErrors"]] == ["USER_NOT_FOUND", "OFFERING_NOT_FOUND"]
    assert await stored_registrations(database) == []
