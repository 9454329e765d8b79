"""Read operations."""

import asyncio

import strawberry

from registrations.domain import records
from registrations.graphql.context import Info
from registrations.graphql.inputs import (
    NOT_GIVEN,
    After,
    Before,
    First,
    Last,
    OfferingsFilter,
    few_ids,
)
from registrations.graphql.selection import Selection, related_to_registration
from registrations.graphql.types.course import Course
from registrations.graphql.types.node import Node
from registrations.graphql.types.offering import Offering
from registrations.graphql.types.offering_connection import OfferingConnection, offering_list
from registrations.graphql.types.page_info import NOT_READ
from registrations.graphql.types.registration import Registration
from registrations.graphql.types.registration_connection import RegistrationConnection, registrations_field
from registrations.graphql.types.user import User
from registrations.graphql.types.viewer import Viewer
from registrations.service.reads import Record


@strawberry.type(description="Read operations.")
class Query:
    registrations: RegistrationConnection | None = registrations_field(
        "Registrations the viewer may see, newest first unless ordered otherwise."
    )

    @strawberry.field(description="Any record by its id; null when there is none the viewer may see.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return _as_node(await info.context.loaders.find_record(id, related_to_registration(Selection(info._raw_info))))

    @strawberry.field(description="Up to 100 records in the order asked; null where `node` would answer null.")
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        related = related_to_registration(Selection(info._raw_info))
        found = await asyncio.gather(*(info.context.loaders.find_record(id_, related) for id_ in few_ids(ids)))
        return [_as_node(record) for record in found]

    @strawberry.field(description="One registration; null when there is none the viewer may see.")
    async def registration(self, info: Info, id: strawberry.ID) -> Registration | None:
        related = related_to_registration(Selection(info._raw_info))
        registration = await info.context.loaders.find_registration(id, related)
        return Registration.of(registration) if registration else None

    @strawberry.field(description="One user; null when there is none the viewer may see.")
    async def user(self, info: Info, id: strawberry.ID) -> User | None:
        user = await info.context.loaders.find_user(id)
        return User.of(user) if user else None

    @strawberry.field(description="One offering; null when there is none.")
    async def offering(self, info: Info, id: strawberry.ID) -> Offering | None:
        offering = await info.context.loaders.find_offering(id)
        return Offering.of(offering) if offering else None

    @strawberry.field(description="Offerings by title; paging as in `registrations`.")
    async def offerings(
        self,
        info: Info,
        first: First = NOT_GIVEN,
        after: After = NOT_GIVEN,
        last: Last = NOT_GIVEN,
        before: Before = NOT_GIVEN,
        filter: OfferingsFilter = NOT_GIVEN,
    ) -> OfferingConnection | None:
        conditions, window = offering_list(first, after, last, before, filter)
        selection = Selection(info._raw_info)
        is_page_selected = selection.has_any("edges", "nodes", "pageInfo")
        listed = selection.below("nodes"), selection.below("edges").below("node")
        with_course = any(selected.has_any("course") for selected in listed)
        loaders = info.context.loaders
        return OfferingConnection(
            page=await loaders.offering_page(conditions, window, with_course) if is_page_selected else NOT_READ,
            count=lambda: loaders.offering_count(conditions),
        )

    @strawberry.field(description="Who is asking, and what they may do; null when nobody is signed in.")
    def viewer(self, info: Info) -> Viewer | None:
        viewer = info.context.viewer
        return Viewer(user_id=viewer.user_id, scopes=sorted(viewer.scopes)) if viewer else None


def _as_node(record: Record | None) -> Node | None:
    match record:
        case records.User():
            return User.of(record)
        case records.Course():
            return Course.of(record)
        case records.Offering():
            return Offering.of(record)
        case records.Registration():
            return Registration.of(record)
    return None
