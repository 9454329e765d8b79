"""Which records a list holds, as conditions in SQL.

A filter becomes values by the names of its conditions: `status` where one is asked for, `status any` where several
are, `begin_date is_null`, and so on. The names alone say what the SQL is, so that it is written once for all values.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from operator import eq, ge, gt, le, lt
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, any_, bindparam, exists, false, func, or_, select

from registrations.domain.ids import is_id
from registrations.domain.listing import DateRange, OfferingFilter, RegistrationFilter
from registrations.storage.statements.columns import OFFERINGS, REGISTRATIONS, USERS
from registrations.storage.tables import Id, Instant, folded

Condition = ColumnElement[bool]
Values = dict[str, Any]

COMPARISONS: dict[str, Callable[[Any, Any], Condition]] = {"": eq, "gte": ge, "gt": gt, "lte": le, "lt": lt}
NOTHING_ASKED = RegistrationFilter()
DATES = ("created_date", "begin_date", "last_active_date", "end_date")


def registration_values(filter_: RegistrationFilter) -> Values:
    if filter_ is NOTHING_ASKED or filter_ == NOTHING_ASKED:
        return {}
    values = _any_of("status", filter_.status)
    for name in ("user_id", "offering_id", "course_id"):
        values |= _any_of(name, ids_of(getattr(filter_, name)))
    for name in DATES:
        values |= _in_range(name, getattr(filter_, name))
    return values


def registration_conditions(names: Iterable[str]) -> list[Condition]:
    registrations, offerings = REGISTRATIONS.source.c, OFFERINGS.source.c
    conditions: list[Condition] = []
    for name in sorted(names):
        field, _, how = name.partition(" ")
        if field == "course_id":
            of_courses = select(offerings.id).where(condition(offerings.course_id, name, how))
            conditions.append(registrations.offering_id.in_(of_courses))
        else:
            conditions.append(condition(registrations[field], name, how))
    return conditions


def offering_values(filter_: OfferingFilter, now: datetime) -> Values:
    values = _any_of("course_id", ids_of(filter_.course_id))
    if filter_.title is not None:
        values["title"] = filter_.title
    if filter_.available_to_user_id is not None:
        available = _any_of("available_to", ids_of((filter_.available_to_user_id,)))
        values |= available | ({"now": now} if "available_to" in available else {})
    return values


def offering_conditions(names: Iterable[str]) -> list[Condition]:
    offerings = OFFERINGS.source.c
    conditions: list[Condition] = []
    for name in sorted(names):
        field, _, how = name.partition(" ")
        if field == "title":
            conditions.append(
                func.strpos(folded(offerings.title), folded(bindparam(name, type_=offerings.title.type))) > 0
            )
        elif field == "course_id":
            conditions.append(condition(offerings.course_id, name, how))
        elif name == "available_to":
            conditions.extend(_available_to())
        elif field == "available_to":
            conditions.append(false())
    return conditions


def condition(column: ColumnElement[Any], name: str, how: str) -> Condition:
    """The condition of that name on the column."""
    if how == "none":
        return false()
    if how == "is_null":
        return column.is_(None)
    if how == "is_not_null":
        return column.is_not(None)
    if how == "any":
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    return COMPARISONS[how](column, bindparam(name, type_=column.type))


def ids_of(texts: Sequence[str] | None) -> Sequence[str] | None:
    """Those that could name a record: a text that is no id names none, and PostgreSQL would refuse it."""
    return None if texts is None else [text for text in texts if is_id(text)]


def _any_of(name: str, asked: Sequence[str] | None) -> Values:
    if asked is None:
        return {}
    if len(asked) > 1:
        return {f"{name} any": list(asked)}
    # One is compared with by itself: an index on it and a date is read in the order of the date then.
    return {name: asked[0]} if asked else {f"{name} none": None}


def _in_range(name: str, range_: DateRange | None) -> Values:
    if range_ is None:
        return {}
    values: Values = {
        f"{name} {bound.name}": getattr(range_, bound.name)
        for bound in fields(range_)
        if bound.name != "is_null" and getattr(range_, bound.name) is not None
    }
    if range_.is_null is not None:
        values[f"{name} {'is_null' if range_.is_null else 'is_not_null'}"] = None
    return values


def _available_to() -> Iterator[Condition]:
    """The rules of `domain.registering` for many offerings at once; a test holds the two together."""
    users, offerings, taken = USERS.source.c, OFFERINGS.source.c, REGISTRATIONS.source.c
    user_id, now = bindparam("available_to", type_=Id), bindparam("now", type_=Instant)
    yield exists().where(users.id == user_id)
    yield or_(offerings.registration_begin_date.is_(None), offerings.registration_begin_date <= now)
    yield or_(offerings.registration_end_date.is_(None), offerings.registration_end_date > now)
    in_the_way = or_(taken.status == "ACTIVE", offerings.retakes_allowed.is_(False))
    yield ~exists().where(taken.user_id == user_id, taken.offering_id == offerings.id, in_the_way)
