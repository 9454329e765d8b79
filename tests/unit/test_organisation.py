from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import chain, pairwise

import pytest

from registrations.data.seed.organisation import ImpossibleSizes, Organisation, Sizes
from registrations.domain.grading import MAXIMUM_COMMENT_LENGTH
from registrations.domain.ids import is_id
from registrations.domain.records import Offering, Record, Registration, Status
from registrations.domain.registering import takes_registrations

TODAY = datetime(2026, 5, 1, tzinfo=UTC)
SIZES = Sizes(users=300, courses=12, offerings=40, registrations=3_000)


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return Organisation(SIZES, seed=1, today=TODAY)


@pytest.fixture(scope="module")
def registrations(organisation: Organisation) -> list[Registration]:
    return list(organisation.registrations())


@pytest.fixture(scope="module")
def offerings(organisation: Organisation) -> dict[str, Offering]:
    return {offering.id: offering for offering in organisation.offerings}


def contents(organisation: Organisation) -> list[object]:
    return [organisation.users, organisation.courses, organisation.offerings, list(organisation.registrations())]


def test_the_same_seed_sizes_and_day_give_the_same_records(organisation: Organisation) -> None:
    assert contents(Organisation(SIZES, 1, TODAY)) == contents(organisation)


def test_another_seed_gives_other_records(organisation: Organisation) -> None:
    another = Organisation(SIZES, 2, TODAY)
    assert not {user.id for user in another.users} & {user.id for user in organisation.users}


def test_more_registrations_leave_users_courses_and_offerings_as_they_were(organisation: Organisation) -> None:
    larger = Organisation(Sizes(300, 12, 40, 4_000), 1, TODAY)
    assert contents(larger)[:3] == contents(organisation)[:3]


def test_there_are_as_many_records_as_asked_for(organisation: Organisation, registrations: list[Registration]) -> None:
    assert len(organisation.users) == 300
    assert len(organisation.courses) == 12
    assert len(organisation.offerings) == 40
    assert len(registrations) == 3_000


def test_ids_are_unique_across_all_records(organisation: Organisation, registrations: list[Registration]) -> None:
    records: chain[Record] = chain(organisation.users, organisation.courses, organisation.offerings, registrations)
    ids = [record.id for record in records]
    assert len(set(ids)) == 3_352
    assert all(is_id(an_id) for an_id in ids)


def test_usernames_are_unique_plain_and_the_start_of_the_email(organisation: Organisation) -> None:
    usernames = [user.username for user in organisation.users]
    assert len(set(usernames)) == 300
    assert all(name.isascii() and name.islower() for name in usernames)
    assert [user.email for user in organisation.users] == [f"{name}@example.org" for name in usernames]


def test_titles_are_unique_even_where_there_are_more_courses_than_titles() -> None:
    courses = Organisation(Sizes(1, 2_000, 1, 0), 1, TODAY).courses
    assert len({course.title for course in courses}) == 2_000


def test_offerings_are_over_running_coming_and_without_dates(organisation: Organisation) -> None:
    begins = [offering.begin_date for offering in organisation.offerings]
    ends = [offering.end_date for offering in organisation.offerings]
    opening = [offering.registration_begin_date for offering in organisation.offerings]
    assert sum(end is not None and end < TODAY for end in ends) == 20
    assert sum(end is not None and end > TODAY for end in ends) == 15
    assert sum(date is not None and date > TODAY for date in opening) == 5
    assert begins.count(None) == ends.count(None) == 5
    assert sum(takes_registrations(offering, TODAY) for offering in organisation.offerings) == 15


def test_the_dates_of_offerings_are_in_order(organisation: Organisation) -> None:
    for offering in organisation.offerings:
        assert offering.created_date < TODAY
        registering = offering.registration_begin_date, offering.begin_date, offering.end_date
        dates = [date for date in (offering.created_date, *registering) if date]
        assert dates == sorted(dates)
        if offering.registration_end_date and offering.registration_begin_date and offering.end_date:
            assert offering.registration_begin_date < offering.registration_end_date < offering.end_date


