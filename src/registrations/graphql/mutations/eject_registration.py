from typing import Annotated

import strawberry

from registrations.domain import records
from registrations.graphql.context import Context, Info
from registrations.graphql.queries import Query
from registrations.graphql.types.field_errors import NotActive, RegistrationNotFound
from registrations.graphql.types.registration import Registration


@strawberry.input(description="Which registration.")
class EjectRegistrationInput:
    registration_id: strawberry.ID = strawberry.field(description="What to eject.")


@strawberry.type(description="The user is ejected.")
class EjectRegistrationSuccess:
    registration: Registration = strawberry.field(description="The ejected registration.")

    @strawberry.field(description="Anything else, as it is now.")
    def query(self) -> Query:
        return Query()


EjectRegistrationError = Annotated[
    RegistrationNotFound | NotActive,
    strawberry.union("EjectRegistrationError", description="Why a registration could not be ejected; may grow."),
]


@strawberry.type(description="Nothing changed.")
class EjectRegistrationFailure:
    field_errors: list[EjectRegistrationError] = strawberry.field(description="All that was wrong; at least one.")


EjectRegistrationResult = Annotated[
    EjectRegistrationSuccess | EjectRegistrationFailure,
    strawberry.union("EjectRegistrationResult", description="Outcome of `ejectRegistration`; will not grow."),
]


async def change(context: Context, input: EjectRegistrationInput) -> records.Registration:
    context.forget()
    return await context.service.eject(context.signed_in, input.registration_id)


async def eject_registration(info: Info, input: EjectRegistrationInput) -> EjectRegistrationResult | None:
    return EjectRegistrationSuccess(registration=Registration.of(await change(info.context, input)))
