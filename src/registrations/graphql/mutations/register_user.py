from typing import Annotated

import strawberry

from registrations.domain import records
from registrations.graphql.context import Context, Info
from registrations.graphql.queries import Query
from registrations.graphql.types.field_errors import (
    AlreadyRegistered,
    OfferingNotFound,
    RegistrationNotOpen,
    RetakeNotAllowed,
    UserNotFound,
)
from registrations.graphql.types.registration import Registration


@strawberry.input(description="Who is registered, and into what.")
class RegisterUserInput:
    user_id: strawberry.ID = strawberry.field(description="Whom to register.")
    offering_id: strawberry.ID = strawberry.field(description="What to register the user into.")


@strawberry.type(description="The user is registered.")
class RegisterUserSuccess:
    registration: Registration = strawberry.field(description="The new registration.")

    @strawberry.field(description="Anything else, as it is now.")
    def query(self) -> Query:
        return Query()


RegisterUserError = Annotated[
    UserNotFound | OfferingNotFound | AlreadyRegistered | RetakeNotAllowed | RegistrationNotOpen,
    strawberry.union("RegisterUserError", description="Why a user could not be registered; may grow."),
]


@strawberry.type(description="Nothing changed.")
class RegisterUserFailure:
    field_errors: list[RegisterUserError] = strawberry.field(description="All that was wrong; at least one.")


RegisterUserResult = Annotated[
    RegisterUserSuccess | RegisterUserFailure,
    strawberry.union("RegisterUserResult", description="Outcome of `registerUser`; will not grow."),
]


async def change(context: Context, input: RegisterUserInput) -> records.Registration:
    context.forget()
    return await context.service.register_user(context.signed_in, input.user_id, input.offering_id)


async def register_user(info: Info, input: RegisterUserInput) -> RegisterUserResult | None:
    return RegisterUserSuccess(registration=Registration.of(await change(info.context, input)))
