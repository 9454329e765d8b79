"""The gateway between floor and plain, over the same database, at the same time."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx

from tests.benchmarks.answers import ensure_same_answers
from tests.benchmarks.load import CONNECTIONS
from tests.benchmarks.machine import describe
from tests.benchmarks.measure import GENERATOR, Effort, measure
from tests.benchmarks.report import FIGURES, Report, figures, in_turn
from tests.benchmarks.scenarios import Scenario, choose_scenarios
from tests.benchmarks.servers import Server, serving
from tests.benchmarks.session import SIZE, Session, session

FLOOR = "floor"


def compare(names: Sequence[str], wanted: Sequence[str], effort: Effort, folder: Path) -> Report:
    """The wanted scenarios at the servers of these names, whose answers agree."""
    machine = describe()
    with session(folder, SIZE, choose_scenarios) as prepared, ExitStack() as stack:
        scenarios = [scenario for scenario in prepared.scenarios if scenario.name in wanted]
        servers = [stack.enter_context(serving(name, prepared.database_url)) for name in names]
        asyncio.run(_ensure_same_answers(scenarios, servers))
        lines = [line for scenario in in_turn(scenarios) for line in _lines(servers, scenario, effort, prepared)]
    how = (
        f"{SIZE:,} registrations; each server alone on one core, {GENERATOR} with {CONNECTIONS} connections and "
        f"PostgreSQL on the others; medians of {effort.rounds} rounds of {effort.seconds} s, in turns, "
        f"after all had answered the same. {machine}."
    )
    return Report(how, ("scenario", "server", "/ floor", *FIGURES), lines)


async def _ensure_same_answers(scenarios: Sequence[Scenario], servers: Sequence[Server]) -> None:
    async with AsyncExitStack() as stack:
        clients = {
            server.name: (await stack.enter_async_context(httpx.AsyncClient(base_url=server.address)), server.ask)
            for server in servers
        }
        await ensure_same_answers(scenarios, clients)


def _lines(servers: Sequence[Server], scenario: Scenario, effort: Effort, prepared: Session) -> Iterator[list[str]]:
    costs = measure(servers, scenario, effort, prepared.database_pid)
    floor = costs.get(FLOOR)
    for name, cost in costs.items():
        times = f"{cost.cpu / floor.cpu:.2f}" if floor else "-"
        yield [scenario.name, name, times, *figures(cost)]
