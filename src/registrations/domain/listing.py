"""Which records a list holds, in which order, and which stretch of it is asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from registrations.domain.records import Course, Offering, Status, User

DEFAULT_PAGE_SIZE = 15
MAXIMUM_PAGE_SIZE = 100

Record = TypeVar("Record")

ParentField = Literal["user_id", "offering_id"]
"""The field by which a user, or an offering, has registrations."""


class InvalidPaging(ValueError):
    """Paging arguments that contradict each other or are out of range; the text says what to pass instead."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Bounds that must all hold; `is_null` asks for records without the date, or with one."""

    gte: datetime | None = None
    gt: datetime | None = None
    lte: datetime | None = None
    lt: datetime | None = None
    is_null: bool | None = None


@dataclass(frozen=True, slots=True)
class RegistrationFilter:
    """Conditions that must all hold. A tuple holds where any of its members does; None asks nothing."""

    status: tuple[Status, ...] | None = None
    user_id: tuple[str, ...] | None = None
    offering_id: tuple[str, ...] | None = None
    course_id: tuple[str, ...] | None = None
    created_date: DateRange | None = None
    begin_date: DateRange | None = None
    last_active_date: DateRange | None = None
    end_date: DateRange | None = None


@dataclass(frozen=True, slots=True)
class OfferingFilter:
    """Conditions that must all hold; None asks nothing. `title` is a part of the title in any case."""

    title: str | None = None
    course_id: tuple[str, ...] | None = None
    available_to_user_id: str | None = None


class RegistrationOrderField(StrEnum):
    """What registrations can be sorted by. Ties are broken by id, missing dates come last."""

    CREATED_DATE = "created_date"
    BEGIN_DATE = "begin_date"
    LAST_ACTIVE_DATE = "last_active_date"
    END_DATE = "end_date"


@dataclass(frozen=True, slots=True)
class RegistrationOrder:
    field: RegistrationOrderField = RegistrationOrderField.CREATED_DATE
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a sorted list: the sort value and the id of the record that stands there, or once stood."""

    value: datetime | str | None
    id: str


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` records between two places of a list, from its start or, `from_end`, from its end."""

    limit: int
    from_end: bool = False
    after: Position | None = None
    before: Position | None = None


class Related(StrEnum):
    """What can be read along with a registration."""

    USER = "user"
    OFFERING = "offering"
    COURSE = "course"
    GRADER = "grader"


@dataclass(frozen=True, slots=True)
class RegistrationQuery:
    """A page of registrations, and what is to be read along with each."""

    window: Window
    filter: RegistrationFilter = RegistrationFilter()
    order: RegistrationOrder = RegistrationOrder()
    related: frozenset[Related] = frozenset()


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """The records of a window in list order, whether there are more on either side, and what was read along."""

    records: tuple[Record, ...]
    has_next: bool
    has_previous: bool
    related: tuple[User | Offering | Course, ...] = ()


def window(first: int | None, after: Position | None, last: int | None, before: Position | None) -> Window:
    """The window that the paging arguments of the Relay specification ask for. Raises `InvalidPaging`."""
    if first is not None and last is not None:
        raise InvalidPaging("Pass `first` or `last`, not both.")
    name, limit = ("last", last) if last is not None else ("first", first)
    if limit is None:
        limit = DEFAULT_PAGE_SIZE
    if not 0 <= limit <= MAXIMUM_PAGE_SIZE:
        raise InvalidPaging(f"Pass a `{name}` from 0 to {MAXIMUM_PAGE_SIZE}; it was {limit}.")
    return Window(limit, from_end=last is not None, after=after, before=before)
