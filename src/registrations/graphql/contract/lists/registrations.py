"""Lists of registrations."""

import strawberry

from registrations.domain.listing import ListQuery
from registrations.domain.records import RegistrationFilter, RegistrationOrderField
from registrations.graphql.contract.enums import Status, show_enum
from registrations.graphql.contract.lists.inputs import (
    Conditions,
    DateTimeRangeInput,
    FilterBy,
    OrderBy,
    OrderDirection,
    read_filter,
    read_order,
)
from registrations.graphql.contract.paging import NOT_GIVEN, After, Before, First, Last, given, read_window

show_enum(
    RegistrationOrderField,
    "What registrations can be sorted by.",
    {
        RegistrationOrderField.CREATED_DATE: "When the user was registered.",
        RegistrationOrderField.BEGIN_DATE: "When the user first was active.",
        RegistrationOrderField.LAST_ACTIVE_DATE: "When the user last was active.",
        RegistrationOrderField.END_DATE: "When it stopped being active.",
    },
)


@strawberry.input(description="A sort order.")
class RegistrationOrderInput:
    field: RegistrationOrderField = strawberry.field(description="By which date.")
    direction: OrderDirection = strawberry.field(description="In which direction.")


@strawberry.input(description="Conditions on registrations; all given ones must hold.")
class RegistrationFilterInput(Conditions):
    asks = RegistrationFilter
    status: list[Status] | None = strawberry.field(default=NOT_GIVEN, description="Any of these.")
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


NEWEST_FIRST = RegistrationOrderInput(field=RegistrationOrderField.CREATED_DATE, direction=OrderDirection.DESC)


def registration_list(
    first: First = NOT_GIVEN,
    after: After = NOT_GIVEN,
    last: Last = NOT_GIVEN,
    before: Before = NOT_GIVEN,
    filter: FilterBy[RegistrationFilterInput] = NOT_GIVEN,
    order_by: OrderBy[RegistrationOrderInput] = NEWEST_FIRST,
) -> ListQuery[RegistrationFilter]:
    """Raises a client error where an argument is out of range."""
    asked = given(order_by) or NEWEST_FIRST
    order = read_order(asked.field, asked.direction)
    window = read_window(order, first, after, last, before)
    return ListQuery(filter=read_filter(filter, RegistrationFilter), order=order, window=window)
