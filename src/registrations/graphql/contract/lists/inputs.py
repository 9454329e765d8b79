"""What the inputs of all lists have in common: filters and sort orders, and the domain's types that they ask for."""

from dataclasses import fields
from datetime import datetime
from enum import Enum, StrEnum
from typing import Annotated, Any, ClassVar, TypeVar

import strawberry
from strawberry.utils.str_converters import to_camel_case

from registrations.domain.listing import Order, Range
from registrations.graphql.contract.ids import few
from registrations.graphql.contract.paging import NOT_GIVEN, given
from registrations.graphql.errors import bad_user_input

LONGEST_TEXT = 1_000  # characters to look for: the database compares them with each title

Filter = TypeVar("Filter")
Input = TypeVar("Input")

FilterBy = Annotated[Input | None, strawberry.argument(description="Conditions that must all hold.")]
OrderBy = Annotated[
    Input | None, strawberry.argument(description="Sort order; ties are broken by id, missing dates come last.")
]


class Conditions:
    """An input of conditions: `asks` is the domain's type for them, whose fields it has."""

    asks: ClassVar[type[Any]]


@strawberry.input(description="A range of instants; all given bounds must hold.")
class DateTimeRangeInput(Conditions):
    asks = Range
    gte: datetime | None = strawberry.field(default=NOT_GIVEN, description="At or after.")
    gt: datetime | None = strawberry.field(default=NOT_GIVEN, description="After.")
    lte: datetime | None = strawberry.field(default=NOT_GIVEN, description="At or before.")
    lt: datetime | None = strawberry.field(default=NOT_GIVEN, description="Before.")
    is_null: bool | None = strawberry.field(default=NOT_GIVEN, description="True: has no date. False: has one.")


@strawberry.enum(description="Direction of a sort.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Oldest first.")
    DESC = strawberry.enum_value("DESC", description="Newest first.")


def read_order(field: StrEnum, direction: OrderDirection) -> Order:
    return Order(field, descending=direction is OrderDirection.DESC)


def read_filter(given_input: Conditions | None, filter_type: type[Filter]) -> Filter:
    """The domain's filter from its input; one that was not given asks nothing. Raises a client error."""
    filter_: Filter = _converted(given_input, "filter") if given(given_input) else filter_type()
    return filter_


def _converted(value: Any, name: str) -> Any:
    """The value of an input field as the domain has it: ids and texts bounded, lists as tuples, inputs as filters."""
    if isinstance(value, Conditions):
        # Every input of conditions is made a dataclass by Strawberry, which mypy can't tell of their common base.
        values = {field.name: given(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]
        return value.asks(
            **{key: _converted(inner, to_camel_case(key)) for key, inner in values.items() if inner is not None}
        )
    if isinstance(value, list):
        return tuple(_converted(item, name) for item in few(value, name))
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise bad_user_input(f"`{name}` takes at most {LONGEST_TEXT} characters; it was given {len(value)}.")
    return value
