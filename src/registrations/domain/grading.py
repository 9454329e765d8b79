"""Grading a registration: by a person at any time, or by the course player when the user completes it."""

from dataclasses import replace
from datetime import datetime

from registrations.domain.problems import (
    CommentTooLong,
    GradeOutOfRange,
    Problem,
    RegistrationNotFound,
    Rejected,
)
from registrations.domain.progress import not_active
from registrations.domain.records import Course, Registration, Status

MINIMUM_GRADE = 0.0
MAXIMUM_GRADE = 100.0
MAXIMUM_COMMENT_LENGTH = 4_000
GRADABLE_STATES = frozenset(Status)


def assign_grade(
    registration: Registration | None,
    course: Course | None,
    grade_percentage: float,
    comment: str | None,
    grader_id: str | None,
    now: datetime,
) -> Registration:
    """Returns the registration graded by a person, whatever its state was.

    `course` is the course of the registration's offering. Raises `Rejected` with every problem there is.
    """
    problems: list[Problem] = [] if registration else [RegistrationNotFound()]
    problems += _problems_of_grade(grade_percentage)
    if comment is not None and len(comment) > MAXIMUM_COMMENT_LENGTH:
        problems.append(CommentTooLong(MAXIMUM_COMMENT_LENGTH))
    if problems or registration is None or course is None:
        raise Rejected(problems)
    graded = _graded(registration, course, grade_percentage, now)
    return replace(graded, grader_id=grader_id, grader_comment=comment)


def can_assign_grade(status: Status) -> bool:
    """Whether `assign_grade` would accept a registration of this status."""
    return status in GRADABLE_STATES


def complete(
    registration: Registration | None, course: Course | None, grade_percentage: float, now: datetime
) -> Registration:
    """Returns the registration completed with the course player's final grade; it has no grader.

    Raises `Rejected` with every problem there is.
    """
    problems: list[Problem] = [] if registration else [RegistrationNotFound()]
    problems += _problems_of_grade(grade_percentage)
    if registration is not None:
        problems += not_active(registration, "a registration is completed only while it is active")
    if problems or registration is None or course is None:
        raise Rejected(problems)
    return _graded(registration, course, grade_percentage, now)


def is_percentage(number: float) -> bool:
    """Whether the number is from 0 to 100. NaN, which compares as false with everything, is not."""
    return MINIMUM_GRADE <= number <= MAXIMUM_GRADE


def without_sign(zero_or_more: float) -> float:
    """The same number, but 0.0 for -0.0, which clients would see with its sign."""
    return zero_or_more + 0.0


def _problems_of_grade(grade_percentage: float) -> list[Problem]:
    return [] if is_percentage(grade_percentage) else [GradeOutOfRange(minimum=MINIMUM_GRADE, maximum=MAXIMUM_GRADE)]


def _graded(registration: Registration, course: Course, grade_percentage: float, now: datetime) -> Registration:
    passed = grade_percentage >= course.passing_grade_percentage
    return replace(
        registration,
        status=Status.PASSED if passed else Status.FAILED,
        grade_percentage=without_sign(grade_percentage),
        end_date=registration.end_date or now,
    )
