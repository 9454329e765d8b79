"""Records and the columns that hold them: each field of a record has a column of its name."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, select

from registrations.domain import records
from registrations.storage.tables import SQLModel

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


class Columns(Generic[R]):
    """The columns of a table in the order of a record's fields, and the way back from their values."""

    def __init__(self, record: type[R], source: FromClause, make: Callable[..., R] | None = None) -> None:
        self.source = source
        self.names = tuple(field.name for field in fields(record))
        self.all: list[ColumnElement[Any]] = [source.c[name] for name in self.names]
        self.record_type: type[R] = record
        self._make = make or record

    def of(self, source: FromClause) -> "Columns[R]":
        """The same columns of an alias or a subquery of the table."""
        return Columns(self.record_type, source, self._make)

    def select(self) -> Select[Any]:
        return select(*self.all)

    def record(self, values: Sequence[Any]) -> R:
        return self._make(*values)

    def records(self, rows: Sequence[Sequence[Any]]) -> list[R]:
        return [self._make(*row) for row in rows]


def _registration(id_: str, user_id: str, offering_id: str, status: str, *rest: Any) -> records.Registration:
    return records.Registration(id_, user_id, offering_id, records.Status(status), *rest)


_TABLES = SQLModel.metadata.tables

USERS = Columns(records.User, _TABLES["users"])
COURSES = Columns(records.Course, _TABLES["courses"])
OFFERINGS = Columns(records.Offering, _TABLES["offerings"])
REGISTRATIONS = Columns(records.Registration, _TABLES["registrations"], _registration)
