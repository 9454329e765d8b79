"""The records of the domain, as values. Times are instants in UTC, grades percentages from 0 to 100."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a registration stands."""

    ACTIVE = "ACTIVE"
    PASSED = "PASSED"
    FAILED = "FAILED"
    EJECTED = "EJECTED"


@dataclass(frozen=True, slots=True)
class User:
    id: str
    first_name: str
    last_name: str
    username: str
    email: str
    created_date: datetime


@dataclass(frozen=True, slots=True)
class Course:
    id: str
    title: str
    passing_grade_percentage: float


@dataclass(frozen=True, slots=True)
class Offering:
    """A course offered for a time."""

    id: str
    course_id: str
    title: str
    retakes_allowed: bool
    created_date: datetime
    begin_date: datetime | None = None
    end_date: datetime | None = None
    registration_begin_date: datetime | None = None
    registration_end_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """One attempt of a user at an offering."""

    id: str
    user_id: str
    offering_id: str
    status: Status
    created_date: datetime
    grade_percentage: float | None = None
    grader_id: str | None = None
    grader_comment: str | None = None
    begin_date: datetime | None = None
    last_active_date: datetime | None = None
    end_date: datetime | None = None
