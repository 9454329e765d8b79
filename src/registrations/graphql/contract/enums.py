"""Enums of the domain, as the schema shows them."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

import strawberry

from registrations.domain.records import Status

__all__ = ["Status", "show_enum"]

E = TypeVar("E", bound=Enum)


def show_enum(enum: type[E], description: str, values: Mapping[E, str], name: str | None = None) -> None:
    """Shows the enum in the schema, with a description of each of its values. A test names those that have none."""
    shown: Any = strawberry.enum(enum, name=name, description=description)
    for value in shown.__strawberry_definition__.values:
        value.description = values.get(enum(value.value))


show_enum(
    Status,
    "Where a registration stands.",
    {
        Status.ACTIVE: "Registered and not yet completed.",
        Status.PASSED: "Completed at or above the course's passing grade.",
        Status.FAILED: "Completed below the course's passing grade.",
        Status.EJECTED: "Removed from the offering while active, without a grade.",
    },
    name="RegistrationStatus",
)
