"""How PostgreSQL ran what was read, with the parameters that it really got."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from registrations.service.reads import Reads
from registrations.storage.connections.database import NO_VALUES, Database
from registrations.storage.connections.running import Rows
from registrations.storage.statements.sql import Sql

Node = dict[str, Any]


class Explained(Database):
    """The database, which also notes how each statement is run."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.url)
        self._explained = database
        self.nodes: list[Node] = []

    async def fetch(self, sql: Sql, values: Mapping[str, Any] = NO_VALUES) -> Rows:
        explain = replace(sql, text=f"EXPLAIN (FORMAT JSON, ANALYZE) {sql.text}")
        [(explained,)] = await self._explained.fetch(explain, values)
        self.nodes += _with_children(json.loads(explained)[0]["Plan"])
        return await self._explained.fetch(sql, values)


async def plan(database: Database, read: Callable[[Reads], Awaitable[object]]) -> list[Node]:
    """Every node of the plans of the statements that the reading took."""
    explained = Explained(database)
    await read(Reads(explained))
    return explained.nodes


def _with_children(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", []):
        yield from _with_children(child)


def read_whole(nodes: list[Node]) -> list[str]:
    """The tables that are read from their start, not by an index."""
    return [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]


def sorted_rows(nodes: list[Node]) -> list[int]:
    """How many rows each sort of an analyzed plan had to sort, each time that it ran."""
    sorts = [node for node in nodes if node["Node Type"] in {"Sort", "Incremental Sort"}]
    return [child["Actual Rows"] for sort in sorts for child in sort["Plans"]]


def rows_looked_at(nodes: list[Node]) -> int:
    """How many rows an analyzed plan read from tables and indexes, also those that it did not want."""
    scans = [node for node in nodes if node["Node Type"].endswith("Scan") and node["Node Type"] != "CTE Scan"]
    return sum((scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) * scan["Actual Loops"] for scan in scans)
