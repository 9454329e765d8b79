"""Read operations."""

import strawberry

from registrations.domain import records
from registrations.graphql.contract.ids import one_id, only_id, some_ids
from registrations.graphql.contract.lists.offerings import offering_list
from registrations.graphql.contract.lists.registrations import registration_list
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.connection import Connection
from registrations.graphql.contract.types.node import Node
from registrations.graphql.contract.types.offering import Offering
from registrations.graphql.contract.types.registration import Registration
from registrations.graphql.contract.types.user import User
from registrations.graphql.contract.types.viewer import Viewer
from registrations.graphql.plans import fields


@strawberry.type(description="Read operations.")
class Query:
    registrations: Connection[Registration] | None = field_from(
        fields.Connection(registration_list),
        "Registrations the viewer may see, newest first unless ordered otherwise.",
    )
    node: Node | None = field_from(
        fields.NodeFields(only_id), "Any record by its id; null when there is none the viewer may see."
    )
    nodes: list[Node | None] = field_from(
        fields.NodeFields(some_ids), "Up to 100 records in the order asked; null where `node` would answer null."
    )
    registration: Registration | None = field_from(
        fields.RecordField(records.Registration, one_id),
        "One registration; null when there is none the viewer may see.",
    )
    user: User | None = field_from(
        fields.RecordField(records.User, one_id), "One user; null when there is none the viewer may see."
    )
    offering: Offering | None = field_from(
        fields.RecordField(records.Offering, one_id), "One offering; null when there is none."
    )
    offerings: Connection[Offering] | None = field_from(
        fields.Connection(offering_list), "Offerings by title; paging as in `registrations`."
    )
    viewer: Viewer | None = field_from(
        fields.ViewerField(), "Who is asking, and what they may do; null when nobody is signed in."
    )
