"""Field errors: what a person can mend, as types. The one place where the domain's problems become them."""

from datetime import datetime
from typing import Any

import strawberry

from registrations.domain import problems
from registrations.graphql.types.registration import Registration

strawberry.enum(problems.ErrorCode, description="Stable keys of field errors.")


@strawberry.interface(
    description="Something the caller can mend. Select it on every error list: new errors will implement it."
)
class FieldError:
    code: problems.ErrorCode = strawberry.field(
        description="Stable key, for logic and translation; new values will be added."
    )
    message: str = strawberry.field(description="English text for a person; never a key.")
    field: str = strawberry.field(
        description=(
            "The field at fault, as the v5 REST API's `fieldErrors` names it: "
            "`userId`, `offeringId`, `gradePercentage`, `status`."
        )
    )
    path: list[str] = strawberry.field(
        description='Where it was given, for binding to a form: `["input", "offeringId"]`.'
    )


@strawberry.type(description="No such user.")
class UserNotFound(FieldError):
    pass


@strawberry.type(description="No such offering.")
class OfferingNotFound(FieldError):
    pass


@strawberry.type(description="No such registration, or none that the viewer may see.")
class RegistrationNotFound(FieldError):
    pass


@strawberry.type(description="The user has an active registration in the offering.")
class AlreadyRegistered(FieldError):
    registration: Registration = strawberry.field(
        description="The one in the way: a retried request finds its first answer here."
    )


@strawberry.type(description="The offering cannot be taken again.")
class RetakeNotAllowed(FieldError):
    registration: Registration = strawberry.field(description="The latest attempt.")


@strawberry.type(description="The offering takes no registrations now.")
class RegistrationNotOpen(FieldError):
    opens_at: datetime | None = strawberry.field(description="Start of the window; null where it has none.")
    closes_at: datetime | None = strawberry.field(description="End of the window; null where it has none.")


@strawberry.type(description="A grade that is no percentage.")
class GradeOutOfRange(FieldError):
    minimum: float = strawberry.field(description="The least grade there is.")
    maximum: float = strawberry.field(description="The greatest grade there is.")


@strawberry.type(description="A comment that is too long.")
class CommentTooLong(FieldError):
    maximum_length: int = strawberry.field(description="The most characters a comment can have.")


@strawberry.type(description="The registration is not active any more.")
class NotActive(FieldError):
    registration: Registration = strawberry.field(description="As it is now, so that caches mend themselves.")


def field_error(problem: problems.Problem) -> FieldError:
    """The problem as a member of the unions of errors."""
    common: dict[str, Any] = {
        "code": problem.code,
        "message": problem.message,
        "field": problem.field,
        "path": ["input", problem.field],
    }
    match problem:
        case problems.UserNotFound():
            return UserNotFound(**common)
        case problems.OfferingNotFound():
            return OfferingNotFound(**common)
        case problems.RegistrationNotFound():
            return RegistrationNotFound(**common)
        case problems.AlreadyRegistered(registration):
            return AlreadyRegistered(**common, registration=Registration.of(registration))
        case problems.RetakeNotAllowed(registration):
            return RetakeNotAllowed(**common, registration=Registration.of(registration))
        case problems.RegistrationNotOpen(opens_at=opens_at, closes_at=closes_at):
            return RegistrationNotOpen(**common, opens_at=opens_at, closes_at=closes_at)
        case problems.GradeOutOfRange(minimum=minimum, maximum=maximum):
            return GradeOutOfRange(**common, minimum=minimum, maximum=maximum)
        case problems.CommentTooLong(maximum_length):
            return CommentTooLong(**common, maximum_length=maximum_length)
        case problems.NotActive(registration):
            # The status is no argument: what was given is the registration that has it.
            where = {"path": ["input", "registrationId"]}
            return NotActive(**common | where, registration=Registration.of(registration))
    raise TypeError(f"{type(problem).__name__} is no member of the schema yet.")
