from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import permutations, product

import pytest

from registrations.domain.ids import is_id
from registrations.domain.problems import (
    AlreadyRegistered,
    ErrorCode,
    OfferingNotFound,
    RegistrationNotOpen,
    RetakeNotAllowed,
    UserNotFound,
)
from registrations.domain.records import Offering, Registration, Status, User
from registrations.domain.registering import register, takes_registrations
from tests.support.records import DAY, NOW, a_registration, a_registration_that_is, a_user, an_offering
from tests.support.rejections import problems

MICROSECOND = timedelta(microseconds=1)
ENDED = [Status.PASSED, Status.FAILED, Status.EJECTED]
TAKEN = [(), (Status.ACTIVE,), *((ended,) for ended in ENDED), *((ended, Status.ACTIVE) for ended in ENDED)]
USER = a_user()


def registering(user: User | None, offering: Offering | None, *taken: Registration) -> Callable[[], Registration]:
    return lambda: register(user, offering, taken, NOW)


def test_a_new_registration_is_active_created_now_and_otherwise_empty() -> None:
    offering = an_offering()
    registration = register(USER, offering, [], NOW)
    assert registration == Registration(
        id=registration.id,
        user_id=USER.id,
        offering_id=offering.id,
        status=Status.ACTIVE,
        created_date=NOW,
        grade_percentage=None,
        grader_id=None,
        grader_comment=None,
        begin_date=None,
        last_active_date=None,
        end_date=None,
    )
    assert is_id(registration.id) is True


def test_each_registration_gets_an_id_of_its_own() -> None:
    offering = an_offering()
    assert len({register(USER, offering, [], NOW).id for _ in range(100)}) == 100


def test_an_unknown_user_is_a_problem_of_user_id() -> None:
    assert problems(registering(None, an_offering())) == (UserNotFound(),)
    assert (UserNotFound.code, UserNotFound.field) == (ErrorCode.USER_NOT_FOUND, "userId")


def test_an_unknown_offering_is_a_problem_of_offering_id() -> None:
    assert problems(registering(USER, None)) == (OfferingNotFound(),)
    assert (OfferingNotFound.code, OfferingNotFound.field) == (ErrorCode.OFFERING_NOT_FOUND, "offeringId")


def test_unknown_user_and_offering_are_reported_together() -> None:
    assert problems(registering(None, None)) == (UserNotFound(), OfferingNotFound())


def test_the_window_is_checked_for_an_unknown_user_too() -> None:
    closed = an_offering(registration_end_date=NOW)
    assert problems(registering(None, closed)) == (UserNotFound(), RegistrationNotOpen(opens_at=None, closes_at=NOW))


@pytest.mark.parametrize("retakes_allowed", [True, False])
def test_an_active_registration_is_in_the_way_and_carried(retakes_allowed: bool) -> None:
    offering = an_offering(retakes_allowed=retakes_allowed)
    active = a_registration(USER, offering)
    assert problems(registering(USER, offering, active)) == (AlreadyRegistered(active),)
    assert (AlreadyRegistered.code, AlreadyRegistered.field) == (ErrorCode.ALREADY_REGISTERED, "offeringId")


@pytest.mark.parametrize("status", ENDED)
def test_an_earlier_registration_is_in_the_way_where_no_retakes_are_allowed_whatever_its_end(status: Status) -> None:
    offering = an_offering(retakes_allowed=False)
    ended = a_registration_that_is(status, USER, offering)
    assert problems(registering(USER, offering, ended)) == (RetakeNotAllowed(ended),)
    assert (RetakeNotAllowed.code, RetakeNotAllowed.field) == (ErrorCode.RETAKE_NOT_ALLOWED, "offeringId")


@pytest.mark.parametrize("status", ENDED)
def test_an_earlier_registration_is_not_in_the_way_where_retakes_are_allowed(status: Status) -> None:
    offering = an_offering(retakes_allowed=True)
    ended = [a_registration_that_is(status, USER, offering) for _ in range(3)]
    assert register(USER, offering, ended, NOW).status is Status.ACTIVE


