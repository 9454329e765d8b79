"""The schema, put together. `schema.graphql` is printed from it."""

from datetime import datetime
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLField, assert_object_type
from graphql.type.introspection import TypeFields
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.field import StrawberryField

from registrations.graphql.mutations.assign_grade import AssignGradeFailure, AssignGradeResult, assign_grade
from registrations.graphql.mutations.eject_registration import (
    EjectRegistrationFailure,
    EjectRegistrationResult,
    eject_registration,
)
from registrations.graphql.mutations.register_user import RegisterUserFailure, RegisterUserResult, register_user
from registrations.graphql.mutations.rejection import FailureOfRejection
from registrations.graphql.queries import Query
from registrations.graphql.scalars import DATE_TIME

FAILURES = (RegisterUserFailure, AssignGradeFailure, EjectRegistrationFailure)


@strawberry.type(
    description=(
        "Write operations, run one after another. "
        "A null result is an unexpected failure, described in the top-level errors."
    )
)
class Mutation:
    register_user: RegisterUserResult | None = strawberry.mutation(
        resolver=register_user, description="Registers a user into an offering."
    )
    assign_grade: AssignGradeResult | None = strawberry.mutation(
        resolver=assign_grade,
        description="Assigns a grade in any state: stops progress, sets PASSED or FAILED, clears an ejection.",
    )
    eject_registration: EjectRegistrationResult | None = strawberry.mutation(
        resolver=eject_registration,
        description="Ejects an ACTIVE registration; no grade is given.",
    )


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(scalar_map={datetime: DATE_TIME}),
    exception_handlers=[FailureOfRejection(failure) for failure in FAILURES],
)

GRAPHQL_SCHEMA = schema._schema
# Strawberry's own resolver fails for types that wrap others, such as those of arguments that are required.
assert_object_type(GRAPHQL_SCHEMA.type_map["__Type"]).fields["isOneOf"].resolve = TypeFields.is_one_of


@cache
def _arguments_by_name(definition: StrawberryField) -> dict[str, StrawberryArgument]:
    return {schema.config.name_converter.from_argument(argument): argument for argument in definition.arguments}


def python_arguments(field: GraphQLField, values: dict[str, Any]) -> dict[str, Any]:
    """The arguments that a field's resolver is called with, from coerced ones."""
    arguments = _arguments_by_name(field.extensions["strawberry-definition"])
    registry = schema.schema_converter.scalar_registry
    return {
        arguments[name].python_name: convert_argument(value, arguments[name].type, registry, schema.config)
        for name, value in values.items()
    }
