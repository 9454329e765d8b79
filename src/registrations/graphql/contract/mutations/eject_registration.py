from typing import Annotated

import strawberry

from registrations.domain import records
from registrations.graphql.context import Context
from registrations.graphql.contract.mutations.mutation import MutationField
from registrations.graphql.contract.queries import Query
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.field_errors import NotActive, RegistrationNotFound
from registrations.graphql.contract.types.registration import Registration
from registrations.graphql.plans.fields import Attribute, ObjectItself, WholeQuery


@strawberry.input(description="Which registration.")
class EjectRegistrationInput:
    registration_id: strawberry.ID = strawberry.field(description="What to eject.")


@strawberry.type(description="The user is ejected.")
class EjectRegistrationSuccess:
    registration: Registration = field_from(ObjectItself(), "The ejected registration.")
    query: Query = field_from(WholeQuery(), "Anything else, as it is now.")


EjectRegistrationError = Annotated[
    RegistrationNotFound | NotActive,
    strawberry.union("EjectRegistrationError", description="Why a registration could not be ejected; may grow."),
]


@strawberry.type(description="Nothing changed.")
class EjectRegistrationFailure:
    field_errors: list[EjectRegistrationError] = field_from(Attribute("problems"), "All that was wrong; at least one.")


EjectRegistrationResult = Annotated[
    EjectRegistrationSuccess | EjectRegistrationFailure,
    strawberry.union("EjectRegistrationResult", description="Outcome of `ejectRegistration`; will not grow."),
]


async def change(context: Context, input: EjectRegistrationInput) -> records.Registration:
    return await context.service.eject(context.signed_in, input.registration_id)


EJECT_REGISTRATION = MutationField(
    "ejectRegistration",
    "Ejects an ACTIVE registration; no grade is given.",
    change,
    EjectRegistrationInput,
    EjectRegistrationSuccess,
    EjectRegistrationFailure,
    EjectRegistrationResult,
)
