"""What the fields of this schema are made of, for those operations that are compiled."""

from typing import Any

from registrations.domain import records
from registrations.domain.access import Viewer
from registrations.domain.listing import Position, Related
from registrations.graphql.compiled.bindings import Along, Change, Computed, Fields, Leaf, Many, One, Root, leaves
from registrations.graphql.context import Context
from registrations.graphql.cursors import BY_TITLE, date_cursors, sorted_by, write_cursor
from registrations.graphql.mutations import assign_grade, eject_registration, register_user
from registrations.graphql.types.offering_connection import offering_list
from registrations.graphql.types.registration import can_assign_grade, can_eject
from registrations.graphql.types.registration_connection import registration_list
from registrations.service.reads import Column, Row, RowPage

USER: Fields = leaves(records.User)
COURSE: Fields = leaves(records.Course)
OFFERING: Fields = {**leaves(records.Offering), "course": Along(Related.COURSE, COURSE)}
REGISTRATION: Fields = {
    **leaves(records.Registration),
    "title": Leaf("title", of=Related.OFFERING),
    "user": Along(Related.USER, USER),
    "offering": Along(Related.OFFERING, OFFERING),
    "grader": Along(Related.GRADER, USER, key="grader_id", is_seen=Viewer.sees_user),
    "viewerCanAssignGrade": Computed(("status",), can_assign_grade),
    "viewerCanEject": Computed(("status",), can_eject),
}


class Registrations:
    """The registrations that the viewer asked for."""

    def __init__(self, context: Context, **arguments: Any) -> None:
        self._context = context
        self._query = registration_list(**arguments)
        self.cursor = date_cursors(sorted_by(self._query.order))

    async def page(self, columns: tuple[Column, ...]) -> RowPage:
        return await self._context.reads.registration_rows(self._context.signed_in, self._query, columns)

    async def count(self) -> int | None:
        return await self._context.reads.registration_count(self._context.signed_in, self._query.filter)


class Offerings:
    """The offerings that the viewer asked for."""

    def __init__(self, context: Context, **arguments: Any) -> None:
        self._context = context
        self._filter, self._window = offering_list(**arguments)

    async def page(self, columns: tuple[Column, ...]) -> RowPage:
        return await self._context.reads.offering_rows(self._context.signed_in, self._filter, self._window, columns)

    async def count(self) -> int | None:
        return await self._context.reads.offering_count(self._context.signed_in, self._filter)

    def cursor(self, title: str, id_: str) -> str:
        return write_cursor(BY_TITLE, Position(title, id_))


async def read_registration(context: Context, columns: tuple[Column, ...], id: str) -> Row | None:
    return await context.reads.registration_row(context.signed_in, id, columns)


ROOTS: dict[str, Root] = {
    "registration": One(REGISTRATION, read_registration),
    "registrations": Many(REGISTRATION, Registrations),
    "offerings": Many(OFFERING, Offerings),
}

CHANGES = {
    "registerUser": Change("RegisterUserSuccess", "registration", REGISTRATION, register_user.change),
    "assignGrade": Change("AssignGradeSuccess", "registration", REGISTRATION, assign_grade.change),
    "ejectRegistration": Change("EjectRegistrationSuccess", "registration", REGISTRATION, eject_registration.change),
}
