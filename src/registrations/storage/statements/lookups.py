"""Records by their ids, of a known kind or of any."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, literal, select, union_all

from registrations.domain.records import Record, Registration, RegistrationFilter, User
from registrations.storage.statements.columns import COLUMNS, Columns
from registrations.storage.statements.filters import Values, ids_of
from registrations.storage.statements.lists import REGISTRATION_LIST, SHAPES_KEPT
from registrations.storage.statements.rows import Column, joined
from registrations.storage.statements.sql import Sql, compile_statement
from registrations.storage.tables import Id

# The column with the id of the user whom a record is about; records of other kinds are about no certain user.
OWNERS: Mapping[type[Record], str] = {User: "id", Registration: "user_id"}

KINDS: Mapping[str, type[Record]] = {kind.__name__: kind for kind in COLUMNS}

_IDS = bindparam("ids", type_=ARRAY(Id))
_ID = bindparam("id", type_=Id)
_ONLY_USER_ID = bindparam("only_user_id", type_=Id)


def rows_statement(
    kind: type[Record], ids: Sequence[str], columns: tuple[Column, ...], filter_: RegistrationFilter | None = None
) -> tuple[Sql, Values]:
    """The SELECT of the records with these ids, in no certain order, and its values; registrations may be filtered."""
    values = {} if filter_ is None else REGISTRATION_LIST.values(filter_)
    sql = _rows_statement(COLUMNS[kind], columns, frozenset(values), only_one=len(ids) == 1)
    return sql, values | ({"id": ids[0]} if len(ids) == 1 else {"ids": ids})


@lru_cache(SHAPES_KEPT)
def _rows_statement(
    listed: Columns[Any], columns: tuple[Column, ...], conditions: frozenset[str], *, only_one: bool
) -> Sql:
    records = listed.source
    by_id = records.c.id == (_ID if only_one else any_(_IDS))  # asyncpg encodes a single id in half the time
    source, selected = joined(listed.record_type, records, records, columns)
    statement = select(records.c.id, *selected).select_from(source)
    return compile_statement(statement.where(by_id, *REGISTRATION_LIST.conditions(conditions)))


def kinds_statement(ids: Sequence[str], user_id: str | None, *, only_of_user: bool) -> tuple[Sql, Values]:
    """The SELECT of the kind, by its name in `KINDS`, and the id of each record with one of these ids; and its values.

    With `only_of_user`, it finds no other user than that with the `user_id`, and only their registrations.
    """
    return _kinds_statement(only_of_user=only_of_user), {"ids": ids_of(ids), "only_user_id": user_id}


@cache
def _kinds_statement(*, only_of_user: bool) -> Sql:
    found = []
    for name, kind in KINDS.items():
        record = COLUMNS[kind].source.c
        statement = select(literal(name, Text), record.id).where(record.id == any_(_IDS))
        if only_of_user and kind in OWNERS:
            statement = statement.where(record[OWNERS[kind]] == _ONLY_USER_ID)
        found.append(statement)
    return compile_statement(union_all(*found))
