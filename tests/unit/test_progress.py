from dataclasses import replace

import pytest

from registrations.domain.problems import ErrorCode, NotActive, RegistrationNotFound
from registrations.domain.progress import can_eject, eject, record_activity
from registrations.domain.records import Status
from tests.support.records import DAY, NOW, a_registration, a_registration_that_is
from tests.support.rejections import problems

ENDED = [Status.PASSED, Status.FAILED, Status.EJECTED]


def test_ejecting_an_active_registration_ends_it_without_a_grade() -> None:
    active = a_registration(begin_date=NOW - 2 * DAY, last_active_date=NOW - DAY)
    assert eject(active, NOW) == replace(active, status=Status.EJECTED, end_date=NOW)
    assert eject(active, NOW).grade_percentage is None


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_ejecting_a_graded_registration_is_refused_in_the_words_of_the_reference(status: Status) -> None:
    graded = a_registration_that_is(status)
    assert problems(lambda: eject(graded, NOW)) == (
        NotActive(graded, "eject status not available after registration is graded"),
    )
    assert (NotActive.code, NotActive.field) == (ErrorCode.NOT_ACTIVE, "status")


def test_ejecting_again_is_refused_and_says_that_it_is_ejected() -> None:
    ejected = a_registration_that_is(Status.EJECTED)
    assert problems(lambda: eject(ejected, NOW)) == (
        NotActive(ejected, "eject status not available after registration is ejected"),
    )


@pytest.mark.parametrize("status", Status)
def test_what_can_be_ejected_is_what_is_active(status: Status) -> None:
    assert can_eject(status) is (status is Status.ACTIVE)


def test_the_first_activity_begins_the_registration() -> None:
    active = a_registration()
    assert record_activity(active, NOW) == replace(active, begin_date=NOW, last_active_date=NOW)


def test_later_activity_moves_only_the_last_date() -> None:
    begun = record_activity(a_registration(), NOW - DAY)
    assert record_activity(begun, NOW) == replace(begun, begin_date=NOW - DAY, last_active_date=NOW)


@pytest.mark.parametrize("status", ENDED)
def test_activity_after_the_end_is_refused(status: Status) -> None:
    ended = a_registration_that_is(status)
    assert problems(lambda: record_activity(ended, NOW)) == (
        NotActive(ended, "activity is recorded only while a registration is active"),
    )


def test_an_unknown_registration_can_be_neither_ejected_nor_active() -> None:
    assert problems(lambda: eject(None, NOW)) == (RegistrationNotFound(),)
    assert problems(lambda: record_activity(None, NOW)) == (RegistrationNotFound(),)
    assert (RegistrationNotFound.code, RegistrationNotFound.field) == (
        ErrorCode.REGISTRATION_NOT_FOUND,
        "registrationId",
    )
