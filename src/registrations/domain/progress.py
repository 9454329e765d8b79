"""A registration while it is ACTIVE: activity in the course, and being ejected from it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from registrations.domain.problems import NotActive, Problem, RegistrationNotFound, Rejected
from registrations.domain.records import Registration, Status


def eject(registration: Registration | None, now: datetime) -> Registration:
    """Returns the registration EJECTED, without a grade. Raises `Rejected` unless it was ACTIVE."""
    if registration is None:
        raise Rejected([RegistrationNotFound()])
    reason = (
        "eject status not available after registration is ejected"
        if registration.status is Status.EJECTED
        # Word for word what the v5 REST API answered.
        else "eject status not available after registration is graded"
    )
    if problems := list(not_active(registration, reason)):
        raise Rejected(problems)
    return replace(registration, status=Status.EJECTED, end_date=now)


def can_eject(registration: Registration) -> bool:
    """Whether `eject` would accept this registration."""
    return registration.status is Status.ACTIVE


def record_activity(registration: Registration | None, now: datetime) -> Registration:
    """Returns the registration as active `now`. Raises `Rejected` unless it is ACTIVE."""
    if registration is None:
        raise Rejected([RegistrationNotFound()])
    if problems := list(not_active(registration, "activity is recorded only while a registration is active")):
        raise Rejected(problems)
    return replace(registration, begin_date=registration.begin_date or now, last_active_date=now)


def not_active(registration: Registration, reason: str) -> Iterator[Problem]:
    if registration.status is not Status.ACTIVE:
        yield NotActive(registration, reason)
