"""The command `registrations`."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import typer
from pydantic import ValidationError
from rich.console import Console

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
    except (EmbeddedPostgresError, SchemaIsOld, OSError) as error:
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
