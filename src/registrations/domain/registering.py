"""Registering a user into an offering."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from registrations.domain.ids import new_id
from registrations.domain.problems import (
    AlreadyRegistered,
    OfferingNotFound,
    Problem,
    RegistrationNotOpen,
    Rejected,
    RetakeNotAllowed,
    UserNotFound,
)
from registrations.domain.records import Offering, Registration, Status, User


def register(
    user: User | None, offering: Offering | None, taken: Sequence[Registration], now: datetime
) -> Registration:
    """Returns a new ACTIVE registration, created `now`.

    `taken` are the registrations that this user has, or had, in this offering, in any order.
    Raises `Rejected` with every problem there is.
    """
    problems = list(_problems(user, offering, taken, now))
    if problems or user is None or offering is None:
        raise Rejected(problems)
    return Registration(id=new_id(), user_id=user.id, offering_id=offering.id, status=Status.ACTIVE, created_date=now)


def _problems(
    user: User | None, offering: Offering | None, taken: Sequence[Registration], now: datetime
) -> Iterator[Problem]:
    if user is None:
        yield UserNotFound()
    if offering is None:
        yield OfferingNotFound()
        return
    active = [registration for registration in taken if registration.status is Status.ACTIVE]
    ended = [registration for registration in taken if registration.status is not Status.ACTIVE]
    if active:
        yield AlreadyRegistered(_newest(active))
    if ended and not offering.retakes_allowed:
        yield RetakeNotAllowed(_newest(ended))
    if not takes_registrations(offering, now):
        yield RegistrationNotOpen(opens_at=offering.registration_begin_date, closes_at=offering.registration_end_date)


def takes_registrations(offering: Offering, now: datetime) -> bool:
    """Whether `now` is inside the half-open window `[registration_begin_date, registration_end_date)`."""
    opens, closes = offering.registration_begin_date, offering.registration_end_date
    return (opens is None or opens <= now) and (closes is None or now < closes)


def _newest(registrations: Sequence[Registration]) -> Registration:
    return max(registrations, key=lambda registration: (registration.created_date, registration.id))
