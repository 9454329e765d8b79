"""Arguments that are ids. An id that names nothing is unknown, and no mistake."""

from collections.abc import Sequence
from typing import TypeVar

import strawberry

from registrations.graphql.errors import bad_user_input

MAXIMUM_IDS = 100  # and as many of other values

T = TypeVar("T")


def one_id(id: strawberry.ID) -> str:
    return id


def only_id(id: strawberry.ID) -> Sequence[str]:
    return (id,)


def some_ids(ids: list[strawberry.ID]) -> Sequence[str]:
    """Raises a client error where they are too many."""
    return few(ids, "ids")


def few(values: Sequence[T], name: str) -> Sequence[T]:
    """The values given by that name. Raises a client error where they are too many."""
    if len(values) > MAXIMUM_IDS:
        raise bad_user_input(f"`{name}` takes at most {MAXIMUM_IDS} values; it was given {len(values)}.")
    return values
