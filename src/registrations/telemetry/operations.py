"""What logs and metrics record of an operation: names, types and codes, never a value, a literal or a token."""

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    OK = "ok"
    FIELD_ERRORS = "field_errors"  # executed, and the domain refused with errors that a person can mend
    ERRORS = "errors"  # executed, with errors at the top level of the response
    REFUSED = "refused"  # not executed


class OperationRecord(NamedTuple):
    """Name, type and cost are None where the operation was refused before they were known; `errors` are codes.

    `seconds` is how long the operation ran. `is_known` means that the client was authenticated, or does not have to be.
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
