"""What may be told of an operation. No value, no literal, no token: those are not for who reads logs."""

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    OK = "ok"
    FIELD_ERRORS = "field_errors"  # the domain refused, and said what a person can mend
    ERRORS = "errors"  # executed, and something at the top level went wrong
    REFUSED = "refused"  # not executed


class OperationSeen(NamedTuple):
    """Name, type and cost are None where it was refused before they were known. `seconds` is how long it ran.

    `is_known` says that somebody asked who may, and not anybody who makes up names.
    """

    outcome: Outcome
    name: str | None = None
    type: str | None = None
    cost: int | None = None
    errors: tuple[str, ...] = ()
    field_errors: tuple[str, ...] = ()
    viewer: str | None = None
    seconds: float = 0.0
    is_known: bool = False
