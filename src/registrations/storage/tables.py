"""The tables. A test compares them with what the migrations make."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    DateTime,
    ForeignKey,
    Index,
    Text,
    TypeDecorator,
    collate,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import UUID
from sqlmodel import Field, SQLModel

from registrations.domain.records import ORDER_FIELDS, Status

__all__ = ["Course", "Offering", "Registration", "SQLModel", "User"]


class Id(TypeDecorator[str]):
    """A 32-hex id, stored as a 16-byte `uuid`; connections convert it (see `connections.database`)."""

    impl = UUID(as_uuid=False)
    cache_ok = True


class Instant(TypeDecorator[datetime]):
    impl = DateTime(timezone=True)
    cache_ok = True


def folded(title: ColumnElement[str]) -> ColumnElement[str]:
    """The title in lower case by Unicode's rules, whatever the locale of the database."""
    return func.lower(collate(title, "pg_c_utf8"))


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: str = Field(sa_type=Id, primary_key=True)
    first_name: str = Field(sa_type=Text)
    last_name: str = Field(sa_type=Text)
    username: str = Field(sa_type=Text, unique=True)
    email: str = Field(sa_type=Text)
    created_date: datetime = Field(sa_type=Instant)


class Course(SQLModel, table=True):
    __tablename__ = "courses"
    __table_args__ = (
        CheckConstraint("passing_grade_percentage BETWEEN 0 AND 100", name="courses_passing_grade_is_percentage"),
    )

    id: str = Field(sa_type=Id, primary_key=True)
    title: str = Field(sa_type=Text)
    passing_grade_percentage: float


class Offering(SQLModel, table=True):
    __tablename__ = "offerings"
    __table_args__ = (Index("offerings_by_course", "course_id"),)

    id: str = Field(sa_type=Id, primary_key=True)
    course_id: str = Field(sa_type=Id, sa_column_args=[ForeignKey("courses.id")])
    title: str = Field(sa_type=Text)
    retakes_allowed: bool
    created_date: datetime = Field(sa_type=Instant)
    begin_date: datetime | None = Field(sa_type=Instant)
    end_date: datetime | None = Field(sa_type=Instant)
    registration_begin_date: datetime | None = Field(sa_type=Instant)
    registration_end_date: datetime | None = Field(sa_type=Instant)


class Registration(SQLModel, table=True):
    __tablename__ = "registrations"
    __table_args__ = (
        CheckConstraint("status IN ('ACTIVE', 'PASSED', 'FAILED', 'EJECTED')", name="registrations_status_known"),
        CheckConstraint("grade_percentage BETWEEN 0 AND 100", name="registrations_grade_is_percentage"),
        CheckConstraint("status <> 'ACTIVE' OR end_date IS NULL", name="registrations_active_has_no_end"),
        CheckConstraint(
            "status IN ('PASSED', 'FAILED') OR grade_percentage IS NULL",
            name="registrations_ungraded_has_no_grade",
        ),
        Index(
            "registrations_one_active",
            "user_id",
            "offering_id",
            unique=True,
            postgresql_where=text("status = 'ACTIVE'"),
        ),
        Index("registrations_by_user", "user_id", "created_date", "id"),
        Index("registrations_by_status", "status", "created_date", "id"),
    )

    id: str = Field(sa_type=Id, primary_key=True)
    user_id: str = Field(sa_type=Id, sa_column_args=[ForeignKey("users.id")])
    offering_id: str = Field(sa_type=Id, sa_column_args=[ForeignKey("offerings.id")])
    status: Status = Field(sa_type=Text)
    created_date: datetime = Field(sa_type=Instant)
    grade_percentage: float | None
    grader_id: str | None = Field(sa_type=Id, sa_column_args=[ForeignKey("users.id")])
    grader_comment: str | None = Field(sa_type=Text)
    begin_date: datetime | None = Field(sa_type=Instant)
    last_active_date: datetime | None = Field(sa_type=Instant)
    end_date: datetime | None = Field(sa_type=Instant)


PARENTS: Mapping[str, Sequence[str]] = {"registrations": ["offering_id"]}
"""By what the lists of a table are often narrowed, where that leaves too many rows to sort; a user's are few."""


def add_indexes_of_orders() -> None:
    """Gives each sort order an index over all rows of its table and one over those of each parent.

    An index also serves ranges of the column, and is read in both directions.
    """
    for kind, order_fields in ORDER_FIELDS.items():
        table = SQLModel.metadata.tables[f"{kind.__name__.lower()}s"]
        for field in order_fields:
            key = table.c[field]
            sort_key = folded(key) if isinstance(key.type, Text) else key
            Index(f"{table.name}_by_{field}", sort_key, table.c.id)
            for parent in PARENTS.get(table.name, ()):
                name = f"{table.name}_by_{parent.removesuffix('_id')}_and_{field}"
                Index(name, table.c[parent], sort_key, table.c.id)


add_indexes_of_orders()
