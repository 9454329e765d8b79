"""Records and the columns that hold them: each field of a record has a column of its name."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, Table, select

from registrations.domain import records
from registrations.domain.records import Record
from registrations.storage.tables import SQLModel

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


class Columns(Generic[R]):
    """The columns of a table in the order of a record's fields, and the way back from their values."""

    def __init__(self, record_type: type[R], source: Table, make: Callable[..., R] | None = None) -> None:
        self.record_type: type[R] = record_type
        self.source = source
        self.names = tuple(field.name for field in fields(record_type))
        self.all: list[ColumnElement[Any]] = [source.c[name] for name in self.names]
        self._make = make or record_type

    def select(self) -> Select[Any]:
        return select(*self.all)

    def record(self, values: Sequence[Any]) -> R:
        return self._make(**dict(zip(self.names, values, strict=True)))

    def records(self, rows: Sequence[Sequence[Any]]) -> list[R]:
        return list(map(self.record, rows))


def _registration(status: str, **others: Any) -> records.Registration:
    return records.Registration(status=records.Status(status), **others)


_TABLES = SQLModel.metadata.tables

USERS = Columns(records.User, _TABLES["users"])
COURSES = Columns(records.Course, _TABLES["courses"])
OFFERINGS = Columns(records.Offering, _TABLES["offerings"])
REGISTRATIONS = Columns(records.Registration, _TABLES["registrations"], _registration)

# In an order in which each kind of record refers only to those before it.
COLUMNS: dict[type[Record], Columns[Any]] = {
    columns.record_type: columns for columns in (USERS, COURSES, OFFERINGS, REGISTRATIONS)
}
