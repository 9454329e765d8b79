"""Which records a list holds, as conditions in SQL."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, exists, false, func, literal, or_, select, union_all

from registrations.domain.ids import is_id
from registrations.domain.listing import DateRange, OfferingFilter, RegistrationFilter
from registrations.storage.rows import COURSES, OFFERINGS, REGISTRATIONS, USERS
from registrations.storage.tables import folded

Condition = ColumnElement[bool]


def is_one_of(column: ColumnElement[str], ids: Sequence[str]) -> Condition:
    # A text that is no id names no record; PostgreSQL would refuse it.
    return column.in_([id_ for id_ in ids if is_id(id_)])


def of_user(column: ColumnElement[str], limit: str | None) -> Iterator[Condition]:
    """The condition that the column names the user of the limit, where there is one."""
    if limit is not None:
        yield is_one_of(column, [limit])


def kinds_of(ids: Sequence[str], limit: str | None) -> CompoundSelect[Any]:
    """A row of kind and id for each id that names a record; the kind is the name of the record's class.

    With a limit, of all users only that one is looked at, and that one's registrations.
    """
    users, registrations = USERS.source.c, REGISTRATIONS.source.c
    limits = {USERS: of_user(users.id, limit), REGISTRATIONS: of_user(registrations.user_id, limit)}
    return union_all(
        *(
            select(literal(columns.record_type.__name__), columns.source.c.id).where(
                is_one_of(columns.source.c.id, ids), *limits.get(columns, ())
            )
            for columns in (USERS, COURSES, OFFERINGS, REGISTRATIONS)
        )
    )


def registration_conditions(filter_: RegistrationFilter) -> Iterator[Condition]:
    registrations, offerings = REGISTRATIONS.source.c, OFFERINGS.source.c
    if filter_.status is not None:
        yield registrations.status.in_(filter_.status)
    if filter_.user_id is not None:
        yield is_one_of(registrations.user_id, filter_.user_id)
    if filter_.offering_id is not None:
        yield is_one_of(registrations.offering_id, filter_.offering_id)
    if filter_.course_id is not None:
        of_courses = select(offerings.id).where(is_one_of(offerings.course_id, filter_.course_id))
        yield registrations.offering_id.in_(of_courses)
    for name in ("created_date", "begin_date", "last_active_date", "end_date"):
        yield from _in_range(registrations[name], getattr(filter_, name))


def offering_conditions(filter_: OfferingFilter, now: datetime) -> Iterator[Condition]:
    offerings = OFFERINGS.source.c
    if filter_.title is not None:
        yield func.strpos(folded(offerings.title), folded(literal(filter_.title))) > 0
    if filter_.course_id is not None:
        yield is_one_of(offerings.course_id, filter_.course_id)
    if filter_.available_to_user_id is not None:
        yield from _available_to(filter_.available_to_user_id, now)


def _available_to(user_id: str, now: datetime) -> Iterator[Condition]:
    """The rules of `domain.registering` for many offerings at once; a test holds the two together."""
    if not is_id(user_id):
        yield false()
        return
    users, offerings, taken = USERS.source.c, OFFERINGS.source.c, REGISTRATIONS.source.c
    yield exists().where(users.id == user_id)
    yield or_(offerings.registration_begin_date.is_(None), offerings.registration_begin_date <= now)
    yield or_(offerings.registration_end_date.is_(None), offerings.registration_end_date > now)
    in_the_way = or_(taken.status == "ACTIVE", offerings.retakes_allowed.is_(False))
    yield ~exists().where(taken.user_id == user_id, taken.offering_id == offerings.id, in_the_way)


def _in_range(column: ColumnElement[datetime], range_: DateRange | None) -> Iterator[Condition]:
    if range_ is None:
        return
    if range_.gte is not None:
        yield column >= range_.gte
    if range_.gt is not None:
        yield column > range_.gt
    if range_.lte is not None:
        yield column <= range_.lte
    if range_.lt is not None:
        yield column < range_.lt
    if range_.is_null is not None:
        yield column.is_(None) if range_.is_null else column.is_not(None)
