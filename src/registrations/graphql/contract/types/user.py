from datetime import datetime

import strawberry

from registrations.graphql.contract.lists.registrations import registration_list
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.connection import Connection
from registrations.graphql.contract.types.node import Node
from registrations.graphql.contract.types.registration import Registration
from registrations.graphql.plans import fields


@strawberry.type(description="Somebody who can be registered.")
class User(Node):
    first_name: str = strawberry.field(description="Given name.")
    last_name: str = strawberry.field(description="Family name.")
    username: str = strawberry.field(description="What the user signs in with; no two users share one.")
    email: str = strawberry.field(description="Where mail reaches the user.")
    created_date: datetime = strawberry.field(description="When the user was added.")
    registrations: Connection[Registration] | None = field_from(
        fields.Connection(registration_list, parent="user_id"),
        "This user's registrations; arguments as in `Query.registrations`.",
    )
