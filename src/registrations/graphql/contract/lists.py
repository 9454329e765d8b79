"""The lists of the contract: which arguments each takes, and the query that they ask for."""

from registrations.domain.listing import ListQuery, Order
from registrations.domain.records import OfferingFilter, OfferingOrderField, RegistrationFilter
from registrations.graphql.contract.filters import (
    NEWEST_FIRST,
    OfferingsFilter,
    OrderBy,
    RegistrationsFilter,
    read_filter,
)
from registrations.graphql.contract.paging import NOT_GIVEN, After, Before, First, Last, given, read_window

BY_TITLE = Order(field=OfferingOrderField.TITLE, descending=False)


def registration_list(
    first: First = NOT_GIVEN,
    after: After = NOT_GIVEN,
    last: Last = NOT_GIVEN,
    before: Before = NOT_GIVEN,
    filter: RegistrationsFilter = NOT_GIVEN,
    order_by: OrderBy = NEWEST_FIRST,
) -> ListQuery[RegistrationFilter]:
    """Raises a client error where an argument is out of range."""
    order = (given(order_by) or NEWEST_FIRST).to_order()
    window = read_window(order, first, after, last, before)
    return ListQuery(filter=read_filter(filter, RegistrationFilter), order=order, window=window)


def offering_list(
    first: First = NOT_GIVEN,
    after: After = NOT_GIVEN,
    last: Last = NOT_GIVEN,
    before: Before = NOT_GIVEN,
    filter: OfferingsFilter = NOT_GIVEN,
) -> ListQuery[OfferingFilter]:
    """Raises a client error where an argument is out of range."""
    window = read_window(BY_TITLE, first, after, last, before)
    return ListQuery(filter=read_filter(filter, OfferingFilter), order=BY_TITLE, window=window)
