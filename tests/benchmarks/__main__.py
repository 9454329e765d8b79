"""The command behind `scripts/bench`."""

import signal
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.benchmarks import compare, scale, tails, workers
from tests.benchmarks.answers import AnswersDiffer
from tests.benchmarks.dataset import default_folder
from tests.benchmarks.measure import Effort, RequestsFailed
from tests.benchmarks.report import Report
from tests.benchmarks.scenarios import NAMES
from tests.benchmarks.servers import KINDS

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console()

Rounds = Annotated[int, typer.Option(min=1, help="How often each server is measured; medians count.")]
Seconds = Annotated[int, typer.Option(min=1, help="How long each time.")]
Folder = Annotated[Path, typer.Option(envvar="BENCH_DIR", help="Where databases are kept for the next time.")]
Markdown = Annotated[Path | None, typer.Option(help="A file that the table is written to.")]
Names = Annotated[str, typer.Option(help="Some of them, with commas in between.")]

FOLDER = default_folder()
ALL_SCENARIOS = ",".join(NAMES)
ALL_SERVERS = ",".join(KINDS)


@app.callback(invoke_without_command=True)
def compare_servers(
    context: typer.Context,
    rounds: Rounds = 5,
    seconds: Seconds = 2,
    scenarios: Names = ALL_SCENARIOS,
    servers: Names = ALL_SERVERS,
    folder: Folder = FOLDER,
    markdown: Markdown = None,
) -> None:
    """Compare the gateway with a hand-written endpoint and with Strawberry as its documentation shows it.

    Of coldList and coldOne each request brings a document that was never sent before.
    """
    # Left to its default, SIGTERM would end this process and leave the servers.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    if context.invoked_subcommand:
        return
    try:
        report = compare.compare(_named(servers, KINDS), _named(scenarios, NAMES), Effort(rounds, seconds), folder)
    except (AnswersDiffer, RequestsFailed) as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    _show(report, markdown)


def _named(text: str, known: Collection[str]) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in known]:
        raise typer.BadParameter(f"There is no {unknown[0]!r}, but {', '.join(known)}.")
    return names


@app.command("scale")
def scale_database(
    sizes: Names = "10000,200000,1000000",
    rounds: Rounds = 5,
    seconds: Seconds = 2,
    folder: Folder = FOLDER,
    markdown: Markdown = None,
) -> None:
    """Measure pages of growing databases."""
    _show(scale.scale([int(size) for size in sizes.split(",")], Effort(rounds, seconds), folder), markdown)


@app.command("workers")
def compare_workers(
    rounds: Rounds = 5, seconds: Seconds = 2, folder: Folder = FOLDER, markdown: Markdown = None
) -> None:
    """Compare two worker processes with one."""
    _show(workers.workers(Effort(rounds, seconds), folder), markdown)


@app.command("tails")
def measure_tails(rounds: Rounds = 5, seconds: Seconds = 2, folder: Folder = FOLDER, markdown: Markdown = None) -> None:
    """Measure the slowest requests beside a stream of new documents, and the pauses of the garbage collector."""
    _show(tails.tails(Effort(rounds, seconds), folder), markdown)


def _show(report: Report, markdown: Path | None) -> None:
    report.show(console)
    if markdown:
        report.write(markdown)


app()