@pytest.mark.parametrize(
    ("opens", "closes", "is_open"),
    [
        (None, None, True),
        (NOW, None, True),
        (NOW - MICROSECOND, None, True),
        (NOW + MICROSECOND, None, False),
        (None, NOW, False),
        (None, NOW - MICROSECOND, False),
        (None, NOW + MICROSECOND, True),
        (NOW, NOW + MICROSECOND, True),
        (NOW - MICROSECOND, NOW, False),
        (NOW + MICROSECOND, NOW + DAY, False),
        (NOW, NOW, False),
        (NOW + DAY, NOW - DAY, False),
    ],
)
def test_the_window_is_half_open_to_the_microsecond_and_open_where_a_bound_is_missing(
    opens: datetime | None, closes: datetime | None, is_open: bool
) -> None:
    offering = an_offering(registration_begin_date=opens, registration_end_date=closes)
    assert takes_registrations(offering, NOW) is is_open
    if is_open:
        assert register(USER, offering, [], NOW).created_date == NOW
    else:
        assert problems(registering(USER, offering)) == (RegistrationNotOpen(opens_at=opens, closes_at=closes),)
    assert (RegistrationNotOpen.code, RegistrationNotOpen.field) == (ErrorCode.REGISTRATION_NOT_OPEN, "offeringId")


def test_when_the_offering_can_be_taken_does_not_matter_for_registering() -> None:
    over = an_offering(begin_date=NOW - 2 * DAY, end_date=NOW - DAY)
    assert register(USER, over, [], NOW).status is Status.ACTIVE


def test_all_problems_of_one_offering_are_reported_at_once_in_the_order_of_the_table() -> None:
    offering = an_offering(
        retakes_allowed=False, registration_begin_date=NOW + DAY, registration_end_date=NOW + 2 * DAY
    )
    passed = a_registration_that_is(Status.PASSED, USER, offering)
    active = a_registration(USER, offering)
    assert problems(registering(USER, offering, passed, active)) == (
        AlreadyRegistered(active),
        RetakeNotAllowed(passed),
        RegistrationNotOpen(opens_at=NOW + DAY, closes_at=NOW + 2 * DAY),
    )


@pytest.mark.parametrize("days", list(permutations([1, 2, 3])), ids=str)
def test_of_several_registrations_the_newest_is_carried_whatever_their_order(days: Sequence[int]) -> None:
    offering = an_offering(retakes_allowed=False)
    ended = [
        a_registration_that_is(status, USER, offering, created_date=NOW - day * DAY)
        for status, day in zip(ENDED, days, strict=True)
    ]
    active = [a_registration(USER, offering, created_date=NOW - day * DAY) for day in days]
    assert problems(registering(USER, offering, *ended, *active)) == (
        AlreadyRegistered(active[days.index(1)]),
        RetakeNotAllowed(ended[days.index(1)]),
    )


def test_the_active_registration_is_not_the_earlier_one_even_where_it_is_the_older() -> None:
    offering = an_offering(retakes_allowed=False)
    active = a_registration(USER, offering, created_date=NOW - 9 * DAY)
    failed = a_registration_that_is(Status.FAILED, USER, offering, created_date=NOW - DAY)
    assert problems(registering(USER, offering, active, failed)) == (
        AlreadyRegistered(active),
        RetakeNotAllowed(failed),
    )


@pytest.mark.parametrize("order", [1, -1])
def test_of_registrations_created_at_one_instant_the_one_with_the_higher_id_is_carried(order: int) -> None:
    offering = an_offering(retakes_allowed=False)
    ended = [a_registration_that_is(Status.FAILED, USER, offering, id=digit * 32) for digit in "0f"]
    assert problems(registering(USER, offering, *ended[::order])) == (RetakeNotAllowed(ended[1]),)


@pytest.mark.parametrize(
    ("known_user", "known_offering", "open_", "retakes_allowed", "taken"),
    list(product(*([True, False],) * 4, TAKEN)),
)
def test_in_every_situation_the_problems_are_those_of_the_table(
    known_user: bool, known_offering: bool, open_: bool, retakes_allowed: bool, taken: Sequence[Status]
) -> None:
    offering = an_offering(retakes_allowed=retakes_allowed, registration_end_date=NOW + DAY if open_ else NOW - DAY)
    attempt = registering(
        USER if known_user else None,
        offering if known_offering else None,
        *(a_registration_that_is(status, USER, offering) for status in taken if known_user and known_offering),
    )
    both = known_user and known_offering
    table = {
        ErrorCode.USER_NOT_FOUND: not known_user,
        ErrorCode.OFFERING_NOT_FOUND: not known_offering,
        ErrorCode.ALREADY_REGISTERED: both and Status.ACTIVE in taken,
        ErrorCode.RETAKE_NOT_ALLOWED: both and not retakes_allowed and bool(set(taken) & set(ENDED)),
        ErrorCode.REGISTRATION_NOT_OPEN: known_offering and not open_,
    }
    expected = [code for code, holds in table.items() if holds]
    if expected:
        assert [problem.code for problem in problems(attempt)] == expected
    else:
        assert attempt().status is Status.ACTIVE
