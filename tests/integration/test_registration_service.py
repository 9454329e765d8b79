"""Each use case from the call to the rows, and back: what is refused changes nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from registrations.domain.ids import new_id
from registrations.domain.problems import (
    AlreadyRegistered,
    CommentTooLong,
    GradeOutOfRange,
    NotActive,
    OfferingNotFound,
    RegistrationNotFound,
    RegistrationNotOpen,
    RetakeNotAllowed,
    UserNotFound,
)
from registrations.domain.records import Offering, Registration, Status
from registrations.service.registrations import RegistrationService, now_in_utc
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.records import DAY, NOW, a_course, a_registration, a_registration_that_is, a_user, an_offering
from tests.support.rejections import problems_of
from tests.support.viewers import staff

UseCase = Callable[[RegistrationService, str], Awaitable[Registration]]

USER, GRADER = a_user(), a_user()
STAFF = staff(GRADER.id)
COURSE = a_course(passing_grade_percentage=70.0)
ENDED = [Status.PASSED, Status.FAILED, Status.EJECTED]
USE_CASES: dict[str, UseCase] = {
    "assign_grade": lambda service, id_: service.assign_grade(STAFF, id_, 90.0, None),
    "eject": lambda service, id_: service.eject(STAFF, id_),
    "complete": lambda service, id_: service.complete(id_, 90.0),
    "record_activity": lambda service, id_: service.record_activity(id_),
}
NO_IDS = ["", "1", "65ADE781CC98D136543678191005431A", "65ade781-cc98-d136-5436-78191005431a", "\0", "é" * 32]


@pytest.fixture
def service(database: Database) -> RegistrationService:
    return service_at(NOW, database)


def service_at(now: datetime, database: Database) -> RegistrationService:
    return RegistrationService(database, lambda: now)


async def stored(database: Database, offering: Offering, *registrations: Registration) -> list[Registration]:
    """All registrations by id, after `registrations` and what they refer to were stored."""
    await store(database, USER, GRADER, COURSE, offering, *registrations)
    return await stored_registrations(database)


async def test_registering_adds_an_active_registration_created_now(
    database: Database, service: RegistrationService
) -> None:
    offering = an_offering(COURSE)
    assert await stored(database, offering) == []
    registration = await service.register_user(STAFF, USER.id, offering.id)
    assert registration == a_registration(USER, offering, id=registration.id, created_date=NOW)
    assert await stored_registrations(database) == [registration]


async def test_registering_again_leaves_the_earlier_registration_as_it_was(
    database: Database, service: RegistrationService
) -> None:
    offering = an_offering(COURSE, retakes_allowed=True)
    [failed] = await stored(database, offering, a_registration_that_is(Status.FAILED, USER, offering))
    retake = await service.register_user(STAFF, USER.id, offering.id)
    assert {one.id: one for one in await stored_registrations(database)} == {failed.id: failed, retake.id: retake}


async def test_one_users_registration_is_not_in_the_way_of_another_nor_of_another_offering(
    database: Database, service: RegistrationService
) -> None:
    offerings = an_offering(COURSE, retakes_allowed=False), an_offering(COURSE, retakes_allowed=False)
    await store(database, USER, GRADER, COURSE, *offerings)
    registered = [
        await service.register_user(STAFF, user.id, offering.id) for user in (USER, GRADER) for offering in offerings
    ]
    assert await stored_registrations(database) == sorted(registered, key=lambda one: one.id)


async def test_whoever_is_registered_is_not_registered_again(database: Database, service: RegistrationService) -> None:
    offering = an_offering(COURSE, retakes_allowed=True)
    before = await stored(database, offering, a_registration(USER, offering))
    assert await problems_of(service.register_user(STAFF, USER.id, offering.id)) == (AlreadyRegistered(before[0]),)
    assert await stored_registrations(database) == before


@pytest.mark.parametrize("status", ENDED)
async def test_an_offering_without_retakes_is_not_taken_again(
    database: Database, service: RegistrationService, status: Status
) -> None:
    offering = an_offering(COURSE, retakes_allowed=False)
    before = await stored(database, offering, a_registration_that_is(status, USER, offering))
    assert await problems_of(service.register_user(STAFF, USER.id, offering.id)) == (RetakeNotAllowed(before[0]),)
    assert await stored_registrations(database) == before


async def test_all_problems_of_registering_come_with_the_newest_registrations_as_stored(
    database: Database, service: RegistrationService
) -> None:
    offering = an_offering(COURSE, retakes_allowed=False, registration_end_date=NOW)
    older = a_registration_that_is(Status.PASSED, USER, offering, created_date=NOW - 30 * DAY)
    newer = a_registration_that_is(Status.EJECTED, USER, offering, created_date=NOW - 20 * DAY)
    active = a_registration(USER, offering)
    before = await stored(database, offering, older, newer, active)
    assert await problems_of(service.register_user(STAFF, USER.id, offering.id)) == (
        AlreadyRegistered(active),
        RetakeNotAllowed(newer),
        RegistrationNotOpen(opens_at=None, closes_at=NOW),
    )
    assert await stored_registrations(database) == before


async def test_the_window_keeps_its_microseconds_in_the_database(database: Database) -> None:
    opens = NOW + timedelta(microseconds=1)
    closes = opens + timedelta(microseconds=1)
    offering = an_offering(COURSE, registration_begin_date=opens, registration_end_date=closes)
    await stored(database, offering)
    for now in (NOW, closes):
        refused = service_at(now, database).register_user(STAFF, USER.id, offering.id)
        assert await problems_of(refused) == (RegistrationNotOpen(opens_at=opens, closes_at=closes),)
    registration = await service_at(opens, database).register_user(STAFF, USER.id, offering.id)
    assert await stored_registrations(database) == [replace(registration, created_date=opens)]


@pytest.mark.parametrize("no_id", ["0" * 32, *NO_IDS], ids=repr)
async def test_ids_of_nothing_are_unknown_users_and_offerings(
    database: Database, service: RegistrationService, no_id: str
) -> None:
    offering = an_offering(COURSE)
    await stored(database, offering)
    assert await problems_of(service.register_user(STAFF, no_id, offering.id)) == (UserNotFound(),)
    assert await problems_of(service.register_user(STAFF, USER.id, no_id)) == (OfferingNotFound(),)
    assert await problems_of(service.register_user(STAFF, no_id, no_id)) == (UserNotFound(), OfferingNotFound())
    assert await stored_registrations(database) == []


async def test_the_id_of_another_kind_of_record_names_no_user_and_no_offering(
    database: Database, service: RegistrationService
) -> None:
    offering = an_offering(COURSE)
    [registration] = before = await stored(database, offering, a_registration_that_is(Status.PASSED, USER, offering))
    for other in (offering, COURSE, registration):
        assert await problems_of(service.register_user(STAFF, other.id, offering.id)) == (UserNotFound(),)
    for another in (USER, COURSE, registration):
        assert await problems_of(service.register_user(STAFF, USER.id, another.id)) == (OfferingNotFound(),)
    assert await stored_registrations(database) == before


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(("grade", "outcome"), [(70.0, Status.PASSED), (69.999, Status.FAILED)])
async def test_assigning_a_grade_in_any_state_stores_all_that_it_says(
    database: Database, service: RegistrationService, status: Status, grade: float, outcome: Status
) -> None:
    offering = an_offering(COURSE)
    [before, bystander] = given = [a_registration_that_is(status, USER, offering), a_registration(GRADER, offering)]
    await stored(database, offering, *given)
    graded = await service.assign_grade(STAFF, before.id, grade, "Well.")
    assert graded == replace(
        before,
        status=outcome,
        grade_percentage=grade,
        grader_id=GRADER.id,
        grader_comment="Well.",
        end_date=before.end_date or NOW,
    )
    assert await stored_registrations(database) == sorted([graded, bystander], key=lambda one: one.id)


async def test_assigning_again_replaces_grader_and_comment(database: Database, service: RegistrationService) -> None:
    offering = an_offering(COURSE)
    graded = a_registration_that_is(
        Status.PASSED, USER, offering, grader_id=GRADER.id, grader_comment="Well.", end_date=NOW - DAY
    )
    await stored(database, offering, graded)
    again = await service.assign_grade(staff(), graded.id, 10.0, None)
    assert again == replace(graded, status=Status.FAILED, grade_percentage=10.0, grader_id=None, grader_comment=None)
    assert await stored_registrations(database) == [again]


@pytest.mark.parametrize("status", Status)
async def test_a_grade_or_comment_that_cannot_be_changes_nothing(
    database: Database, service: RegistrationService, status: Status
) -> None:
    offering = an_offering(COURSE)
    before = await stored(database, offering, a_registration_that_is(status, USER, offering))
    refused = service.assign_grade(STAFF, before[0].id, float("nan"), "x" * 4_001)
    assert await problems_of(refused) == (GradeOutOfRange(minimum=0.0, maximum=100.0), CommentTooLong(4_000))
    assert await stored_registrations(database) == before


async def test_a_comment_of_4000_characters_beyond_ascii_is_stored(
    database: Database, service: RegistrationService
) -> None:
    offering, comment = an_offering(COURSE), "\N{GRINNING FACE}" * 4_000
    [active] = await stored(database, offering, a_registration(USER, offering))
    await service.assign_grade(STAFF, active.id, 90.0, comment)
    assert [one.grader_comment for one in await stored_registrations(database)] == [comment]


async def test_ejecting_ends_an_active_registration_without_a_grade(
    database: Database, service: RegistrationService
) -> None:
    offering = an_offering(COURSE)
    [active] = await stored(database, offering, a_registration(USER, offering, begin_date=NOW - DAY))
    ejected = await service.eject(STAFF, active.id)
    assert ejected == replace(active, status=Status.EJECTED, end_date=NOW)
    assert await stored_registrations(database) == [ejected]


@pytest.mark.parametrize(("grade", "outcome"), [(70.0, Status.PASSED), (69.999, Status.FAILED)])
async def test_completing_grades_an_active_registration_without_a_grader(
    database: Database, service: RegistrationService, grade: float, outcome: Status
) -> None:
    offering = an_offering(COURSE)
    [active] = await stored(database, offering, a_registration(USER, offering))
    completed = await service.complete(active.id, grade)
    assert completed == replace(active, status=outcome, grade_percentage=grade, end_date=NOW)
    assert await stored_registrations(database) == [completed]


async def test_completing_with_no_percentage_changes_nothing(database: Database, service: RegistrationService) -> None:
    offering = an_offering(COURSE)
    before = await stored(database, offering, a_registration(USER, offering))
    assert await problems_of(service.complete(before[0].id, -0.001)) == (GradeOutOfRange(minimum=0.0, maximum=100.0),)
    assert await stored_registrations(database) == before


async def test_activity_begins_a_registration_once_and_moves_its_last_date(database: Database) -> None:
    offering = an_offering(COURSE)
    [active] = await stored(database, offering, a_registration(USER, offering))
    for now in (NOW, NOW + DAY):
        noted = await service_at(now, database).record_activity(active.id)
        assert noted == replace(active, begin_date=NOW, last_active_date=now)
        assert await stored_registrations(database) == [noted]


@pytest.mark.parametrize("status", ENDED)
@pytest.mark.parametrize("use_case", ["eject", "complete", "record_activity"])
async def test_what_only_an_active_registration_takes_changes_nothing_after_its_end(
    database: Database, service: RegistrationService, use_case: str, status: Status
) -> None:
    offering = an_offering(COURSE)
    before = await stored(database, offering, a_registration_that_is(status, USER, offering))
    [problem] = await problems_of(USE_CASES[use_case](service, before[0].id))
    assert isinstance(problem, NotActive)
    assert problem.registration == before[0]
    assert await stored_registrations(database) == before


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
async def test_ejecting_a_graded_registration_is_refused_in_the_words_of_the_reference(
    database: Database, service: RegistrationService, status: Status
) -> None:
    offering = an_offering(COURSE)
    [graded] = await stored(database, offering, a_registration_that_is(status, USER, offering))
    message = "eject status not available after registration is graded"
    assert await problems_of(service.eject(STAFF, graded.id)) == (NotActive(graded, message),)


@pytest.mark.parametrize("use_case", USE_CASES.values(), ids=list(USE_CASES))
async def test_ids_of_nothing_and_of_other_kinds_are_unknown_registrations(
    database: Database, service: RegistrationService, use_case: UseCase
) -> None:
    offering = an_offering(COURSE)
    before = await stored(database, offering, a_registration(USER, offering))
    for id_ in (new_id(), *NO_IDS, USER.id, COURSE.id, offering.id):
        assert await problems_of(use_case(service, id_)) == (RegistrationNotFound(),)
    assert await stored_registrations(database) == before


async def test_all_problems_of_assigning_are_reported_at_once(service: RegistrationService) -> None:
    assert await problems_of(service.assign_grade(STAFF, new_id(), float("inf"), "x" * 4_001)) == (
        RegistrationNotFound(),
        GradeOutOfRange(minimum=0.0, maximum=100.0),
        CommentTooLong(4_000),
    )


async def test_an_ejection_that_a_grade_cleared_does_not_open_the_way_to_a_retake(
    database: Database, service: RegistrationService
) -> None:
    offering = an_offering(COURSE, retakes_allowed=False)
    await stored(database, offering)
    registered = await service.register_user(STAFF, USER.id, offering.id)
    await service.eject(STAFF, registered.id)
    graded = await service.assign_grade(STAFF, registered.id, 100.0, None)
    assert await problems_of(service.register_user(STAFF, USER.id, offering.id)) == (RetakeNotAllowed(graded),)
    assert await stored_registrations(database) == [graded]


async def test_without_a_clock_of_the_tests_it_is_now(database: Database) -> None:
    offering = an_offering(COURSE)
    await stored(database, offering)
    earliest = now_in_utc()
    registration = await RegistrationService(database).register_user(STAFF, USER.id, offering.id)
    assert earliest <= registration.created_date <= now_in_utc()
