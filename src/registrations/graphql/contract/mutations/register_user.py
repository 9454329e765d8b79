from typing import Annotated

import strawberry

from registrations.domain import records
from registrations.graphql.context import Context
from registrations.graphql.contract.mutations.mutation import MutationField
from registrations.graphql.contract.queries import Query
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.field_errors import (
    AlreadyRegistered,
    OfferingNotFound,
    RegistrationNotOpen,
    RetakeNotAllowed,
    UserNotFound,
)
from registrations.graphql.contract.types.registration import Registration
from registrations.graphql.plans.fields import Attribute, ObjectItself, WholeQuery


@strawberry.input(description="Who is registered, and into what.")
class RegisterUserInput:
    user_id: strawberry.ID = strawberry.field(description="Whom to register.")
    offering_id: strawberry.ID = strawberry.field(description="What to register the user into.")


@strawberry.type(description="The user is registered.")
class RegisterUserSuccess:
    registration: Registration = field_from(ObjectItself(), "The new registration.")
    query: Query = field_from(WholeQuery(), "Anything else, as it is now.")


RegisterUserError = Annotated[
    UserNotFound | OfferingNotFound | AlreadyRegistered | RetakeNotAllowed | RegistrationNotOpen,
    strawberry.union("RegisterUserError", description="Why a user could not be registered; may grow."),
]


@strawberry.type(description="Nothing changed.")
class RegisterUserFailure:
    field_errors: list[RegisterUserError] = field_from(Attribute("problems"), "All that was wrong; at least one.")


RegisterUserResult = Annotated[
    RegisterUserSuccess | RegisterUserFailure,
    strawberry.union("RegisterUserResult", description="Outcome of `registerUser`; will not grow."),
]


async def change(context: Context, input: RegisterUserInput) -> records.Registration:
    return await context.service.register_user(context.signed_in, input.user_id, input.offering_id)


REGISTER_USER = MutationField(
    "registerUser",
    "Registers a user into an offering.",
    change,
    RegisterUserInput,
    RegisterUserSuccess,
    RegisterUserFailure,
    RegisterUserResult,
)
