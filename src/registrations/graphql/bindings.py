"""What the fields of this schema are made of, for those operations that are compiled."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from registrations.domain import records
from registrations.domain.access import Viewer
from registrations.domain.listing import ListQuery, Order, Position, Related
from registrations.graphql.compiled.bindings import (
    Along,
    ById,
    Change,
    Computed,
    Fields,
    Leaf,
    Many,
    Nodes,
    OfEach,
    One,
    Root,
    leaves,
)
from registrations.graphql.context import Context
from registrations.graphql.cursors import BY_TITLE, date_cursors, sorted_by, write_cursor
from registrations.graphql.inputs import few_ids
from registrations.graphql.mutations import assign_grade, eject_registration, register_user
from registrations.graphql.types.offering_connection import offering_list
from registrations.graphql.types.registration import can_assign_grade, can_eject
from registrations.graphql.types.registration_connection import registration_list
from registrations.service.old_reads import ParentField
from registrations.service.reads import Column, Record, Row, RowPage


class Registrations:
    """The registrations that the viewer asked for."""

    def __init__(self, context: Context, **arguments: Any) -> None:
        self._context = context
        self._query = registration_list(**arguments)
        self.cursor = date_cursors(sorted_by(self._query.order))

    async def page(self, columns: tuple[Column, ...]) -> RowPage:
        return await self._context.reads.page(self._context.signed_in, self._query, columns)

    async def count(self) -> int | None:
        return await self._context.reads.count(self._context.signed_in, self._query)


class Offerings:
    """The offerings that the viewer asked for."""

    def __init__(self, context: Context, **arguments: Any) -> None:
        self._context = context
        filter_, window = offering_list(**arguments)
        self._query = ListQuery(filter_, Order(records.OfferingOrderField.TITLE, descending=False), window)

    async def page(self, columns: tuple[Column, ...]) -> RowPage:
        return await self._context.reads.page(self._context.signed_in, self._query, columns)

    async def count(self) -> int | None:
        return await self._context.reads.count(self._context.signed_in, self._query)

    def cursor(self, title: str, id_: str) -> str:
        return write_cursor(BY_TITLE, Position(title, id_))


class RegistrationsOf(Registrations):
    """The registrations of users, or into offerings, that the viewer asked for."""

    def __init__(self, parent: ParentField, context: Context, **arguments: Any) -> None:
        super().__init__(context, **arguments)
        self._parent = parent

    async def pages(self, ids: Sequence[str], columns: tuple[Column, ...]) -> Mapping[str, RowPage]:
        viewer = self._context.signed_in
        return await self._context.reads.pages(viewer, self._query, self._parent, ids, columns)

    async def counts(self, ids: Sequence[str]) -> Mapping[str, int]:
        viewer = self._context.signed_in
        return await self._context.reads.counts(viewer, self._query, self._parent, ids)


async def read_registration(context: Context, columns: tuple[Column, ...], id: str) -> Row | None:
    return await read_one(records.Registration, context, columns, id)


async def read_viewer(context: Context, _columns: tuple[Column, ...]) -> Row | None:
    """A viewer is a row with the id of their user."""
    return (context.viewer.user_id,) if context.viewer else None


async def read(kind: type[Record], context: Context, columns: tuple[Column, ...], ids: Sequence[str]) -> Sequence[Row]:
    return await context.reads.rows(context.signed_in, kind, ids, columns)


async def read_one(kind: type[Record], context: Context, columns: tuple[Column, ...], id: str) -> Row | None:
    return next(iter(await read(kind, context, columns, [id])), None)


def only_id(id: str) -> list[str]:
    return [id]


async def find_types(context: Context, ids: Sequence[str]) -> dict[str, str]:
    kinds = await context.reads.kinds(context.signed_in, ids)
    return {id_: kind.__name__ for id_, kind in kinds.items()}


REGISTRATION = leaves(records.Registration)
USER = {**leaves(records.User), "registrations": OfEach(REGISTRATION, partial(RegistrationsOf, "user_id"))}
COURSE = leaves(records.Course)
OFFERING = {
    **leaves(records.Offering),
    "course": Along(Related.COURSE, COURSE),
    "registrations": OfEach(REGISTRATION, partial(RegistrationsOf, "offering_id")),
}
REGISTRATION |= {
    "title": Leaf("title", of=Related.OFFERING),
    "user": Along(Related.USER, USER),
    "offering": Along(Related.OFFERING, OFFERING),
    "grader": Along(Related.GRADER, USER, key="grader_id", is_seen=Viewer.may_see_user),
    "viewerCanAssignGrade": Computed(("status",), can_assign_grade),
    "viewerCanEject": Computed(("status",), can_eject),
}
KINDS: dict[type[Record], Fields] = {
    records.User: USER,
    records.Course: COURSE,
    records.Offering: OFFERING,
    records.Registration: REGISTRATION,
}
NODES = {kind.__name__: ById(fields, partial(read, kind)) for kind, fields in KINDS.items()}
VIEWER: Fields = {"scopes": Computed((), lambda viewer: sorted(viewer.scopes)), "user": NODES["User"]}

ROOTS: dict[str, Root] = {
    "registration": One(REGISTRATION, read_registration),
    "registrations": Many(REGISTRATION, Registrations),
    "user": One(USER, partial(read_one, records.User)),
    "offering": One(OFFERING, partial(read_one, records.Offering)),
    "offerings": Many(OFFERING, Offerings),
    "viewer": One(VIEWER, read_viewer),
    "node": Nodes(NODES, only_id, find_types),
    "nodes": Nodes(NODES, few_ids, find_types),
}

CHANGES = {
    "registerUser": Change("RegisterUserSuccess", "registration", REGISTRATION, register_user.change),
    "assignGrade": Change("AssignGradeSuccess", "registration", REGISTRATION, assign_grade.change),
    "ejectRegistration": Change("EjectRegistrationSuccess", "registration", REGISTRATION, eject_registration.change),
}
