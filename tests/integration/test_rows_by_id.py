"""Rows of records by their ids: which of them exist for whom, and what they hold."""

import pytest

from registrations.domain.access import Scope, Viewer
from registrations.domain.listing import Related
from registrations.domain.records import Course, Offering, Record, Registration, User
from registrations.service.reads import HEADER, ID, Column, Reads
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.records import a_course, a_registration, a_user, an_offering
from tests.support.viewers import staff

ADA, BEN, COURSE = a_user(), a_user(), a_course()
OFFERING = an_offering(COURSE)
ADAS, BENS = a_registration(ADA, OFFERING), a_registration(BEN, OFFERING)
RECORDS: list[Record] = [ADA, BEN, COURSE, OFFERING, ADAS, BENS]
ALL_IDS = [*(record.id for record in RECORDS), "0" * 32, "no id", ADA.id.upper()]

EXIST: list[tuple[Viewer, list[Record]]] = [
    (staff(), RECORDS),
    (Viewer(ADA.id, frozenset({Scope.READ})), RECORDS),
    (Viewer(ADA.id), [ADA, COURSE, OFFERING, ADAS]),
    (Viewer(ADA.id, frozenset({Scope.GRADE})), [ADA, COURSE, OFFERING, ADAS]),
    (Viewer("grading-service", frozenset({Scope.EJECT})), [COURSE, OFFERING]),
]


@pytest.fixture
async def reads(database: Database) -> Reads:
    await store(database, *RECORDS)
    return Reads(database)


def of_kind(kind: type[Record], records: list[Record]) -> set[str]:
    return {record.id for record in records if type(record) is kind}


@pytest.mark.parametrize(("viewer", "exist"), EXIST)
async def test_rows_are_of_the_records_of_the_kind_that_exist_for_the_viewer(
    reads: Reads, viewer: Viewer, exist: list[Record]
) -> None:
    for kind in (User, Course, Offering, Registration):
        rows = await reads.rows(viewer, kind, ALL_IDS, ())
        assert {row[ID] for row in rows} == of_kind(kind, exist), kind


@pytest.mark.parametrize(("viewer", "exist"), EXIST)
async def test_kinds_are_known_of_the_records_that_exist_for_the_viewer(
    reads: Reads, viewer: Viewer, exist: list[Record]
) -> None:
    assert await reads.kinds(viewer, ALL_IDS) == {record.id: type(record) for record in exist}


@pytest.mark.parametrize("ids", [[ADAS.id], [ADAS.id, BENS.id], [ADAS.id, ADAS.id]])
async def test_each_record_has_one_row_however_many_are_asked_for(reads: Reads, ids: list[str]) -> None:
    rows = await reads.rows(staff(), Registration, ids, ())
    assert sorted(row[ID] for row in rows) == sorted(set(ids))


async def test_no_ids_have_no_rows(reads: Reads) -> None:
    assert await reads.rows(staff(), Registration, [], ()) == ()
    assert await reads.rows(staff(), Registration, ["no id"], ()) == ()


@pytest.mark.parametrize(
    ("record", "columns", "values"),
    [
        (ADAS, [Column("status"), Column("user_id")], ("ACTIVE", ADA.id)),
        (ADAS, [Column("username", Related.USER), Column("email", Related.GRADER)], (ADA.username, None)),
        (ADAS, [Column("title", Related.COURSE), Column("id")], (COURSE.title, ADAS.id)),
        (OFFERING, [Column("title", Related.COURSE), Column("title")], (COURSE.title, OFFERING.title)),
        (COURSE, [Column("title")], (COURSE.title,)),
        (ADA, [Column("email"), Column("username")], (ADA.email, ADA.username)),
    ],
)
async def test_a_row_has_the_id_and_then_the_columns_asked_for(
    reads: Reads, record: Record, columns: list[Column], values: tuple[str | None, ...]
) -> None:
    [row] = await reads.rows(staff(), type(record), [record.id], tuple(columns))
    assert row[ID] == record.id
    assert tuple(row[HEADER:]) == values


async def test_the_rows_of_changed_registrations_are_there_for_every_viewer(reads: Reads) -> None:
    columns = (Column("username", Related.USER),)
    one, both = [BENS.id], [ADAS.id, BENS.id]
    assert [tuple(row) for row in await reads.changed_rows(one, columns)] == [(BENS.id, BEN.username)]
    assert dict(map(tuple, await reads.changed_rows(both, columns))) == {ADAS.id: ADA.username, BENS.id: BEN.username}
