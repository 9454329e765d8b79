"""Records by their ids, of a known kind or of any."""

from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, literal, select, union_all

from registrations.storage.statements.columns import COURSES, OFFERINGS, REGISTRATIONS, USERS, Columns
from registrations.storage.statements.sql import Sql, written
from registrations.storage.tables import Id

IDS = bindparam("ids", type_=ARRAY(Id))
LIMIT = bindparam("limit", type_=Id)


@cache
def read_by_id(columns: Columns[Any]) -> Sql:
    """Those of the records `ids` that there are."""
    return written(columns.select().where(columns.source.c.id == any_(IDS)))


@cache
def read_kinds(*, is_limited: bool) -> Sql:
    """A row of kind and id for each of `ids` that names a record; the kind is the name of the record's class.

    Limited, of all users only the user `limit` is looked at, and that one's registrations.
    """
    limits = {USERS: [USERS.source.c.id == LIMIT], REGISTRATIONS: [REGISTRATIONS.source.c.user_id == LIMIT]}
    return written(
        union_all(
            *(
                select(literal(columns.record_type.__name__, Text), columns.source.c.id).where(
                    columns.source.c.id == any_(IDS), *(limits.get(columns, ()) if is_limited else ())
                )
                for columns in (USERS, COURSES, OFFERINGS, REGISTRATIONS)
            )
        )
    )