def test_every_state_is_there_with_and_without_activity_and_grader(registrations: list[Registration]) -> None:
    seen = Counter((one.status, one.begin_date is not None, one.grader_id is not None) for one in registrations)
    assert set(seen) == {
        (Status.ACTIVE, False, False),
        (Status.ACTIVE, True, False),
        (Status.PASSED, True, False),
        (Status.PASSED, True, True),
        (Status.FAILED, True, False),
        (Status.FAILED, True, True),
        (Status.EJECTED, False, False),
        (Status.EJECTED, True, False),
    }
    assert min(seen.values()) > 10


def test_who_has_the_passing_grade_has_passed(
    organisation: Organisation, offerings: dict[str, Offering], registrations: list[Registration]
) -> None:
    passing = {course.id: course.passing_grade_percentage for course in organisation.courses}
    for registration in registrations:
        grade = registration.grade_percentage
        if registration.status in (Status.ACTIVE, Status.EJECTED):
            assert grade is None
        else:
            assert grade is not None
            assert 0 <= grade <= 100
            passed = grade >= passing[offerings[registration.offering_id].course_id]
            assert registration.status is (Status.PASSED if passed else Status.FAILED)


def test_only_graders_comment(registrations: list[Registration]) -> None:
    comments = [one.grader_comment for one in registrations if one.grader_id]
    assert 0 < comments.count(None) < len(comments)
    assert max(len(comment) for comment in comments if comment) <= MAXIMUM_COMMENT_LENGTH
    assert {one.grader_comment for one in registrations if not one.grader_id} == {None}


def test_nobody_grades_before_having_joined_nor_oneself(
    organisation: Organisation, registrations: list[Registration]
) -> None:
    joined = {user.id: user.created_date for user in organisation.users}
    for registration in registrations:
        if registration.grader_id and registration.end_date:
            assert registration.grader_id != registration.user_id
            assert joined[registration.grader_id] <= registration.end_date


def test_the_dates_of_registrations_are_in_order_and_not_in_the_future(
    organisation: Organisation, offerings: dict[str, Offering], registrations: list[Registration]
) -> None:
    joined = {user.id: user.created_date for user in organisation.users}
    for registration in registrations:
        offering = offerings[registration.offering_id]
        lived = registration.created_date, registration.begin_date, registration.last_active_date, registration.end_date
        dates = [date for date in (joined[registration.user_id], *lived, TODAY) if date]
        assert dates == sorted(dates)
        assert takes_registrations(offering, registration.created_date)
        assert registration.created_date >= offering.created_date
        if registration.begin_date and offering.begin_date and offering.end_date:
            assert offering.begin_date <= registration.begin_date < offering.end_date
        assert (registration.end_date is None) == (registration.status is Status.ACTIVE)


def test_only_where_retakes_are_allowed_are_there_later_attempts_after_an_end(
    offerings: dict[str, Offering], registrations: list[Registration]
) -> None:
    attempts = defaultdict(list)
    for registration in registrations:
        attempts[registration.user_id, registration.offering_id].append(registration)
    retaken = [several for several in attempts.values() if len(several) > 1]
    assert len(retaken) > 10
    for several in retaken:
        assert offerings[several[0].offering_id].retakes_allowed
        for earlier, later in pairwise(several):
            assert earlier.end_date is not None
            assert earlier.end_date <= later.created_date


def test_more_registrations_than_users_and_offerings_can_have_are_refused_by_the_name_of_the_option() -> None:
    with pytest.raises(ImpossibleSizes) as refused:
        Organisation(Sizes(users=10, courses=2, offerings=5, registrations=51), 1, TODAY)
    assert "--registrations 51 is too many: 10 users and 5 offerings can have" in str(refused.value)


@pytest.mark.parametrize("seed", range(5))
def test_a_full_house_has_every_user_in_every_offering_that_was_there_to_take(seed: int) -> None:
    with pytest.raises(ImpossibleSizes) as refused:
        Organisation(Sizes(20, 3, 8, 10_000), seed, TODAY)
    room = int(str(refused.value).split(" at most")[0].split()[-1])
    assert len(list(Organisation(Sizes(20, 3, 8, room), seed, TODAY).registrations())) == room


def test_the_smallest_organisation_has_no_registrations() -> None:
    assert list(Organisation(Sizes(1, 1, 1, 0), 1, TODAY).registrations()) == []
