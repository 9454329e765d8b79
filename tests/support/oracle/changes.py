"""What mutations do: the domain's rules, applied to the world as far as it exists for the viewer."""

from collections.abc import Callable, Mapping
from typing import Any

from registrations.domain import grading, progress, registering
from registrations.domain.access import Scope
from registrations.domain.records import Course, Registration, User
from tests.support.oracle.client_errors import forbidden
from tests.support.oracle.lists import taken_by
from tests.support.oracle.world import Asking

Change = Callable[[Asking, Mapping[str, Any]], Registration]
"""Returns the registration as it is then. Raises `Rejected`, or a client error."""


def register_user(asking: Asking, given: Mapping[str, Any]) -> Registration:
    viewer, user = asking.viewer, asking.world.users.get(given["userId"])
    if not finds(asking, user, Scope.REGISTER):
        user = None
    if user and not viewer.owns(user) and Scope.REGISTER not in viewer.scopes:
        raise forbidden(Scope.REGISTER)
    offering = asking.world.offerings.get(given["offeringId"])
    taken = taken_by(asking, user.id, offering.id) if user and offering else []
    return registering.register(user, offering, taken, asking.now)


def assign_grade(asking: Asking, given: Mapping[str, Any]) -> Registration:
    registration, course = registration_to_change(asking, given["registrationId"], Scope.GRADE)
    grade, comment = given["gradePercentage"], given.get("comment")
    return grading.assign_grade(registration, course, grade, comment, grader_id(asking), asking.now)


def eject_registration(asking: Asking, given: Mapping[str, Any]) -> Registration:
    registration, _ = registration_to_change(asking, given["registrationId"], Scope.EJECT)
    return progress.eject(registration, asking.now)


CHANGES: Mapping[str, Change] = {
    "registerUser": register_user,
    "assignGrade": assign_grade,
    "ejectRegistration": eject_registration,
}


def finds(asking: Asking, record: User | Registration | None, scope: Scope) -> bool:
    """Whether the record is there for the viewer when they want to change it."""
    viewer = asking.viewer
    return record is not None and (viewer.sees(record) or scope in viewer.scopes)


def grader_id(asking: Asking) -> str | None:
    """Of the viewer, if they have a user record."""
    return asking.viewer.subject if asking.viewer.subject in asking.world.users else None


def registration_to_change(asking: Asking, id_: str, scope: Scope) -> tuple[Registration, Course] | tuple[None, None]:
    """The registration and its course. Raises a client error where the viewer finds it and may not change it."""
    viewer, registration = asking.viewer, asking.world.registrations.get(id_)
    if registration is None or not finds(asking, registration, scope):
        return None, None
    if scope not in viewer.scopes:
        raise forbidden(scope)
    return registration, asking.world.courses[asking.world.offerings[registration.offering_id].course_id]
