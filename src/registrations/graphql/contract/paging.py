"""The paging arguments of every list (Relay Cursor Connections)."""

from typing import Annotated, Any, TypeVar

import strawberry
from strawberry import UNSET

from registrations.domain.listing import InvalidPaging, Order, Window, window
from registrations.graphql.cursors import read_cursor
from registrations.graphql.errors import bad_user_input

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


def read_window(order: Order, first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """The window that the paging arguments of a list in that order ask for. Raises a client error."""
    start = read_cursor(order, "after", given(after))
    end = read_cursor(order, "before", given(before))
    try:
        return window(given(first), start, given(last), end)
    except InvalidPaging as error:
        raise bad_user_input(str(error)) from error
