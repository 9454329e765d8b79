"""The command `registrations`."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from registrations.data.seed.loading import NotEmpty, load
from registrations.data.seed.organisation import ImpossibleSizes, Organisation, Sizes
from registrations.settings import Settings
from registrations.storage.database import Database, database_url
from registrations.storage.embedded import EmbeddedPostgresError
from registrations.storage.migration import SchemaIsOld, check_schema
from registrations.storage.migration import migrate as migrate_database

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
console = Console(stderr=True)


@contextmanager
def explained_failures() -> Iterator[None]:
    """Ends the command with one readable line where the operator, not the program, has something to mend."""
    try:
        yield
    except (EmbeddedPostgresError, SchemaIsOld, ImpossibleSizes, NotEmpty, OSError) as error:
        console.print(f"[red]{error}")
        raise typer.Exit(1) from error
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(map(str, problem["loc"])).upper()
            console.print(f"[red]REGISTRATIONS_{name}: {problem['msg']}")
        raise typer.Exit(1) from error


@asynccontextmanager
async def open_database(url: str, settings: Settings) -> AsyncIterator[Database]:
    """The database with the schema that this version needs: the embedded one is brought to it, any other is checked."""
    database = Database(url, settings.pool_size)
    try:
        if settings.database_url:
            await check_schema(database)
        else:
            await migrate_database(database)
        yield database
    finally:
        await database.close()


@app.command()
def migrate() -> None:
    """Bring the database to the schema that this version needs."""

    async def run(url: str) -> str:
        database = Database(url)
        try:
            return await migrate_database(database)
        finally:
            await database.close()

    with explained_failures(), database_url(Settings()) as url:
        console.print(f"The database is at schema {asyncio.run(run(url))}.")


@app.command()
def seed(
    users: Annotated[int, typer.Option(min=1)] = 2_000,
    courses: Annotated[int, typer.Option(min=1)] = 40,
    offerings: Annotated[int, typer.Option(min=1)] = 120,
    registrations: Annotated[int, typer.Option(min=0)] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed and sizes give the same records all day.")] = 1,
    when_empty: Annotated[bool, typer.Option("--when-empty", help="Do nothing where there are records.")] = False,
) -> None:
    """Fill an empty database with a made-up organisation."""

    async def run(url: str, settings: Settings) -> None:
        async with open_database(url, settings) as database:
            await load(database, organisation, console)

    with explained_failures():
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        organisation = Organisation(Sizes(users, courses, offerings, registrations), seed, today)
        with database_url(settings := Settings()) as url:
            try:
                asyncio.run(run(url, settings))
            except NotEmpty:
                if not when_empty:
                    raise
