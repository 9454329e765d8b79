"""The command `registrations`."""

import asyncio
import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from registrations import server
from registrations.auth.opening import KeysUnreadable, check_keys
from registrations.auth.tokens import mint
from registrations.data.seed.loading import NotEmpty, load
from registrations.data.seed.organisation import ImpossibleSizes, Organisation, Sizes
from registrations.data.v5.importing import Tally, import_files
from registrations.data.v5.values import Wrong, percentage
from registrations.domain.access import Scope
from registrations.domain.outage import Unavailable
from registrations.graphql.contract.schema import schema_definition
from registrations.http.loopback import is_loopback
from registrations.settings import Settings
from registrations.storage.connections.embedded import EmbeddedPostgresError
from registrations.storage.connections.migration import SchemaIsOld
from registrations.storage.connections.migration import migrate as migrate_database
from registrations.storage.connections.startup import DatabaseUnreachable, connect, database_url, open_database
from registrations.telemetry.metrics import shared_metrics
from registrations.telemetry.traces import TracingImpossible, traces_wanted

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
console = Console(stderr=True)


@app.callback()
def registrations() -> None:
    """The GraphQL gateway over registrations."""
    # Left to its default, SIGTERM would end the process before the embedded server is stopped.
    if threading.current_thread() is threading.main_thread():  # the only one that may say so
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


class NobodySignsIn(Exception):
    """The gateway would answer other machines and ask nobody who they are."""

    def __str__(self) -> str:
        return (
            "Without authentication anybody may do anything, so the gateway listens on 127.0.0.1 only: to listen "
            "elsewhere, set REGISTRATIONS_AUTH_SECRET or REGISTRATIONS_AUTH_JWKS."
        )


class PortTaken(Exception):
    """Another process listens where the gateway is to."""


TO_BE_MENDED = (
    DatabaseUnreachable,
    EmbeddedPostgresError,
    ImpossibleSizes,
    KeysUnreadable,
    NobodySignsIn,
    NotEmpty,
    OSError,
    PortTaken,
    SchemaIsOld,
    TracingImpossible,
)


@contextmanager
def explained_failures() -> Iterator[None]:
    """Ends the command with one readable line where the operator, not the program, has something to mend."""
    try:
        yield
    except TO_BE_MENDED as error:
        _complain(error)
        raise typer.Exit(1) from error
    except Unavailable as error:
        _complain(f"The database does not answer any more: {error.__cause__}")
        raise typer.Exit(1) from error
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(map(str, problem["loc"])).upper()
            where = f"REGISTRATIONS_{name}: " if name else ""
            _complain(f"{where}{problem['msg'].removeprefix('Value error, ')}")
        raise typer.Exit(1) from error


def _complain(problem: object) -> None:
    console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes any.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the port.")] = 1,
    reload: Annotated[bool, typer.Option("--reload", help="Start again when the code changes.")] = False,
) -> None:
    """Serve the gateway until Ctrl-C."""

    async def check(settings: Settings) -> None:
        await check_keys(settings)
        async with open_database(settings):
            pass

    if reload and workers > 1:
        raise typer.BadParameter("--reload goes with one worker only.")
    with explained_failures():
        traces_wanted(os.environ)
    if reload:
        os.environ["REGISTRATIONS_DRAIN_SECONDS"] = "0"  # each change would wait for load balancers that aren't there
    # The port comes first: whoever is greeted can connect, and waits where the first worker still starts.
    with explained_failures(), ExitStack() as stack:
        listeners = _listen(settings := Settings(), host, port, workers)
        for listener in listeners:
            stack.enter_context(listener)
        stack.enter_context(database_url(settings))
        asyncio.run(check(settings))
        _greet(f"{server.address(listeners[0])}/graphql", settings)
        if workers > 1:
            stack.enter_context(shared_metrics())
        server.serve(listeners, reload=reload)


def _listen(settings: Settings, host: str, port: int, workers: int) -> list[socket.socket]:
    if not settings.authentication and not is_loopback(host):
        raise NobodySignsIn
    try:
        return server.listen(host, port, workers)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(
            f"Port {port} of {host} is taken: stop what listens there, or choose another by --port."
        ) from error


def _greet(address: str, settings: Settings) -> None:
    console.print(_greeting(address), markup=False, highlight=False, soft_wrap=True)
    if not settings.authentication:
        warning = "WARNING: nobody has to sign in. Every program of this machine may read and change everything."
        console.print(f"{warning}\n", style="bold yellow", soft_wrap=True)


def _greeting(address: str) -> str:
    query = "{ registrations(first: 3) { totalCount nodes { id status user { firstName lastName } title } } }"
    return f"""
GraphQL is at {address}: open it in a browser to explore, or try

  curl {address} -H 'content-type: application/json' -d '{{"query": "{query}"}}'

Ctrl-C stops the gateway.
"""


@app.command()
def migrate() -> None:
    """Bring the database to the schema that this version needs."""

    async def run() -> str:
        async with connect(Settings()) as database:
            return await migrate_database(database)

    with explained_failures():
        console.print(f"The database is at schema {asyncio.run(run())}.")


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    typer.echo(schema_definition())


@app.command()
def token(
    user: Annotated[str, typer.Argument(help="The id of the user whom the token is for.")],
    scope: Annotated[list[Scope] | None, typer.Option(help="What it allows, as often as needed.")] = None,
    minutes: Annotated[int, typer.Option(min=1, help="For how long it is valid.")] = 60,
) -> None:
    """Print a token for development, signed with REGISTRATIONS_AUTH_SECRET."""
    with explained_failures():
        ways = Settings().authentication
    if not ways or not ways.secret:
        raise typer.BadParameter("Tokens are signed with REGISTRATIONS_AUTH_SECRET: set it.")
    typer.echo(mint(ways.secret, ways.issuer, ways.audience, user, scope or (), minutes * 60, ways.scope_claim))


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

    async def run() -> None:
        async with open_database(Settings()) as database:
            await load(database, organisation, console)

    with explained_failures():
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        organisation = Organisation(Sizes(users, courses, offerings, registrations), seed, today)
        try:
            asyncio.run(run())
        except NotEmpty:
            if not when_empty:
                raise


def _percentage(value: float | None) -> float | None:
    try:
        return None if value is None else percentage(value)
    except Wrong as error:
        raise typer.BadParameter(str(error)) from error


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="JSON pages, arrays or records, or lines of them.")],
    passing_grade: Annotated[
        float | None,
        typer.Option(callback=_percentage, help="Of a course made for each offering that names none, in percent."),
    ] = None,
) -> None:
    """Store the users, courses, offerings and registrations that the v5 REST API returned; again does no harm."""

    async def run() -> Tally:
        async with open_database(Settings()) as database:
            return await import_files(database, files, passing_grade, _complain, console)

    with explained_failures():
        tally = asyncio.run(run())
    console.print(str(tally))
    raise typer.Exit(tally.bad > 0)
