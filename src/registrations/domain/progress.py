"""Changes of an ACTIVE registration: activity in the course, and ejecting the user from it."""

from dataclasses import replace
from datetime import datetime

from registrations.domain.problems import NotActive, Problem, RegistrationNotFound, Rejected
from registrations.domain.records import Registration, Status


def eject(registration: Registration | None, now: datetime) -> Registration:
    """Returns the registration EJECTED, without a grade. Raises `Rejected` unless it was ACTIVE."""
    if registration is None:
        raise Rejected([RegistrationNotFound()])
    # For a graded registration this is the message of the v5 REST API, word for word.
    how_it_ended = "ejected" if registration.status is Status.EJECTED else "graded"
    if problems := not_active(registration, f"eject status not available after registration is {how_it_ended}"):
        raise Rejected(problems)
    return replace(registration, status=Status.EJECTED, end_date=now)


def can_eject(status: Status) -> bool:
    """Whether `eject` would accept a registration of this status."""
    return status is Status.ACTIVE


def record_activity(registration: Registration | None, now: datetime) -> Registration:
    """Returns the registration as active `now`. Raises `Rejected` unless it is ACTIVE."""
    if registration is None:
        raise Rejected([RegistrationNotFound()])
    if problems := not_active(registration, "activity is recorded only while a registration is active"):
        raise Rejected(problems)
    return replace(registration, begin_date=registration.begin_date or now, last_active_date=now)


def not_active(registration: Registration, message: str) -> list[Problem]:
    """The problem of a registration that is not ACTIVE, or none."""
    return [] if registration.status is Status.ACTIVE else [NotActive(registration, message)]
