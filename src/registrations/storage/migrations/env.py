"""Run by Alembic: on the connection of `registrations migrate`, or for the `alembic` command on one by the settings."""

import asyncio
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator

from registrations.settings import Settings
from registrations.storage.connections.migration import alembic_connection
from registrations.storage.connections.startup import connect
from registrations.storage.tables import Registration


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Renders our own types as the types they are built on: a migration must not change when the code does."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Registration.metadata, render_item=render_item)
    with context.begin_transaction():
        context.run_migrations()


async def run_by_settings() -> None:
    async with connect(Settings()) as database, alembic_connection(database) as connection:
        await connection.run_sync(run)


if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    asyncio.run(run_by_settings())
