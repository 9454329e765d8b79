"""What all lists have in common: conditions on values, sort orders, and the window of a list that is read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

DEFAULT_PAGE_SIZE = 15
MAXIMUM_PAGE_SIZE = 100

T = TypeVar("T")
F = TypeVar("F")

AnyOf: TypeAlias = tuple[T, ...]
"""The condition that a value is any of these."""


class InvalidPaging(ValueError):
    """Paging arguments that contradict each other or are out of range; the text says what to pass instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Generic[T]):
    """The condition that a value is within all the bounds. `is_null` tells whether it has to be missing or present."""

    gte: T | None = None
    gt: T | None = None
    lte: T | None = None
    lt: T | None = None
    is_null: bool | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A sort by the field, which is of the enum of the list's order fields."""

    field: StrEnum
    descending: bool


@dataclass(frozen=True, slots=True)
class Position:
    """A position in a sorted list: the sort value and the id of a record that is, or once was, in it."""

    value: datetime | str | None
    id: str


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` records between two positions of a list, from its start or, `from_end`, from its end."""

    limit: int
    from_end: bool = False
    after: Position | None = None
    before: Position | None = None


@dataclass(frozen=True, slots=True)
class ListQuery(Generic[F]):
    """Which records are listed, in which order, and which window of that list is read."""

    filter: F
    order: Order
    window: Window


class Related(StrEnum):
    """The records that a listed record refers to, directly or by way of another."""

    USER = "user"
    OFFERING = "offering"
    COURSE = "course"
    GRADER = "grader"


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
