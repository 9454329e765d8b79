"""Builders of records: each gives what a test does not care about a value of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from registrations.domain.ids import new_id
from registrations.domain.records import Course, Offering, Registration, Status, User

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def a_user(**given: Any) -> User:
    id_ = given.pop("id", new_id())
    values: dict[str, Any] = {
        "first_name": "Ada",
        "last_name": "Okafor",
        "username": f"ada.{id_}",
        "email": "ada.okafor@example.org",
        "created_date": NOW - 100 * DAY,
    }
    return User(id=id_, **values | given)


def a_course(**given: Any) -> Course:
    values: dict[str, Any] = {"id": new_id(), "title": "First Aid", "passing_grade_percentage": 70.0}
    return Course(**values | given)


def an_offering(course: Course | None = None, **given: Any) -> Offering:
    values: dict[str, Any] = {
        "id": new_id(),
        "course_id": course.id if course else new_id(),
        "title": "First Aid, Spring 2026",
        "retakes_allowed": True,
        "created_date": NOW - 90 * DAY,
    }
    return Offering(**values | given)


def a_registration(user: User | None = None, offering: Offering | None = None, **given: Any) -> Registration:
    values: dict[str, Any] = {
        "id": new_id(),
        "user_id": user.id if user else new_id(),
        "offering_id": offering.id if offering else new_id(),
        "status": Status.ACTIVE,
        "created_date": NOW - 10 * DAY,
    }
    return Registration(**values | given)


def a_registration_that_is(
    status: Status, user: User | None = None, offering: Offering | None = None, **given: Any
) -> Registration:
    """A registration in this state, with the grade and the end that the state asks for."""
    by_status: dict[Status, dict[str, Any]] = {
        Status.ACTIVE: {},
        Status.PASSED: {"grade_percentage": 85.0, "end_date": NOW - 2 * DAY},
        Status.FAILED: {"grade_percentage": 40.0, "end_date": NOW - 2 * DAY},
        Status.EJECTED: {"end_date": NOW - 2 * DAY},
    }
    return a_registration(user, offering, status=status, **by_status[status] | given)
