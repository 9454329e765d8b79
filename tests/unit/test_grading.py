import math
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.domain.grading import assign_grade, can_assign_grade, complete
from registrations.domain.ids import new_id
from registrations.domain.problems import (
    CommentTooLong,
    ErrorCode,
    GradeOutOfRange,
    NotActive,
    RegistrationNotFound,
)
from registrations.domain.records import Course, Registration, Status
from tests.support.records import DAY, NOW, a_course, a_registration, a_registration_that_is
from tests.support.rejections import problems

COURSE = a_course(passing_grade_percentage=70.0)
GRADER = new_id()
OUT_OF_RANGE = GradeOutOfRange(minimum=0.0, maximum=100.0)
ENDED = [Status.PASSED, Status.FAILED, Status.EJECTED]

outside = pytest.mark.parametrize("grade", [math.nan, math.inf, -math.inf, -0.001, 100.001, -1.0, 101.0, 1e308])
percentages = st.floats(0, 100)


def assigned(
    registration: Registration | None, grade: float, comment: str | None = None, course: Course | None = COURSE
) -> Registration:
    return assign_grade(registration, course if registration else None, grade, comment, GRADER, NOW)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(("grade", "outcome"), [(70.0, Status.PASSED), (69.999, Status.FAILED)])
def test_a_grade_can_be_assigned_in_every_state_and_decides_it(status: Status, grade: float, outcome: Status) -> None:
    registration = a_registration_that_is(status, begin_date=NOW - 3 * DAY, last_active_date=NOW - 2 * DAY)
    assert assigned(registration, grade, "Well.") == replace(
        registration,
        status=outcome,
        grade_percentage=grade,
        grader_id=GRADER,
        grader_comment="Well.",
        end_date=NOW if status is Status.ACTIVE else NOW - 2 * DAY,
    )
    assert can_assign_grade(registration.status) is True


@pytest.mark.parametrize(
    ("passing", "grade", "outcome"),
    [
        (70.0, 70.0, Status.PASSED),
        (70.0, math.nextafter(70.0, 0), Status.FAILED),
        (70.0, 100.0, Status.PASSED),
        (70.0, 0.0, Status.FAILED),
        (0.0, 0.0, Status.PASSED),
        (0.0, -0.0, Status.PASSED),
        (100.0, 100.0, Status.PASSED),
        (100.0, 99.999, Status.FAILED),
    ],
)
def test_the_passing_grade_itself_passes(passing: float, grade: float, outcome: Status) -> None:
    graded = assigned(a_registration(), grade, course=a_course(passing_grade_percentage=passing))
    assert (graded.status, graded.grade_percentage) == (outcome, grade)


@given(passing=percentages, grade=percentages, status=st.sampled_from(Status))
def test_who_has_the_passing_grade_or_more_has_passed_and_nobody_else(
    passing: float, grade: float, status: Status
) -> None:
    graded = assigned(a_registration_that_is(status), grade, course=a_course(passing_grade_percentage=passing))
    assert graded.status is (Status.PASSED if grade >= passing else Status.FAILED)
    assert graded.grade_percentage == grade


@given(passing=percentages, grade=percentages)
def test_completing_decides_as_assigning_does(passing: float, grade: float) -> None:
    course, active = a_course(passing_grade_percentage=passing), a_registration()
    assert complete(active, course, grade, NOW) == assign_grade(active, course, grade, None, None, NOW)


@outside
def test_a_grade_that_is_no_percentage_is_refused(grade: float) -> None:
    assert problems(lambda: assigned(a_registration(), grade)) == (OUT_OF_RANGE,)
    assert problems(lambda: complete(a_registration(), COURSE, grade, NOW)) == (OUT_OF_RANGE,)
    assert (GradeOutOfRange.code, GradeOutOfRange.field) == (ErrorCode.GRADE_OUT_OF_RANGE, "gradePercentage")
    assert OUT_OF_RANGE.message == "A grade is a percentage from 0 to 100."


@given(st.floats().filter(lambda grade: not 0 <= grade <= 100))
def test_no_number_outside_of_the_range_is_a_grade(grade: float) -> None:
    assert problems(lambda: assigned(a_registration(), grade)) == (OUT_OF_RANGE,)


