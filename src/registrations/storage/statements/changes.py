"""The statements of a change, all on the connection of one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from registrations.domain.ids import is_id
from registrations.domain.records import Course, Offering, Registration, User
from registrations.storage import tables
from registrations.storage.connections.running import Connection, run
from registrations.storage.statements.columns import COURSES, OFFERINGS, REGISTRATIONS, USERS
from registrations.storage.statements.sql import Sql, compile_statement
from registrations.storage.tables import Id

_users, _courses, _offerings, _registrations = (
    columns.source.c for columns in (USERS, COURSES, OFFERINGS, REGISTRATIONS)
)


def _id(name: str) -> BindParameter[str]:
    return bindparam(name, type_=Id)


_LOCK_USER = compile_statement(USERS.select().where(_users.id == _id("user_id")).with_for_update(key_share=True))
_FIND_OFFERING = compile_statement(OFFERINGS.select().where(_offerings.id == _id("offering_id")))
_FIND_TAKEN = compile_statement(
    REGISTRATIONS.select().where(
        _registrations.user_id == _id("user_id"), _registrations.offering_id == _id("offering_id")
    )
)
_ADD = compile_statement(insert(tables.Registration).on_conflict_do_nothing().returning(_registrations.id))

_by_id = (
    REGISTRATIONS.select()
    .add_columns(*COURSES.all)
    .join_from(REGISTRATIONS.source, OFFERINGS.source, _registrations.offering_id == _offerings.id)
    .join(COURSES.source, _offerings.course_id == _courses.id)
    .where(_registrations.id == _id("registration_id"))
    .with_for_update(of=REGISTRATIONS.source)
)
_LOCK_REGISTRATION = compile_statement(_by_id)
_LOCK_REGISTRATION_OF_USER = compile_statement(_by_id.where(_registrations.user_id == _id("user_id")))

_stored = {column.name: bindparam(f"new_{column.name}", type_=column.type) for column in _registrations}
_grader = select(_users.id).where(_users.id == _stored["grader_id"]).scalar_subquery()
_SAVE = compile_statement(
    update(tables.Registration)
    .where(_registrations.id == _stored["id"])
    .values({**_stored, "grader_id": _grader})
    .returning(_registrations.grader_id)
)


async def lock_user(connection: Connection, user_id: str, only_user_id: str | None) -> User | None:
    """Locks and returns the user: another transaction that registers them waits until this one ends.

    With `only_user_id`, only that user is found.

    The unique index alone would settle two rivals for one ACTIVE registration. It can't see that one of them
    registered and was ejected meanwhile, which matters where an offering allows no retakes.
    """
    if not is_id(user_id) or only_user_id not in (None, user_id):
        return None
    row = await _first(connection, _LOCK_USER, {"user_id": user_id})
    return USERS.record(row) if row else None


async def find_offering(connection: Connection, offering_id: str) -> Offering | None:
    if not is_id(offering_id):
        return None
    row = await _first(connection, _FIND_OFFERING, {"offering_id": offering_id})
    return OFFERINGS.record(row) if row else None


async def find_taken(connection: Connection, user: User | None, offering: Offering | None) -> list[Registration]:
    """All registrations that the user has, or had, in the offering."""
    if user is None or offering is None:
        return []
    of_pair = {"user_id": user.id, "offering_id": offering.id}
    return REGISTRATIONS.records(await run(connection, _FIND_TAKEN, of_pair))


async def add(connection: Connection, registration: Registration) -> bool:
    """Stores a new registration; False where the pair has an ACTIVE one by now."""
    return bool(await run(connection, _ADD, _values(registration)))


async def lock_registration(
    connection: Connection, registration_id: str, only_user_id: str | None = None
) -> tuple[Registration, Course] | tuple[None, None]:
    """Locks and returns the registration, which no other transaction changes until this one ends, and its course.

    With `only_user_id`, only a registration of that user is found.
    """
    if not is_id(registration_id) or not (only_user_id is None or is_id(only_user_id)):
        return None, None
    statement = _LOCK_REGISTRATION if only_user_id is None else _LOCK_REGISTRATION_OF_USER
    row = await _first(connection, statement, {"registration_id": registration_id, "user_id": only_user_id})
    if row is None:
        return None, None
    width = len(REGISTRATIONS.all)
    return REGISTRATIONS.record(row[:width]), COURSES.record(row[width:])


async def save(connection: Connection, registration: Registration) -> Registration:
    """Stores the registration over the one with its id. Returns what is stored: a grader who is no user is left out."""
    new = {f"new_{name}": value for name, value in _values(registration).items()}
    [(grader_id,)] = await run(connection, _SAVE, new)
    return replace(registration, grader_id=grader_id)


def _values(registration: Registration) -> dict[str, Any]:
    return {name: getattr(registration, name) for name in REGISTRATIONS.names}


async def _first(connection: Connection, sql: Sql, values: Mapping[str, Any]) -> Sequence[Any] | None:
    rows = await run(connection, sql, values)
    return rows[0] if rows else None
