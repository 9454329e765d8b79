"""Rows: the id of a record, then selected columns of that record and of those that it refers to."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause

from registrations.domain.listing import Related
from registrations.domain.records import Offering, Record, Registration
from registrations.storage.statements.columns import COURSES, OFFERINGS, USERS

Row = Sequence[Any]

ID, HEADER = range(2)  # the index of the id in a row, and of the first column


class Column(NamedTuple):
    """A column of the record itself or, with `of`, of a record that it refers to."""

    name: str
    of: Related | None = None


class Join(NamedTuple):
    """A table that is joined by the `key`, a column of the record itself or of one that was joined before."""

    table: FromClause
    key: str
    key_of: Related | None = None


JOINS: Mapping[type[Record], Mapping[Related, Join]] = {
    Offering: {Related.COURSE: Join(COURSES.source, "course_id")},
    Registration: {
        Related.USER: Join(USERS.source.alias("registered"), "user_id"),
        Related.GRADER: Join(USERS.source.alias("graders"), "grader_id"),
        Related.OFFERING: Join(OFFERINGS.source, "offering_id"),
        Related.COURSE: Join(COURSES.source, "course_id", key_of=Related.OFFERING),
    },
}


def joined(
    kind: type[Record], records: FromClause, source: FromClause, columns: Sequence[Column]
) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """The `source`, which has `records` of that kind, joined with the tables of all columns; and the columns."""
    joins = JOINS.get(kind, {})
    needed = {column.of for column in columns}
    needed |= {joins[relation].key_of for relation in needed if relation}
    tables: dict[Related | None, FromClause] = {None: records}
    for relation, (table, key, key_of) in joins.items():
        if relation in needed:
            tables[relation] = table
            source = source.outerjoin(table, table.c.id == tables[key_of].c[key])
    return source, [tables[column.of].c[column.name] for column in columns]
