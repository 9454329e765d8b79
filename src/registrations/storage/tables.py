"""The one description of what is stored. Migrations follow it, and a test holds the two together."""

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

from registrations.domain.records import Status

__all__ = ["Course", "Offering", "Registration", "SQLModel", "User"]


class Id(TypeDecorator[str]):
    """A 32-hex id as PostgreSQL's 16-byte `uuid`; connections read and write it as the text (see `database`)."""

    impl = UUID(as_uuid=False)
    cache_ok = True


class Instant(TypeDecorator[datetime]):
    impl = DateTime(timezone=True)
    cache_ok = True


def folded(title: ColumnElement[str]) -> ColumnElement[str]:
    """The title in lower case: Unicode's, in every database, whatever locale that was made with."""
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

    id: str = Field(sa_type=Id, primary_key=True)
    course_id: str = Field(sa_type=Id, sa_column_args=[ForeignKey("courses.id")])
    title: str = Field(sa_type=Text)
    retakes_allowed: bool
    created_date: datetime = Field(sa_type=Instant)
    begin_date: datetime | None = Field(sa_type=Instant)
    end_date: datetime | None = Field(sa_type=Instant)
    registration_begin_date: datetime | None = Field(sa_type=Instant)
    registration_end_date: datetime | None = Field(sa_type=Instant)


_OFFERINGS = SQLModel.metadata.tables["offerings"].c
Index("offerings_by_course", _OFFERINGS.course_id)
Index("offerings_by_title", folded(_OFFERINGS.title), _OFFERINGS.id)


class Registration(SQLModel, table=True):
    """Each list order has its index, of all registrations and of an offering's; a user's are few enough to sort.

    An index serves ranges of its date too, and reads in both directions.
    """

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
        Index("registrations_by_created_date", "created_date", "id"),
        Index("registrations_by_begin_date", "begin_date", "id"),
        Index("registrations_by_last_active_date", "last_active_date", "id"),
        Index("registrations_by_end_date", "end_date", "id"),
        Index("registrations_by_user", "user_id", "created_date", "id"),
        Index("registrations_by_offering", "offering_id", "created_date", "id"),
        Index("registrations_by_offering_and_begin_date", "offering_id", "begin_date", "id"),
        Index("registrations_by_offering_and_last_active_date", "offering_id", "last_active_date", "id"),
        Index("registrations_by_offering_and_end_date", "offering_id", "end_date", "id"),
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
