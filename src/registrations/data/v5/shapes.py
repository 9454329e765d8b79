"""The records of the v5 REST API: recognised by their fields, and converted to records of the domain."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from registrations.data.v5.values import Comment, Flag, Id, Instant, KnownStatus, Percentage, Text
from registrations.domain.records import Course, Offering, Record, Registration, Status, User


class Unusable(ValueError):
    """A value that is no record that can be imported; the text says why, field by field."""


class _Shape(BaseModel, ABC):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)

    id: Id

    @abstractmethod
    def records(self, passing_grade: float | None) -> list[Record]: ...


class _User(_Shape):
    first_name: Text
    last_name: Text
    username: Text | None = None
    email: Text
    created_date: Instant

    def records(self, _: float | None) -> list[Record]:
        user = User(
            id=self.id,
            first_name=self.first_name,
            last_name=self.last_name,
            username=self.username or self.email,
            email=self.email,
            created_date=self.created_date,
        )
        return [user]


class _Course(_Shape):
    title: Text
    passing_grade_percentage: Percentage

    def records(self, _: float | None) -> list[Record]:
        return [self.record()]

    def record(self) -> Course:
        return Course(id=self.id, title=self.title, passing_grade_percentage=self.passing_grade_percentage)


class _Offering(_Shape):
    title: Text
    course_id: Id | None = None
    course: _Course | None = None
    retakes_allowed: Flag = False
    created_date: Instant
    begin_date: Instant | None = None
    end_date: Instant | None = None
    registration_begin_date: Instant | None = None
    registration_end_date: Instant | None = None

    @model_validator(mode="after")
    def _names_one_course(self) -> Self:
        if self.course and self.course_id not in (None, self.course.id):
            raise ValueError("courseId: is not the id of the course")
        return self

    @model_validator(mode="after")
    def _ends_after_its_beginning(self) -> Self:
        _check_order(beginDate=self.begin_date, endDate=self.end_date)
        _check_order(registrationBeginDate=self.registration_begin_date, registrationEndDate=self.registration_end_date)
        return self

    def records(self, passing_grade: float | None) -> list[Record]:
        if self.course_id and not self.course:
            return [self._of(self.course_id)]
        course = self._own_course(passing_grade)
        return [course, self._of(course.id)]

    def _own_course(self, passing_grade: float | None) -> Course:
        if self.course:
            return self.course.record()
        if passing_grade is None:
            raise Unusable("courseId: is missing; the option --passing-grade makes a course of the same title")
        id_ = uuid5(UUID(self.id), "course").hex
        return Course(id=id_, title=self.title, passing_grade_percentage=passing_grade)

    def _of(self, course_id: str) -> Offering:
        return Offering(
            id=self.id,
            course_id=course_id,
            title=self.title,
            retakes_allowed=self.retakes_allowed,
            created_date=self.created_date,
            begin_date=self.begin_date,
            end_date=self.end_date,
            registration_begin_date=self.registration_begin_date,
            registration_end_date=self.registration_end_date,
        )


class _Registration(_Shape):
    user_id: Id
    offering_id: Id
    status: KnownStatus
    created_date: Instant
    grade: Percentage | None = None
    grade_percentage: Percentage | None = None
    grader_id: Id | None = None
    grader_comment: Comment | None = None
    begin_date: Instant | None = None
    last_active_date: Instant | None = None
    end_date: Instant | None = None

    @model_validator(mode="after")
    def _has_what_its_status_allows(self) -> Self:
        graded = {
            "grade": self.grade,
            "gradePercentage": self.grade_percentage,
            "graderId": self.grader_id,
            "graderComment": self.grader_comment,
        }
        for field, value in graded.items():
            if value is not None and self.status in (Status.ACTIVE, Status.EJECTED):
                raise ValueError(f"{field}: a registration that is {self.status.lower()} has none")
        if self.end_date and self.status is Status.ACTIVE:
            raise ValueError("endDate: a registration that is active has none")
        return self

    @model_validator(mode="after")
    def _has_one_grade_and_no_end_before_its_beginning(self) -> Self:
        if self.grade is not None and self.grade_percentage not in (None, self.grade):
            raise ValueError(f"grade: {self.grade:g} contradicts gradePercentage, which is {self.grade_percentage:g}")
        _check_order(beginDate=self.begin_date, endDate=self.end_date)
        return self

    def records(self, _: float | None) -> list[Record]:
        registration = Registration(
            id=self.id,
            user_id=self.user_id,
            offering_id=self.offering_id,
            status=self.status,
            created_date=self.created_date,
            grade_percentage=self.grade if self.grade_percentage is None else self.grade_percentage,
            grader_id=self.grader_id,
            grader_comment=self.grader_comment,
            begin_date=self.begin_date,
            last_active_date=self.last_active_date,
            end_date=self.end_date,
        )
        return [registration]


def _check_order(**dates: datetime | None) -> None:
    """Raises `ValueError` where the second date is before the first."""
    (begin, begin_date), (end, end_date) = dates.items()
    if begin_date and end_date and end_date < begin_date:
        raise ValueError(f"{end}: is before {begin}")


# A value has the first shape of which it has any of these fields. The last two entries are guesses, for the sake of a
# helpful reason: a value without main fields is refused as a registration rather than taken for an offering.
_MARKS: tuple[tuple[type[_Shape], frozenset[str]], ...] = (
    (_Registration, frozenset({"userId", "offeringId"})),
    (_User, frozenset({"username", "email", "firstName", "lastName"})),
    (_Offering, frozenset({"courseId", "course", "retakesAllowed", "registrationBeginDate", "registrationEndDate"})),
    (_Course, frozenset({"passingGradePercentage"})),
    (_Registration, frozenset({"status", "grade", "gradePercentage", "graderId", "lastActiveDate"})),
    (_Offering, frozenset({"createdDate", "beginDate", "endDate"})),
)

_SAID = {"missing": "is missing", "model_type": "is not an object"}


def records_of(value: object, passing_grade: float | None) -> list[Record]:
    """The record that a JSON value stands for; an offering that contains its course comes after the course.

    An offering that names no course brings one with its title and `passing_grade`, a percentage.
    Raises `Unusable`.
    """
    given = _given(value)
    try:
        return _shape(given).model_validate(given).records(passing_grade)
    except ValidationError as error:
        raise Unusable("; ".join(map(_reason, error.errors()))) from None


def kind_of(value: object) -> str | None:
    """The name of the shape that a JSON value has, if it has any."""
    try:
        return _shape(_given(value)).__name__
    except Unusable:
        return None


def _given(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Unusable("is not an object")
    return {field: content for field, content in value.items() if content is not None}


def _shape(given: dict[str, object]) -> type[_Shape]:
    for shape, marks in _MARKS:
        if not marks.isdisjoint(given):
            return shape
    raise Unusable("is neither a user, a course, an offering nor a registration")


def _reason(problem: ErrorDetails) -> str:
    said = _SAID.get(problem["type"]) or problem["msg"].removeprefix("Value error, ")
    field = ".".join(map(str, problem["loc"]))
    return f"{field}: {said}" if field else said
