"""Importing files of v5 records: all files are read into staging tables, then each kind of record is stored."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from registrations.data.copying import TABLES, Connection, analyze, open_connection
from registrations.data.v5.files import BadRecord, Entry, Page, read
from registrations.data.v5.pages import Pages
from registrations.data.v5.shapes import Unusable, records_of
from registrations.data.v5.staging import prepare, stage, take_over
from registrations.domain.records import Record
from registrations.storage.connections.database import Database

BATCH = 10_000  # records held in memory at a time; a JSON file that is one document is held as a whole

Report = Callable[[BadRecord], None]


@dataclass(slots=True)
class Tally:
    """How many records of each table an import stored or found."""

    imported: dict[str, int] = field(default_factory=dict)
    already_there: dict[str, int] = field(default_factory=dict)
    bad: int = 0

    def __str__(self) -> str:
        lines = [
            f"{table}: {count} imported, {self.already_there[table]} already there"
            for table, count in self.imported.items()
        ]
        return "\n".join([*lines, f"bad records: {self.bad}"])


async def import_files(
    database: Database, paths: Sequence[Path], passing_grade: float | None, report: Report, console: Console
) -> Tally:
    """Stores the records of the files that are not stored yet, and calls `report` with each that can't be.

    Files, and records in them, may come in any order. No stored record is changed, so an import may be repeated.
    `passing_grade`, a percentage, is for the courses of offerings that name none. Progress is shown on `console`.
    """
    async with open_connection(database) as connection:
        running = _Import(connection, passing_grade, report)
        with Progress(console=console) as progress:
            await prepare(connection)
            await running.stage(_entries(paths, progress))
            await running.take_over(progress)
            await analyze(connection)
    return running.tally


def _entries(paths: Sequence[Path], progress: Progress) -> Iterator[Entry]:
    """The entries of all files. Progress is measured in bytes."""
    total = sum(path.stat().st_size for path in paths if path.is_file())
    watched = partial(progress.wrap_file, task_id=progress.add_task("Reading", total=total))
    return chain.from_iterable(read(path, watched) for path in paths)


class _Import:
    def __init__(self, connection: Connection, passing_grade: float | None, report: Report) -> None:
        self.tally = Tally()
        self._connection = connection
        self._passing_grade = passing_grade
        self._report = report
        self._brought: set[Record] = set()
        self._pages = Pages()

    async def stage(self, entries: Iterator[Entry]) -> None:
        while batch := list(islice(entries, BATCH)):
            kinds: defaultdict[type[Record], list[tuple[Record, str]]] = defaultdict(list)
            for record, place in self._usable(batch):
                kinds[type(record)].append((record, place))
            for kind, found in kinds.items():
                await stage(self._connection, kind, found)
        for bad in self._pages.missing():
            self._refuse(bad)

    async def take_over(self, progress: Progress) -> None:
        for kind, table in progress.track(TABLES.items(), description="Storing"):
            taken = await take_over(self._connection, kind)
            self.tally.imported[table], self.tally.already_there[table] = taken.imported, taken.already_there
            for bad in taken.refused:
                self._refuse(bad)

    def _usable(self, batch: Iterable[Entry]) -> Iterator[tuple[Record, str]]:
        """The records of the entries, each with its place."""
        for entry in batch:
            if isinstance(entry, Page):
                self._pages.add(entry)
                continue
            if isinstance(entry, BadRecord):
                self._refuse(entry)
                continue
            try:
                *courses, record = records_of(entry.value, self._passing_grade)
            except Unusable as error:
                self._refuse(BadRecord(entry.place, str(error)))
                continue
            yield from ((course, entry.place) for course in self._not_yet_brought(courses))
            yield record, entry.place

    def _not_yet_brought(self, courses: Iterable[Record]) -> list[Record]:
        """The courses that no earlier offering brought: one course of many offerings is staged once."""
        new = [course for course in courses if course not in self._brought]
        self._brought.update(new)
        return new

    def _refuse(self, bad: BadRecord) -> None:
        self.tally.bad += 1
        self._report(bad)
