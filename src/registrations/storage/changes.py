"""The statements of a change, all on the connection of one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from registrations.domain.ids import is_id
from registrations.domain.records import Course, Offering, Registration, User
from registrations.storage import tables
from registrations.storage.filters import of_user
from registrations.storage.rows import COURSES, OFFERINGS, REGISTRATIONS, USERS


async def lock_user(connection: AsyncConnection, user_id: str, limit: str | None) -> User | None:
    """The user, whose registering anyone else has to wait for until this transaction ends; with a limit, only that one.

    The unique index alone would settle two rivals for one ACTIVE registration. It can't see that one of them
    registered and was ejected meanwhile, which matters where an offering allows no retakes.
    """
    if not is_id(user_id) or limit not in (None, user_id):
        return None
    by_id = USERS.select().where(USERS.source.c.id == user_id)
    row = await _first(connection, by_id.with_for_update(key_share=True))
    return USERS.record(row) if row else None


async def find_offering(connection: AsyncConnection, offering_id: str) -> Offering | None:
    if not is_id(offering_id):
        return None
    row = await _first(connection, OFFERINGS.select().where(OFFERINGS.source.c.id == offering_id))
    return OFFERINGS.record(row) if row else None


async def find_taken(connection: AsyncConnection, user: User | None, offering: Offering | None) -> list[Registration]:
    """All registrations that the user has, or had, in the offering."""
    if user is None or offering is None:
        return []
    columns = REGISTRATIONS.source.c
    of_pair = REGISTRATIONS.select().where(columns.user_id == user.id, columns.offering_id == offering.id)
    return REGISTRATIONS.records((await connection.execute(of_pair)).all())


async def add(connection: AsyncConnection, registration: Registration) -> bool:
    """Stores a new registration; False where the pair has an ACTIVE one by now."""
    statement = insert(tables.Registration).values(asdict(registration)).on_conflict_do_nothing()
    return (await connection.execute(statement)).rowcount == 1


async def lock_registration(
    connection: AsyncConnection, registration_id: str, limit: str | None = None
) -> tuple[Registration, Course] | tuple[None, None]:
    """The registration as it is now, which nobody else changes until this transaction ends, and its course.

    With a limit, only where it is a registration of that user.
    """
    if not is_id(registration_id):
        return None, None
    registrations, offerings, courses = REGISTRATIONS.source, OFFERINGS.source, COURSES.source
    statement = (
        REGISTRATIONS.select()
        .add_columns(*COURSES.all)
        .join_from(registrations, offerings, registrations.c.offering_id == offerings.c.id)
        .join(courses, offerings.c.course_id == courses.c.id)
        .where(registrations.c.id == registration_id, *of_user(registrations.c.user_id, limit))
        .with_for_update(of=registrations)
    )
    row = await _first(connection, statement)
    if row is None:
        return None, None
    width = len(REGISTRATIONS.all)
    return REGISTRATIONS.record(row[:width]), COURSES.record(row[width:])


async def save(connection: AsyncConnection, registration: Registration) -> Registration:
    """Stores the registration over the one with its id. Returns what is stored: a grader who is no user is left out."""
    same_id = REGISTRATIONS.source.c.id == registration.id
    users = USERS.source.c
    grader = select(users.id).where(users.id == registration.grader_id).scalar_subquery()
    values = asdict(registration) | {"grader_id": grader}
    statement = update(tables.Registration).where(same_id).values(values).returning(REGISTRATIONS.source.c.grader_id)
    return replace(registration, grader_id=(await connection.execute(statement)).scalar_one())


async def _first(connection: AsyncConnection, statement: Select[Any]) -> Sequence[Any] | None:
    row: Row[Any] | None = (await connection.execute(statement)).first()
    return row
