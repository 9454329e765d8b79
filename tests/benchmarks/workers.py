"""What a second worker process brings."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.machine import ALL_CORES, describe
from tests.benchmarks.measure import Effort, measure
from tests.benchmarks.report import FIGURES, Report, figures, in_turn
from tests.benchmarks.scenarios import choose_reads
from tests.benchmarks.servers import serving
from tests.benchmarks.session import SIZE, session


def workers(effort: Effort, folder: Path) -> Report:
    machine = describe()
    with session(folder, SIZE, choose_reads) as prepared, ExitStack() as stack:
        servers = [
            replace(
                stack.enter_context(serving("gateway", prepared.database_url, ALL_CORES, (f"--workers={amount}",))),
                name=str(amount),
            )
            for amount in (1, 2)
        ]
        lines = [
            [scenario.name, amount, *figures(cost)]
            for scenario in in_turn(prepared.scenarios)
            for amount, cost in measure(servers, scenario, effort, prepared.database_pid).items()
        ]
    how = (
        "Workers may use every core, and share the one of the load generator and PostgreSQL: where there are but two "
        f"cores, the second worker has less than one. Medians of {effort.rounds} rounds of {effort.seconds} s. "
        f"{machine}."
    )
    return Report(how, ("scenario", "workers", *FIGURES), lines)
