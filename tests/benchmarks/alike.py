"""Asks twins as long as one likes whether compiled queries are answered as executed ones are.

python -m tests.benchmarks.alike 7500 0    so many queries, from this seed on; each is sent five times
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from random import Random

import typer

from registrations.storage.connections.database import Database
from registrations.storage.connections.embedded import embedded_postgres
from registrations.storage.connections.migration import migrate
from tests.support.database import store
from tests.support.population import POPULATION
from tests.support.queries import written
from tests.support.twins import open_twins


async def ask(database_url: str, seeds: range) -> None:
    database = Database(database_url)
    await migrate(database)
    await store(database, *POPULATION)
    await database.close()
    async with open_twins(database_url) as twins:
        for seed in seeds:
            try:
                await twins.assert_answer_alike(written(Random(seed)))
            except AssertionError as difference:
                typer.echo(f"{seed}: {difference}")
                twins.seen["different"] += 1
        for what, count in twins.seen.most_common():
            typer.echo(f"{count:8} {twins.share(what):7.2%} {what}")


if __name__ == "__main__":
    count, start = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="alike-") as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres(Path(folder) / "postgresql") as url:
            asyncio.run(ask(url, range(start, start + count)))
