"""Staging tables: records are copied into them first, then stored kind by kind."""

from collections.abc import Iterable
from dataclasses import dataclass

from registrations.data.copying import TABLES, Connection, columns, row
from registrations.data.v5.files import BadRecord
from registrations.data.v5.refusals import Refusal, came_before, contradiction, refusals, staged
from registrations.domain.records import Record

ATTEMPTS = 3
_LOCK = 0x7635  # an advisory lock of imports only


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of the staged records of one kind. Repetitions in the input count as already there."""

    imported: int
    already_there: int
    refused: list[BadRecord]


async def prepare(connection: Connection) -> None:
    """Makes the staging tables, which end with the connection. Waits for any other import to end."""
    # Two imports of the same records in different orders would deadlock.
    await connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
    for kind, table in TABLES.items():
        await connection.execute(
            f"CREATE TEMPORARY TABLE {staged(kind)} (LIKE {table}, place text NOT NULL,"
            " known boolean NOT NULL DEFAULT false, entry bigint GENERATED ALWAYS AS IDENTITY)"
        )


async def stage(connection: Connection, kind: type[Record], found: Iterable[tuple[Record, str]]) -> None:
    """Copies records into the staging table, each with its place in the input."""
    rows = ((*row(record), place) for record, place in found)
    await connection.copy_records_to_table(staged(kind), records=rows, columns=[*columns(kind), "place"])


async def take_over(connection: Connection, kind: type[Record]) -> TakenOver:
    """Stores, in one transaction, the staged records of a kind that are new and that no reason refuses."""
    await connection.execute(f"ANALYZE {staged(kind)}")
    async with connection.transaction():
        refused = await _refuse(connection, kind, contradiction(kind))
        repeated = f"DELETE FROM {staged(kind)} AS it WHERE {came_before(kind)}"
        already_there = await _count(connection, repeated)
        imported = 0
        # Records that conflict with what the gateway stored since our checks are checked again in the next attempt.
        for _ in range(ATTEMPTS):
            await _mark_known(connection, kind)
            for refusal in refusals(kind):
                refused += await _refuse_new(connection, kind, refusal)
            imported += await _insert(connection, kind)
            if not await _has_new(connection, kind):
                break
        refused += await _refuse_new(connection, kind, _CONTENDED)
        already_there += await _count(connection, f"DELETE FROM {staged(kind)}")
    return TakenOver(imported, already_there, refused)


_CONTENDED = Refusal("id: {} was contended by the running gateway, import it again", "id", "true")


async def _mark_known(connection: Connection, kind: type[Record]) -> None:
    await connection.execute(
        f"UPDATE {staged(kind)} AS it SET known = true FROM {TABLES[kind]} AS stored"
        " WHERE stored.id = it.id AND NOT it.known"
    )


async def _has_new(connection: Connection, kind: type[Record]) -> bool:
    return bool(await connection.fetchval(f"SELECT EXISTS (SELECT FROM {staged(kind)} WHERE NOT known)"))


async def _insert(connection: Connection, kind: type[Record]) -> int:
    """Stores the remaining new records, and returns how many they were."""
    names = ", ".join(columns(kind))
    return await _count(
        connection,
        f"WITH inserted AS (INSERT INTO {TABLES[kind]} ({names}) SELECT {names} FROM {staged(kind)} WHERE NOT known"
        f" ON CONFLICT DO NOTHING RETURNING id) DELETE FROM {staged(kind)} AS it USING inserted"
        " WHERE it.id = inserted.id",
    )


async def _refuse_new(connection: Connection, kind: type[Record], refusal: Refusal) -> list[BadRecord]:
    new = Refusal(refusal.reason, refusal.culprit, f"NOT it.known AND {refusal.condition}")
    return await _refuse(connection, kind, new)


async def _refuse(connection: Connection, kind: type[Record], refusal: Refusal) -> list[BadRecord]:
    rows = await connection.fetch(
        f"DELETE FROM {staged(kind)} AS it WHERE {refusal.condition} RETURNING it.place, it.{refusal.culprit}"
    )
    return [BadRecord(place, refusal.reason.format(culprit)) for place, culprit in rows]


async def _count(connection: Connection, statement: str) -> int:
    """Runs the statement and returns how many rows it changed."""
    return int((await connection.execute(statement)).split()[-1])
