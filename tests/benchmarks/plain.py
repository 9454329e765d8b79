"""The same schema as the documentation of Strawberry and SQLModel shows how to write it: what there is to gain.

Sessions, data loaders and Strawberry's own view; of the gateway only its tables. It needs `DATABASE_URL`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Self

import asyncpg
import strawberry
from sqlalchemy import literal, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.schema.config import StrawberryConfig

from registrations.domain.records import Status
from registrations.storage import tables
from tests.benchmarks.cursors import read_cursor, write_cursor


@strawberry.enum
class RegistrationStatus(Enum):
    ACTIVE = "ACTIVE"
    PASSED = "PASSED"
    FAILED = "FAILED"
    EJECTED = "EJECTED"


@strawberry.type
class User:
    id: strawberry.ID
    first_name: str
    last_name: str
    email: str


@strawberry.type
class Offering:
    id: strawberry.ID
    title: str


@strawberry.type
class Registration:
    id: strawberry.ID
    status: RegistrationStatus
    grade_percentage: float | None
    grader_comment: str | None
    created_date: datetime
    end_date: datetime | None
    user_id: strawberry.Private[str]
    offering_id: strawberry.Private[str]

    @strawberry.field
    async def user(self, info: strawberry.Info) -> User:
        user = await info.context["users"].load(self.user_id)
        return User(id=strawberry.ID(user.id), first_name=user.first_name, last_name=user.last_name, email=user.email)

    @strawberry.field
    async def offering(self, info: strawberry.Info) -> Offering:
        offering = await info.context["offerings"].load(self.offering_id)
        return Offering(id=strawberry.ID(offering.id), title=offering.title)

    @classmethod
    def of(cls, row: tables.Registration) -> Self:
        return cls(
            id=strawberry.ID(row.id),
            status=RegistrationStatus(row.status),
            grade_percentage=row.grade_percentage,
            grader_comment=row.grader_comment,
            created_date=row.created_date,
            end_date=row.end_date,
            user_id=row.user_id,
            offering_id=row.offering_id,
        )


@strawberry.type
class RegistrationEdge:
    cursor: str
    node: Registration


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class RegistrationConnection:
    edges: list[RegistrationEdge]
    page_info: PageInfo


@strawberry.type
class Query:
    @strawberry.field
    async def registrations(
        self, info: strawberry.Info, first: int = 15, after: str | None = None
    ) -> RegistrationConnection:
        created_date, id_ = col(tables.Registration.created_date), col(tables.Registration.id)
        statement = select(tables.Registration).order_by(created_date.desc(), id_.desc()).limit(first + 1)
        if after:
            date, last = read_cursor(after)
            place = tuple_(literal(date, tables.Instant()), literal(last, tables.Id()))
            statement = statement.where(tuple_(created_date, id_) < place)
        async with AsyncSession(info.context["engine"]) as session:
            rows = (await session.exec(statement)).all()
        edges = [
            RegistrationEdge(cursor=write_cursor(row.created_date, row.id), node=Registration.of(row))
            for row in rows[:first]
        ]
        end_cursor = edges[-1].cursor if edges else None
        return RegistrationConnection(
            edges=edges, page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end_cursor)
        )

    @strawberry.field
    async def registration(self, info: strawberry.Info, id: strawberry.ID) -> Registration | None:
        async with AsyncSession(info.context["engine"]) as session:
            row = await session.get(tables.Registration, id)
        return Registration.of(row) if row else None


@strawberry.input
class AssignGradeInput:
    registration_id: strawberry.ID
    grade_percentage: float
    comment: str | None = None


@strawberry.type
class FieldError:
    code: str
    field: str
    message: str


@strawberry.type
class AssignGradeSuccess:
    registration: Registration


@strawberry.type
class AssignGradeFailure:
    field_errors: list[FieldError]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def assign_grade(
        self, info: strawberry.Info, input: AssignGradeInput
    ) -> AssignGradeSuccess | AssignGradeFailure:
        statement = (
            select(tables.Registration, tables.Course)
            .join(tables.Offering, col(tables.Offering.id) == col(tables.Registration.offering_id))
            .join(tables.Course, col(tables.Course.id) == col(tables.Offering.course_id))
            .where(tables.Registration.id == input.registration_id)
            .with_for_update(of=tables.Registration)
        )
        async with AsyncSession(info.context["engine"], expire_on_commit=False) as session:
            found = (await session.exec(statement)).first()
            if found is None:
                missing = FieldError(
                    code="REGISTRATION_NOT_FOUND", field="registrationId", message="There is no such registration."
                )
                return AssignGradeFailure(field_errors=[missing])
            registration, course = found
            passed = input.grade_percentage >= course.passing_grade_percentage
            registration.status = Status.PASSED if passed else Status.FAILED
            registration.grade_percentage = input.grade_percentage
            registration.grader_comment = input.comment
            registration.end_date = registration.end_date or datetime.now(UTC)
            await session.commit()
        return AssignGradeSuccess(registration=Registration.of(registration))


class View(GraphQL[dict[str, Any], None]):
    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(SCHEMA)
        self.engine = engine

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        async def load_users(ids: list[str]) -> list[tables.User]:
            async with AsyncSession(self.engine) as session:
                rows = await session.exec(select(tables.User).where(col(tables.User.id).in_(ids)))
                found = {row.id: row for row in rows}
            return [found[id_] for id_ in ids]

        async def load_offerings(ids: list[str]) -> list[tables.Offering]:
            async with AsyncSession(self.engine) as session:
                rows = await session.exec(select(tables.Offering).where(col(tables.Offering.id).in_(ids)))
                found = {row.id: row for row in rows}
            return [found[id_] for id_ in ids]

        users, offerings = DataLoader(load_users), DataLoader(load_offerings)
        return {
            "request": request, "response": response, "engine": self.engine, "users": users, "offerings": offerings
        }  # fmt: skip


SCHEMA = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(
        scalar_map={
            datetime: strawberry.scalar(
                name="DateTime", serialize=lambda value: value.isoformat().replace("+00:00", "Z")
            )
        }
    ),
)


def create_app(database_url: str | None = None) -> Starlette:
    url = database_url or os.environ["DATABASE_URL"]

    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        connection = await asyncpg.connect(url)
        await connection.set_type_codec(
            "uuid", schema="pg_catalog", encoder=bytes.fromhex, decoder=bytes.hex, format="binary"
        )
        return connection

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    return Starlette(routes=[Route("/graphql", View(engine))], lifespan=lifespan)
