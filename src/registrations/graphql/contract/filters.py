"""Conditions and sort orders of lists, as input types: each has the fields of the domain's type for that purpose."""

from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry.utils.str_converters import to_camel_case

from registrations.domain.listing import Order, Range
from registrations.domain.records import OfferingFilter, RegistrationFilter, Status
from registrations.domain.records import RegistrationOrderField as Field
from registrations.graphql.contract.ids import few
from registrations.graphql.contract.paging import NOT_GIVEN, given
from registrations.graphql.contract.types.status import RegistrationStatus
from registrations.graphql.errors import bad_user_input

LONGEST_TEXT = 1_000  # characters to look for: the database folds them anew for each title

Filter = TypeVar("Filter")


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
        return Order(field=Field[self.field.name], descending=self.direction is OrderDirection.DESC)


@strawberry.input(description="A range of instants; all given bounds must hold.")
class DateTimeRangeInput:
    gte: datetime | None = strawberry.field(default=NOT_GIVEN, description="At or after.")
    gt: datetime | None = strawberry.field(default=NOT_GIVEN, description="After.")
    lte: datetime | None = strawberry.field(default=NOT_GIVEN, description="At or before.")
    lt: datetime | None = strawberry.field(default=NOT_GIVEN, description="Before.")
    is_null: bool | None = strawberry.field(default=NOT_GIVEN, description="True: has no date. False: has one.")


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


@strawberry.input(description="Conditions on offerings; all given ones must hold.")
class OfferingFilterInput:
    title: str | None = strawberry.field(default=NOT_GIVEN, description="Part of the title, in any case.")
    course_id: list[strawberry.ID] | None = strawberry.field(default=NOT_GIVEN, description="Any of these.")
    available_to_user_id: strawberry.ID | None = strawberry.field(
        default=NOT_GIVEN, description="Only those that this user could be registered into now."
    )


FILTERS: dict[type[Any], type[Any]] = {
    RegistrationFilterInput: RegistrationFilter,
    OfferingFilterInput: OfferingFilter,
    DateTimeRangeInput: Range,
}
"""The domain's type for each input type; a test compares their fields."""

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
NEWEST_FIRST = RegistrationOrderInput(field=RegistrationOrderField.CREATED_DATE, direction=OrderDirection.DESC)


def read_filter(given_input: Any, filter_type: type[Filter]) -> Filter:
    """The domain's filter from its input; one that was not given asks nothing. Raises a client error."""
    return _converted(given_input, "filter") if given(given_input) else filter_type()


def _converted(value: Any, name: str) -> Any:
    """The value of an input field as the domain has it: ids and texts bounded, lists as tuples, inputs as filters."""
    if type(value) in FILTERS:
        values = {field.name: given(getattr(value, field.name)) for field in fields(value)}
        return FILTERS[type(value)](
            **{key: _converted(inner, to_camel_case(key)) for key, inner in values.items() if inner is not None}
        )
    if isinstance(value, list):
        return tuple(_converted(item, name) for item in few(value, name))
    if isinstance(value, RegistrationStatus):
        return Status[value.name]
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise bad_user_input(f"`{name}` takes at most {LONGEST_TEXT} characters; it was given {len(value)}.")
    return value
