"""Tables, for a terminal and as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.benchmarks.measure import Cost
from tests.benchmarks.scenarios import Scenario

FIGURES = "CPU ms", "DB CPU ms", "req/s", "p50 ms", "p99 ms"


@dataclass(frozen=True)
class Report:
    """Lines under `columns`, and in a sentence how they came about."""

    how: str
    columns: Sequence[str]
    lines: Sequence[Sequence[str]]
    named: int = 2  # columns that say what was measured, and no figure

    def show(self, console: Console) -> None:
        table = Table(box=SIMPLE)
        for place, column in enumerate(self.columns):
            table.add_column(column, justify="left" if place < self.named else "right")
        for line in self.lines:
            table.add_row(*line)
        console.print(self.how)
        console.print(table)

    def write(self, path: Path) -> None:
        marks = ["---" if place < self.named else "---:" for place in range(len(self.columns))]
        rows = [f"| {' | '.join(cells)} |" for cells in (self.columns, marks, *self.lines)]
        path.write_text("\n".join([self.how, "", *rows, ""]))


def in_turn(scenarios: Sequence[Scenario]) -> Iterable[Scenario]:
    """The scenarios, while somebody who waits can see how many are left."""
    return track(scenarios, "Measuring", console=Console(stderr=True), transient=True)


def figures(cost: Cost) -> list[str]:
    return [
        f"{cost.cpu:.3f}", f"{cost.database_cpu:.3f}", f"{cost.rate:,.0f}", f"{cost.p50:.2f}", f"{cost.p99:.2f}"
    ]  # fmt: skip
