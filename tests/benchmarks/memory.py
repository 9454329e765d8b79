"""What a gateway keeps of the documents that it is sent: memory, and the documents of those who come again.

python -m tests.benchmarks.memory
"""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import typer

from registrations.graphql.context import Context
from registrations.graphql.operations.documents import Document, Documents
from registrations.graphql.operations.execution import Execution, OperationRequest
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.storage.connections.database import NO_VALUES, Database
from registrations.storage.connections.running import Rows
from registrations.storage.statements.sql import Sql
from tests.support.viewers import staff

REQUESTS, DISTINCT, CLIENTS = 200_000, 5_000, 50
CLIENTS_SHARE = 0.9
EMPTY_PAGE: Any = [(None, False, False, None, None)]
PAGE = 4096  # bytes, of Linux

FIELDS = ("id", "status", "title", "createdDate", "endDate", "user { username }", "grader { email }", "viewerCanEject")


class Empty(Database):
    """Nothing is in it, and nobody is asked."""

    async def fetch(self, sql: Sql, values: Mapping[str, Any] = NO_VALUES) -> Rows:
        sql.arguments(values)
        return [(0,)] if sql.text.startswith("SELECT count(*)") else EMPTY_PAGE


def document(number: int) -> str:
    fields = " ".join(field for bit, field in enumerate(FIELDS) if number >> bit & 1)
    return f"query Q{number} ($n: Int) {{ registrations(first: $n) {{ totalCount nodes {{ __typename {fields} }} }} }}"


def texts(dice: Random) -> Iterator[str]:
    """Of those that clients send nine of ten."""
    while True:
        yield document(dice.randrange(CLIENTS if dice.random() < CLIENTS_SHARE else DISTINCT))


def megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


async def grow() -> None:
    database, execution = Empty("postgresql://nobody"), Execution()
    service, reads = RegistrationService(database), Reads(database)
    for number, text in zip(range(1, REQUESTS + 1), texts(Random(1)), strict=False):
        request = OperationRequest(text, variables={"n": number % 100})
        answer = await execution.run(request, Context(service, reads, staff()))
        assert "errors" not in answer.body
        if number in {1, 20_000, 50_000, 100_000, 150_000, 200_000}:
            typer.echo(f"{number:8,} requests: {megabytes():.0f} MB")


def run(documents: Documents, text: str) -> Document:
    """As if an operation of the document was then executed for somebody who is signed in."""
    document = documents.find(text)
    documents.keep(text, document)
    return document


def share_kept(strangers: int, times: int) -> float:
    """How many of the clients' documents are known when they come, with so many of strangers between two of them."""
    documents, dice, number, known = Documents(introspection=True), Random(1), count(DISTINCT), 0
    clients = [document(client) for client in range(CLIENTS)]
    kept = {text: [run(documents, text) for _ in range(2)][-1] for text in clients}
    asked = 4_000
    for _ in range(asked):
        text = dice.choice(clients)
        found = run(documents, text)
        known += found is kept[text]
        kept[text] = found
        for text in (document(next(number)) for _ in range(strangers)):
            for _ in range(times):
                run(documents, text)
    return known / asked


if __name__ == "__main__":
    asyncio.run(grow())
    for strangers, times in ((1, 1), (5, 1), (1, 2), (5, 2)):
        typer.echo(f"{strangers} of strangers, each {times} times: {share_kept(strangers, times):.1%} known")
