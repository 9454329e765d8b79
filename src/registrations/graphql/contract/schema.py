"""The schema, put together. `schema.graphql` is printed from it."""

from datetime import datetime

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type

from registrations.graphql.contract.mutations.assign_grade import ASSIGN_GRADE
from registrations.graphql.contract.mutations.eject_registration import EJECT_REGISTRATION
from registrations.graphql.contract.mutations.register_user import REGISTER_USER
from registrations.graphql.contract.queries import Query
from registrations.graphql.contract.scalars import DATE_TIME
from registrations.graphql.contract.sources import bind_sources

MUTATIONS = (REGISTER_USER, ASSIGN_GRADE, EJECT_REGISTRATION)

Mutation = create_type(
    "Mutation",
    [mutation.field for mutation in MUTATIONS],
    description=(
        "Write operations, run one after another. "
        "A null result is an unexpected failure, described in the top-level errors."
    ),
)

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(scalar_map={datetime: DATE_TIME}),
)
bind_sources(schema)

GRAPHQL_SCHEMA = schema._schema
