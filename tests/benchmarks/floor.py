"""The floor: what an endpoint costs that is written by hand, for one question each, and knows nothing else.

Starlette, asyncpg's own pool, one joined SELECT, orjson. It needs `DATABASE_URL`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.benchmarks.cursors import read_cursor, write_cursor

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

JOINED = """
SELECT r.id, r.status, r.grade_percentage, r.created_date,
       u.id AS user_id, u.first_name, u.last_name, u.email, o.id AS offering_id, o.title
FROM registrations r JOIN users u ON u.id = r.user_id JOIN offerings o ON o.id = r.offering_id
"""
NEWEST = f"{JOINED} ORDER BY r.created_date DESC, r.id DESC LIMIT $1"
OLDER = f"{JOINED} WHERE (r.created_date, r.id) < ($2, $3) ORDER BY r.created_date DESC, r.id DESC LIMIT $1"
BY_ID = f"{JOINED} WHERE r.id = $1"
LOCK = """
SELECT r.end_date, c.passing_grade_percentage
FROM registrations r JOIN offerings o ON o.id = r.offering_id JOIN courses c ON c.id = o.course_id
WHERE r.id = $1 FOR UPDATE OF r
"""
SAVE = """
UPDATE registrations SET status = $2, grade_percentage = $3, grader_comment = $4, end_date = $5, grader_id = NULL
WHERE id = $1
"""


async def list_registrations(request: Request) -> Response:
    first, after = int(request.query_params["first"]), request.query_params.get("after")
    pool: Pool = request.state.pool
    rows = await (pool.fetch(OLDER, first + 1, *read_cursor(after)) if after else pool.fetch(NEWEST, first + 1))
    edges = [{"cursor": write_cursor(row["created_date"], row["id"]), "node": as_json(row)} for row in rows[:first]]
    end = edges[-1]["cursor"] if edges else None
    page_info = {"hasNextPage": len(rows) > first, "endCursor": end}
    return respond({"registrations": {"edges": edges, "pageInfo": page_info}})


async def show_registration(request: Request) -> Response:
    row = await request.state.pool.fetchrow(BY_ID, request.path_params["id"])
    return respond({"registration": as_json(row) if row else None})


async def assign_grade(request: Request) -> Response:
    id_ = request.path_params["id"]
    given = orjson.loads(await request.body())
    grade, comment = float(given["gradePercentage"]), given["comment"]
    async with request.state.pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(LOCK, id_)
        if row is None or not 0 <= grade <= 100:
            return Response(status_code=422)
        status = "PASSED" if grade >= row["passing_grade_percentage"] else "FAILED"
        end_date = row["end_date"] or datetime.now(UTC)
        await connection.execute(SAVE, id_, status, grade, comment, end_date)
    graded = {"id": id_, "status": status, "gradePercentage": grade, "graderComment": comment, "endDate": end_date}
    return respond({"assignGrade": {"registration": graded}})


def as_json(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "status": row["status"],
        "gradePercentage": row["grade_percentage"],
        "createdDate": row["created_date"],
        "user": {
            "id": row["user_id"],
            "firstName": row["first_name"],
            "lastName": row["last_name"],
            "email": row["email"],
        },
        "offering": {"id": row["offering_id"], "title": row["title"]},
    }


def respond(data: dict[str, Any]) -> Response:
    return Response(orjson.dumps({"data": data}, option=orjson.OPT_UTC_Z), media_type="application/json")


async def ids_as_text(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", encoder=bytes.fromhex, decoder=bytes.hex, format="binary"
    )


def create_app(database_url: str | None = None) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, Pool]]:
        async with asyncpg.create_pool(database_url or os.environ["DATABASE_URL"], init=ids_as_text) as pool:
            yield {"pool": pool}

    routes = [
        Route("/registrations", list_registrations),
        Route("/registrations/{id}", show_registration),
        Route("/registrations/{id}/grade", assign_grade, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
