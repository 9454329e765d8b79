"""The conditions of filters, in SQL.

A filter becomes a mapping from the names of its conditions to their values. A name consists of the filter's field and
an operator: `status` for one status, `status any` for several, `begin_date is_null`, and so on. The SQL depends only on
the names, so that it is compiled once for all values.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from operator import eq, ge, gt, le, lt
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, and_, any_, bindparam, exists, false, func, or_, select
from sqlalchemy.types import TypeEngine

from registrations.domain.ids import is_id
from registrations.domain.listing import Range
from registrations.domain.records import OfferingFilter, RegistrationFilter
from registrations.storage.statements.columns import OFFERINGS, REGISTRATIONS, USERS, Columns
from registrations.storage.tables import Id, Instant, folded

Condition = ColumnElement[bool]
Values = dict[str, Any]

NOW = "now"
"""The name of the value that is not from the filter: the current time."""

BOUNDS = ("gte", "gt", "lte", "lt")
COMPARISONS: dict[str, Callable[[Any, Any], Condition]] = {"": eq, "gte": ge, "gt": gt, "lte": le, "lt": lt}


@dataclass(frozen=True)
class FilterField:
    """A field of a filter: the SQL type of its values, and what makes the condition from a name and its operator."""

    type: TypeEngine[Any]
    condition: Callable[[str, str], Condition]


FilterFields = Mapping[str, FilterField]


def filter_fields(columns: Columns[Any], filter_type: type[Any]) -> FilterFields:
    """The fields of the filter: the named ones of `CONDITIONS`, and comparisons with the column of the same name."""
    named = CONDITIONS.get(filter_type, {})
    return {field.name: named.get(field.name) or _of_column(columns, field.name) for field in fields(filter_type)}


def values_of(filter_: object, filter_fields: FilterFields) -> Values:
    """The values of all conditions of the filter, by the conditions' names."""
    values: Values = {}
    for name, field in filter_fields.items():
        if (asked := getattr(filter_, name)) is not None:
            values.update(_values(name, asked, field))
    return values


def conditions_of(names: Iterable[str], filter_fields: FilterFields) -> list[Condition]:
    """The conditions of these names."""
    return [_condition(name, filter_fields) for name in sorted(names)]


def ids_of(texts: Iterable[str]) -> list[str]:
    """The texts that are ids. No record has any other text as its id, and PostgreSQL would raise an error for it."""
    return [text for text in texts if is_id(text)]


def _values(name: str, asked: Any, field: FilterField) -> Values:
    if isinstance(asked, Range):
        return _within(name, asked)
    any_of = asked if isinstance(asked, tuple) else (asked,)
    return _equal_to_any(name, ids_of(any_of) if isinstance(field.type, Id) else any_of)


def _within(name: str, range_: Range[Any]) -> Values:
    bounds = ((bound, getattr(range_, bound)) for bound in BOUNDS)
    values = {f"{name} {bound}": value for bound, value in bounds if value is not None}
    if range_.is_null is not None:
        values[f"{name} {'is_null' if range_.is_null else 'is_not_null'}"] = None
    return values


def _equal_to_any(name: str, values: Sequence[Any]) -> Values:
    if len(values) > 1:
        return {f"{name} any": list(values)}
    # A single value is compared with `=`, for which PostgreSQL reads an index on (column, date) in the order of dates.
    return {name: values[0]} if values else {f"{name} none": None}


def _condition(name: str, filter_fields: FilterFields) -> Condition:
    field, _, operator = name.partition(" ")
    return false() if operator == "none" else filter_fields[field].condition(name, operator)


def _of_column(columns: Columns[Any], name: str) -> FilterField:
    column = columns.source.c[name]
    return FilterField(column.type, partial(_compared, column))


def _compared(column: ColumnElement[Any], name: str, operator: str) -> Condition:
    if operator == "is_null":
        return column.is_(None)
    if operator == "is_not_null":
        return column.is_not(None)
    if operator == "any":
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    return COMPARISONS[operator](column, bindparam(name, type_=column.type))


def _of_course(name: str, operator: str) -> Condition:
    offerings = OFFERINGS.source.c
    of_course = select(offerings.id).where(_compared(offerings.course_id, name, operator))
    return REGISTRATIONS.source.c.offering_id.in_(of_course)


def _title_contains(name: str, _operator: str) -> Condition:
    title = OFFERINGS.source.c.title
    return func.strpos(folded(title), folded(bindparam(name, type_=title.type))) > 0


def _available_to_user(name: str, _operator: str) -> Condition:
    """The rules of `domain.registering` for many offerings at once; a test holds the two together."""
    users, offerings, taken = USERS.source.c, OFFERINGS.source.c, REGISTRATIONS.source.c
    user_id, now = bindparam(name, type_=Id), bindparam(NOW, type_=Instant)
    opens, closes = offerings.registration_begin_date, offerings.registration_end_date
    prevents = or_(taken.status == "ACTIVE", offerings.retakes_allowed.is_(False))
    return and_(
        exists().where(users.id == user_id),
        or_(opens.is_(None), opens <= now),
        or_(closes.is_(None), closes > now),
        ~exists().where(taken.user_id == user_id, taken.offering_id == offerings.id, prevents),
    )


# The fields of filters that do not compare with a column of the listed record.
CONDITIONS: Mapping[type[Any], FilterFields] = {
    RegistrationFilter: {"course_id": FilterField(OFFERINGS.source.c.course_id.type, _of_course)},
    OfferingFilter: {
        "title": FilterField(OFFERINGS.source.c.title.type, _title_contains),
        "available_to_user_id": FilterField(USERS.source.c.id.type, _available_to_user),
    },
}
