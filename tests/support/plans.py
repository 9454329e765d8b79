"""How PostgreSQL would run a statement, and did run it, with the parameters that it really gets."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ClauseElement

from registrations.storage.database import NO_VALUES, Database
from registrations.storage.once import written_once
from registrations.storage.sql import Sql

Node = dict[str, Any]


async def plan(
    database: Database, statement: Sql | ClauseElement, values: Mapping[str, Any] = NO_VALUES, *, analyze: bool = False
) -> list[Node]:
    """Every node of the statement's plan; `analyze` also runs it."""
    sql = statement if isinstance(statement, Sql) else written_once(statement)
    explain = "EXPLAIN (FORMAT JSON, ANALYZE) " if analyze else "EXPLAIN (FORMAT JSON) "
    [(explained,)] = await database.fetch(replace(sql, text=explain + sql.text), values)
    [top] = json.loads(explained)
    return list(_with_children(top["Plan"]))


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
