"""Lists of offerings."""

import strawberry

from registrations.domain.listing import ListQuery, Order
from registrations.domain.records import OfferingFilter, OfferingOrderField
from registrations.graphql.contract.lists.inputs import Conditions, FilterBy, read_filter
from registrations.graphql.contract.paging import NOT_GIVEN, After, Before, First, Last, read_window

BY_TITLE = Order(field=OfferingOrderField.TITLE, descending=False)


@strawberry.input(description="Conditions on offerings; all given ones must hold.")
class OfferingFilterInput(Conditions):
    asks = OfferingFilter
    title: str | None = strawberry.field(default=NOT_GIVEN, description="Part of the title, in any case.")
    course_id: list[strawberry.ID] | None = strawberry.field(default=NOT_GIVEN, description="Any of these.")
    available_to_user_id: strawberry.ID | None = strawberry.field(
        default=NOT_GIVEN, description="Only those that this user could be registered into now."
    )


def offering_list(
    first: First = NOT_GIVEN,
    after: After = NOT_GIVEN,
    last: Last = NOT_GIVEN,
    before: Before = NOT_GIVEN,
    filter: FilterBy[OfferingFilterInput] = NOT_GIVEN,
) -> ListQuery[OfferingFilter]:
    """Raises a client error where an argument is out of range."""
    window = read_window(BY_TITLE, first, after, last, before)
    return ListQuery(filter=read_filter(filter, OfferingFilter), order=BY_TITLE, window=window)
