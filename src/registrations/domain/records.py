"""The records of the domain, as values, and beside each listed one its filter and its sort orders.

Times are instants in UTC, grades percentages from 0 to 100. All conditions of a filter must hold; one that is None
holds for every record. Records with equal sort values are sorted by id, and those without one come last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from registrations.domain.listing import AnyOf, Range


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: str
    first_name: str
    last_name: str
    username: str
    email: str
    created_date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    id: str
    title: str
    passing_grade_percentage: float


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingFilter:
    """`title` is a part of the title in any case; to the user `available_to_user_id` the offering must be available."""

    title: str | None = None
    course_id: AnyOf[str] | None = None
    available_to_user_id: str | None = None


class OfferingOrderField(StrEnum):
    """Titles are sorted without regard to case."""

    TITLE = "title"


class Status(StrEnum):
    """The state of a registration."""

    ACTIVE = "ACTIVE"
    PASSED = "PASSED"
    FAILED = "FAILED"
    EJECTED = "EJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFilter:
    """`course_id` is the course of the registration's offering."""

    status: AnyOf[Status] | None = None
    user_id: AnyOf[str] | None = None
    offering_id: AnyOf[str] | None = None
    course_id: AnyOf[str] | None = None
    created_date: Range[datetime] | None = None
    begin_date: Range[datetime] | None = None
    last_active_date: Range[datetime] | None = None
    end_date: Range[datetime] | None = None


class RegistrationOrderField(StrEnum):
    CREATED_DATE = "created_date"
    BEGIN_DATE = "begin_date"
    LAST_ACTIVE_DATE = "last_active_date"
    END_DATE = "end_date"


Record: TypeAlias = User | Course | Offering | Registration

ORDER_FIELDS: Mapping[type[Record], type[StrEnum]] = {
    Offering: OfferingOrderField,
    Registration: RegistrationOrderField,
}
"""What the records of each kind that are listed can be sorted by; each is a field of the record."""
