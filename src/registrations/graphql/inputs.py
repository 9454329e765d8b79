"""Arguments of lists: which records, in which order, which page of them."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry import UNSET

from registrations.domain.listing import InvalidPaging, Order, Range, Window, window
from registrations.domain.records import OfferingFilter, RegistrationFilter, Status
from registrations.domain.records import RegistrationOrderField as Field
from registrations.graphql.cursors import read_cursor
from registrations.graphql.errors import bad_user_input
from registrations.graphql.types.status import RegistrationStatus

MAXIMUM_IDS = 100
LONGEST_TITLE = 1_000  # characters to look for: the database folds them anew for each title
NOT_GIVEN: Any = UNSET  # prints no default; for the rules, not given and null are the same


T = TypeVar("T")

First = Annotated[
    int | None,
    strawberry.argument(
        description="At most this many from the start, 0 to 100; 15 when neither `first` nor `last` is given."
    ),
]
After = Annotated[str | None, strawberry.argument(description="Only edges after this cursor.")]
Last = Annotated[
    int | None,
    strawberry.argument(description="At most this many from the end, 0 to 100; not together with `first`."),
]
Before = Annotated[str | None, strawberry.argument(description="Only edges before this cursor.")]


def given(value: T | None) -> T | None:
    """The value; None where it was left out or null, which mean the same."""
    return None if value is UNSET else value


def any_of(values: Sequence[str] | None, name: str) -> tuple[str, ...] | None:
    """The ids, few enough. Whether they name anything is not asked here: an unknown id is no mistake."""
    return None if (ids := given(values)) is None else tuple(few_ids(ids, name))


def few_ids(ids: Sequence[str], name: str = "ids") -> Sequence[str]:
    """The ids. Raises a client error where they are too many."""
    if len(ids) > MAXIMUM_IDS:
        raise bad_user_input(f"`{name}` takes at most {MAXIMUM_IDS} ids; it was given {len(ids)}.")
    return ids


def read_window(sorted_by: str, first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """The window that the paging arguments of a list ask for; `sorted_by` is what its cursors are good for."""
    start = read_cursor(sorted_by, "after", given(after))
    end = read_cursor(sorted_by, "before", given(before))
    try:
        return window(given(first), start, given(last), end)
    except InvalidPaging as error:
        raise bad_user_input(str(error)) from error


def storable_text(value: str | None, name: str) -> str | None:
    if (text := given(value)) is not None and "\0" in text:
        raise bad_user_input(f"`{name}` contains the character U+0000, which no text can store: leave it out.")
    return text


@strawberry.enum(description="What registrations can be sorted by.")
class RegistrationOrderField(Enum):
    CREATED_DATE = strawberry.enum_value("CREATED_DATE", description="When the user was registered.")
    BEGIN_DATE = strawberry.enum_value("BEGIN_DATE", description="When the user first was active.")
    LAST_ACTIVE_DATE = strawberry.enum_value("LAST_ACTIVE_DATE", description="When the user last was active.")
    END_DATE = strawberry.enum_value("END_DATE", description="When it stopped being active.")


@strawberry.enum(description="Direction of a sort.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Oldest first.")
    DESC = strawberry.enum_value("DESC", description="Newest first.")


@strawberry.input(description="A sort order.")
class RegistrationOrderInput:
    field: RegistrationOrderField = strawberry.field(description="By which date.")
    direction: OrderDirection = strawberry.field(description="In which direction.")

    def to_order(self) -> Order:
        return Order(Field[self.field.name], self.direction is OrderDirection.DESC)


NEWEST_FIRST = RegistrationOrderInput(field=RegistrationOrderField.CREATED_DATE, direction=OrderDirection.DESC)


@strawberry.input(description="A range of instants; all given bounds must hold.")
class DateTimeRangeInput:
    gte: datetime | None = strawberry.field(default=NOT_GIVEN, description="At or after.")
    gt: datetime | None = strawberry.field(default=NOT_GIVEN, description="After.")
    lte: datetime | None = strawberry.field(default=NOT_GIVEN, description="At or before.")
    lt: datetime | None = strawberry.field(default=NOT_GIVEN, description="Before.")
    is_null: bool | None = strawberry.field(default=NOT_GIVEN, description="True: has no date. False: has one.")

    def to_range(self) -> Range[datetime]:
        return Range(
            gte=given(self.gte),
            gt=given(self.gt),
            lte=given(self.lte),
            lt=given(self.lt),
            is_null=given(self.is_null),
        )


@strawberry.input(description="Conditions on registrations; all given ones must hold.")
class RegistrationFilterInput:
    status: list[RegistrationStatus] | None = strawberry.field(default=NOT_GIVEN, description="Any of these.")
    user_id: list[strawberry.ID] | None = strawberry.field(default=NOT_GIVEN, description="Any of these.")
    offering_id: list[strawberry.ID] | None = strawberry.field(default=NOT_GIVEN, description="Any of these.")
    course_id: list[strawberry.ID] | None = strawberry.field(default=NOT_GIVEN, description="Any of these.")
    created_date: DateTimeRangeInput | None = strawberry.field(
        default=NOT_GIVEN, description="When the user was registered."
    )
    begin_date: DateTimeRangeInput | None = strawberry.field(
        default=NOT_GIVEN, description="When the user first was active in the course."
    )
    last_active_date: DateTimeRangeInput | None = strawberry.field(
        default=NOT_GIVEN, description="When the user last was active in the course."
    )
    end_date: DateTimeRangeInput | None = strawberry.field(
        default=NOT_GIVEN, description="When it stopped being active."
    )

    def to_filter(self) -> RegistrationFilter:
        statuses = given(self.status)
        return RegistrationFilter(
            status=None if statuses is None else tuple(Status[status.name] for status in statuses),
            user_id=any_of(self.user_id, "userId"),
            offering_id=any_of(self.offering_id, "offeringId"),
            course_id=any_of(self.course_id, "courseId"),
            created_date=self.created_date.to_range() if self.created_date else None,
            begin_date=self.begin_date.to_range() if self.begin_date else None,
            last_active_date=self.last_active_date.to_range() if self.last_active_date else None,
            end_date=self.end_date.to_range() if self.end_date else None,
        )


@strawberry.input(description="Conditions on offerings; all given ones must hold.")
class OfferingFilterInput:
    title: str | None = strawberry.field(default=NOT_GIVEN, description="Part of the title, in any case.")
    course_id: list[strawberry.ID] | None = strawberry.field(default=NOT_GIVEN, description="Any of these.")
    available_to_user_id: strawberry.ID | None = strawberry.field(
        default=NOT_GIVEN, description="Only those that this user could be registered into now."
    )

    def to_filter(self) -> OfferingFilter:
        title = storable_text(self.title, "title")
        if title is not None and len(title) > LONGEST_TITLE:
            raise bad_user_input(f"`title` takes at most {LONGEST_TITLE} characters; it was given {len(title)}.")
        return OfferingFilter(
            title=title,
            course_id=any_of(self.course_id, "courseId"),
            available_to_user_id=given(self.available_to_user_id),
        )


RegistrationsFilter = Annotated[
    RegistrationFilterInput | None, strawberry.argument(description="Conditions that must all hold.")
]
OfferingsFilter = Annotated[
    OfferingFilterInput | None, strawberry.argument(description="Conditions that must all hold.")
]
OrderBy = Annotated[
    RegistrationOrderInput | None,
    strawberry.argument(description="Sort order; ties are broken by id, missing dates come last."),
]
