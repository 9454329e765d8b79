from datetime import datetime
from typing import Self

import strawberry

from registrations.domain import records
from registrations.graphql.context import Info
from registrations.graphql.types.course import Course
from registrations.graphql.types.node import Node
from registrations.graphql.types.registration_connection import RegistrationConnection, registrations_field


@strawberry.type(description="A course offered for a time.")
class Offering(Node):
    title: str = strawberry.field(description="Title of the offering.")
    retakes_allowed: bool = strawberry.field(description="Whether a user may take it again.")
    created_date: datetime = strawberry.field(description="When the offering was added.")
    begin_date: datetime | None = strawberry.field(description="From when it may be taken.")
    end_date: datetime | None = strawberry.field(description="Until when it may be taken.")
    registration_begin_date: datetime | None = strawberry.field(description="From when one may register.")
    registration_end_date: datetime | None = strawberry.field(description="Until when one may register.")
    course_id: strawberry.Private[str]
    registrations: RegistrationConnection | None = registrations_field(
        "Registrations into it; arguments as in `Query.registrations`.", parent="offering_id"
    )

    @strawberry.field(description="What is taught in it.")
    async def course(self, info: Info) -> Course:
        return Course.of(await info.context.loaders.course(self.course_id))

    @classmethod
    def of(cls, offering: records.Offering) -> Self:
        return cls(
            id=strawberry.ID(offering.id),
            title=offering.title,
            retakes_allowed=offering.retakes_allowed,
            created_date=offering.created_date,
            begin_date=offering.begin_date,
            end_date=offering.end_date,
            registration_begin_date=offering.registration_begin_date,
            registration_end_date=offering.registration_end_date,
            course_id=offering.course_id,
        )
