"""Field errors: what a person can mend. Each type shows the attributes of the domain's problem of its name."""

from datetime import datetime

import strawberry

from registrations.domain import problems
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.registration import Registration
from registrations.graphql.plans.fields import ComputedAttribute

strawberry.enum(problems.ErrorCode, description="Stable keys of field errors.")


def path_of(problem: problems.Problem) -> list[str]:
    return ["input", problem.argument]


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
            "`userId`, `offeringId`, `registrationId`, `gradePercentage`, `comment`, `status`."
        )
    )
    path: list[str] = field_from(
        ComputedAttribute(path_of), 'Where it was given, for binding to a form: `["input", "offeringId"]`.'
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