def test_minus_zero_is_a_grade_of_zero_and_shown_without_a_sign() -> None:
    for graded in (assigned(a_registration(), -0.0), complete(a_registration(), COURSE, -0.0, NOW)):
        assert repr(graded.grade_percentage) == "0.0"


@pytest.mark.parametrize(
    "comment", [None, "", "x" * 4_000, "\N{GRINNING FACE}" * 4_000], ids=["none", "empty", "x", "😀"]
)
def test_a_comment_of_up_to_4000_characters_is_recorded(comment: str | None) -> None:
    assert assigned(a_registration(), 90.0, comment).grader_comment == comment


def test_a_longer_comment_is_refused() -> None:
    too_long = CommentTooLong(maximum_length=4_000)
    assert problems(lambda: assigned(a_registration(), 90.0, "x" * 4_001)) == (too_long,)
    assert (CommentTooLong.code, CommentTooLong.field) == (ErrorCode.COMMENT_TOO_LONG, "comment")
    assert too_long.message == "A comment has at most 4,000 characters."


def test_an_unknown_registration_is_refused() -> None:
    assert problems(lambda: assigned(None, 90.0)) == (RegistrationNotFound(),)
    assert problems(lambda: complete(None, None, 90.0, NOW)) == (RegistrationNotFound(),)


def test_all_problems_of_assigning_are_reported_at_once() -> None:
    assert problems(lambda: assigned(None, math.nan, "x" * 4_001)) == (
        RegistrationNotFound(),
        OUT_OF_RANGE,
        CommentTooLong(4_000),
    )


def test_assigning_again_recalculates_and_replaces_grader_and_comment_but_keeps_the_end() -> None:
    first = assign_grade(a_registration(), COURSE, 90.0, "Well done.", GRADER, NOW)
    another = new_id()
    again = assign_grade(first, COURSE, 20.0, None, another, NOW + DAY)
    assert again == replace(
        first, status=Status.FAILED, grade_percentage=20.0, grader_id=another, grader_comment=None, end_date=NOW
    )


def test_assigning_after_completion_adds_the_grader() -> None:
    completed = complete(a_registration(), COURSE, 20.0, NOW)
    regraded = assign_grade(completed, COURSE, 80.0, "Recounted.", GRADER, NOW + DAY)
    assert regraded == replace(
        completed, status=Status.PASSED, grade_percentage=80.0, grader_id=GRADER, grader_comment="Recounted."
    )


@pytest.mark.parametrize("end_date", [None, NOW - 2 * DAY])
def test_assigning_clears_an_ejection_and_sets_an_end_only_where_there_is_none(end_date: datetime | None) -> None:
    ejected = a_registration_that_is(Status.EJECTED, end_date=end_date)
    graded = assigned(ejected, 100.0)
    assert (graded.status, graded.end_date) == (Status.PASSED, end_date or NOW)


def test_a_grade_may_be_assigned_without_a_grader() -> None:
    assert assign_grade(a_registration(), COURSE, 90.0, "Imported.", None, NOW).grader_id is None


@pytest.mark.parametrize(("grade", "outcome"), [(70.0, Status.PASSED), (69.999, Status.FAILED)])
def test_completing_grades_an_active_registration_without_a_grader(grade: float, outcome: Status) -> None:
    active = a_registration(begin_date=NOW - 2 * DAY, last_active_date=NOW - DAY)
    assert complete(active, COURSE, grade, NOW) == replace(
        active, status=outcome, grade_percentage=grade, grader_id=None, grader_comment=None, end_date=NOW
    )


@pytest.mark.parametrize("status", ENDED)
def test_completing_what_has_ended_is_refused(status: Status) -> None:
    ended = a_registration_that_is(status)
    reason = "a registration is completed only while it is active"
    assert problems(lambda: complete(ended, COURSE, 90.0, NOW)) == (NotActive(ended, reason),)


def test_all_problems_of_completing_are_reported_at_once() -> None:
    ended = a_registration_that_is(Status.PASSED)
    refused = problems(lambda: complete(ended, COURSE, math.inf, NOW))
    assert [problem.code for problem in refused] == [ErrorCode.GRADE_OUT_OF_RANGE, ErrorCode.NOT_ACTIVE]
    assert problems(lambda: complete(None, None, math.inf, NOW)) == (RegistrationNotFound(), OUT_OF_RANGE)
