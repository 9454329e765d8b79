"""Running statements on a connection."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

import asyncpg

from registrations.storage.statements.sql import Sql

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Rows: TypeAlias = Sequence[Sequence[Any]]  # asyncpg's records are sequences, though their type is not declared as one


async def run(connection: Connection, sql: Sql, values: Mapping[str, Any]) -> Rows:
    """All rows that the statement returns."""
    return cast("Rows", await connection.fetch(sql.text, *sql.arguments(values)))
