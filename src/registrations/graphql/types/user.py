from datetime import datetime
from typing import Self

import strawberry

from registrations.domain import records
from registrations.graphql.types.node import Node
from registrations.graphql.types.registration_connection import RegistrationConnection, registrations_field


@strawberry.type(description="Somebody who can be registered.")
class User(Node):
    first_name: str = strawberry.field(description="Given name.")
    last_name: str = strawberry.field(description="Family name.")
    username: str = strawberry.field(description="What the user signs in with; no two users share one.")
    email: str = strawberry.field(description="Where mail reaches the user.")
    created_date: datetime = strawberry.field(description="When the user was added.")
    registrations: RegistrationConnection | None = registrations_field(
        "This user's registrations; arguments as in `Query.registrations`.", parent="user_id"
    )

    @classmethod
    def of(cls, user: records.User) -> Self:
        return cls(
            id=strawberry.ID(user.id),
            first_name=user.first_name,
            last_name=user.last_name,
            username=user.username,
            email=user.email,
            created_date=user.created_date,
        )
