"""The schema, put together. `schema.graphql` is printed from it."""

from datetime import datetime

import strawberry
from graphql.utilities.print_schema import print_schema_definition
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type

from registrations.graphql.contract.mutations.assign_grade import ASSIGN_GRADE
from registrations.graphql.contract.mutations.eject_registration import EJECT_REGISTRATION
from registrations.graphql.contract.mutations.register_user import REGISTER_USER
from registrations.graphql.contract.queries import Query
from registrations.graphql.contract.scalars import DATE_TIME
from registrations.graphql.contract.sources import bind_sources

MUTATIONS = (REGISTER_USER, ASSIGN_GRADE, EJECT_REGISTRATION)

DESCRIPTION = (
    "Users are registered into offerings of courses, make progress, are graded, or are ejected.\n\n"
    "- `registrations` and `offerings` are lists in pages; `registration`, `user`, `offering` and `node` are single "
    "records; `viewer` tells who is asking and what they may do.\n"
    "- Lists are Relay connections: `first` and `after` page forwards, `last` and `before` backwards. Cursors are "
    "opaque.\n"
    "- Mutations return a union of a success and a failure. A failure has as `fieldErrors` all that a person can "
    "correct: select `... on FieldError { code message path }` there, which covers errors that will be added, too.\n"
    "- The result of a root field is null where there is no such record, the viewer may not see it, or an entry of the "
    "top-level `errors` says why.\n"
    "- An answer says in `extensions.cost` what the operation cost, and how much is allowed."
)
"""What documentation explorers open with; Markdown."""

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
GRAPHQL_SCHEMA.description = DESCRIPTION  # Strawberry takes none


def schema_definition() -> str:
    """The schema in GraphQL's schema definition language."""
    # Strawberry prints no definition of the schema itself, which has the description.
    return f"{print_schema_definition(GRAPHQL_SCHEMA)}\n\n{schema.as_str()}"
