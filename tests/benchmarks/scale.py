"""What the gateway and its database pay for a page as the database grows."""

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.machine import describe
from tests.benchmarks.measure import Effort, measure
from tests.benchmarks.report import FIGURES, Report, figures, in_turn
from tests.benchmarks.scenarios import choose_reads
from tests.benchmarks.servers import serving
from tests.benchmarks.session import session


def scale(sizes: Sequence[int], effort: Effort, folder: Path) -> Report:
    machine, lines = describe(), []
    for size in sizes:
        with session(folder, size, choose_reads) as prepared, serving("gateway", prepared.database_url) as gateway:
            for scenario in in_turn(prepared.scenarios):
                [cost] = measure([gateway], scenario, effort, prepared.database_pid).values()
                lines.append([scenario.name, f"{size:,}", *figures(cost)])
    lines.sort(key=lambda line: line[0])
    how = f"The gateway alone on one core; medians of {effort.rounds} rounds of {effort.seconds} s. {machine}."
    return Report(how, ("scenario", "registrations", *FIGURES), lines)
