from datetime import datetime

import strawberry

from registrations.domain.listing import Related
from registrations.graphql.contract.lists.registrations import registration_list
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.connection import Connection
from registrations.graphql.contract.types.course import Course
from registrations.graphql.contract.types.node import Node
from registrations.graphql.contract.types.registration import Registration
from registrations.graphql.plans import fields


@strawberry.type(description="A course offered for a time.")
class Offering(Node):
    title: str = strawberry.field(description="Title of the offering.")
    retakes_allowed: bool = strawberry.field(description="Whether a user may take it again.")
    created_date: datetime = strawberry.field(description="When the offering was added.")
    begin_date: datetime | None = strawberry.field(description="From when it may be taken.")
    end_date: datetime | None = strawberry.field(description="Until when it may be taken.")
    registration_begin_date: datetime | None = strawberry.field(description="From when one may register.")
    registration_end_date: datetime | None = strawberry.field(description="Until when one may register.")
    registrations: Connection[Registration] | None = field_from(
        fields.Connection(registration_list, parent="offering_id"),
        "Registrations into it; arguments as in `Query.registrations`.",
    )
    course: Course = field_from(fields.JoinedRecord(Related.COURSE), "What is taught in it.")
