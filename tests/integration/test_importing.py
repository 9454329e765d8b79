import asyncio
import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from registrations.cli import app
from registrations.data.copying import TABLES, copy, open_connection
from registrations.data.seed.organisation import Organisation, Sizes
from registrations.data.v5.importing import Tally, import_files
from registrations.domain.records import Record, Registration, Status
from registrations.storage.connections.database import Database
from tests.conftest import execute
from tests.support.breaking import refusing_passed
from tests.support.database import rows
from tests.support.records import a_course, a_registration, a_user, an_offering
from tests.support.v5_export import (
    course_json,
    offering_json,
    registration_json,
    user_json,
    write_export,
    write_lines,
)

CREATED = datetime(2012, 3, 1, 6, 3, 10, tzinfo=UTC)
ADA = a_user(id="a1" * 16, username="ada.okafor", created_date=CREATED)
BEN = a_user(id="a2" * 16, first_name="Ben", last_name="Berg", username="ben.berg", created_date=CREATED)
COURSE = a_course(id="c1" * 16)
OFFERING = an_offering(COURSE, id="f1" * 16, title="First Aid, Spring 2012", created_date=CREATED)
ACTIVE = a_registration(ADA, OFFERING, id="e1" * 16, created_date=CREATED)
PASSED = a_registration(
    BEN,
    OFFERING,
    id="e2" * 16,
    status=Status.PASSED,
    created_date=CREATED,
    grade_percentage=82.5,
    grader_id=ADA.id,
    grader_comment="Well done.",
)
BASE = (user_json(ADA), user_json(BEN), course_json(COURSE), offering_json(OFFERING))
UNKNOWN = "0" * 32


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return Organisation(
        Sizes(users=400, courses=10, offerings=30, registrations=4_000), 7, datetime(2026, 5, 1, tzinfo=UTC)
    )


async def imported(
    database: Database, paths: Sequence[Path], passing_grade: float | None = None
) -> tuple[Tally, list[str]]:
    """The tally, and what was reported: position and reason."""
    reports: list[str] = []
    tally = await import_files(
        database, paths, passing_grade, lambda bad: reports.append(str(bad).split(": ", 1)[1]), Console(quiet=True)
    )
    assert tally.bad == len(reports)
    return tally, reports


async def contents(database: Database) -> list[set[tuple[Any, ...]]]:
    return [set(await rows(database, f"SELECT * FROM {table}")) for table in TABLES.values()]


def as_stored(*kinds: Sequence[Record]) -> list[set[tuple[Any, ...]]]:
    return [{tuple(getattr(one, name) for name in type(one).__dataclass_fields__) for one in kind} for kind in kinds]


async def test_an_export_becomes_the_same_records(
    database: Database, organisation: Organisation, tmp_path: Path
) -> None:
    tally, reports = await imported(database, write_export(tmp_path, organisation))
    assert reports == []
    offered = {offering.course_id for offering in organisation.offerings}
    courses = [course for course in organisation.courses if course.id in offered]
    assert tally.imported == {"users": 400, "courses": len(courses), "offerings": 30, "registrations": 4_000}
    expected = as_stored(organisation.users, courses, organisation.offerings, list(organisation.registrations()))
    assert await contents(database) == expected


async def test_the_order_of_the_files_does_not_matter(
    database: Database, organisation: Organisation, tmp_path: Path
) -> None:
    tally, reports = await imported(database, write_export(tmp_path, organisation)[::-1])
    assert reports == []
    assert tally.imported["registrations"] == 4_000


async def test_importing_again_changes_nothing(database: Database, organisation: Organisation, tmp_path: Path) -> None:
    paths = write_export(tmp_path, organisation)
    first, _ = await imported(database, paths)
    before = await contents(database)
    again, reports = await imported(database, paths)
    assert reports == []
    assert set(again.imported.values()) == {0}
    assert again.already_there == first.imported
    assert await contents(database) == before


async def test_what_the_gateway_changed_since_is_left_as_it_is(database: Database, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "v5.json", *BASE, registration_json(ACTIVE))
    await imported(database, [path])
    await execute(database.url, "UPDATE registrations SET status = 'EJECTED', end_date = now()")
    await execute(database.url, "UPDATE users SET username = 'ada' WHERE username = 'ada.okafor'")
    changed = await contents(database)
    tally, reports = await imported(database, [path])
    assert reports == []
    assert tally.already_there == {"users": 2, "courses": 1, "offerings": 1, "registrations": 1}
    assert await contents(database) == changed


async def test_what_comes_twice_alike_is_stored_once(database: Database, tmp_path: Path) -> None:
    record = registration_json(PASSED)
    tally, reports = await imported(database, [write_lines(tmp_path / "v5.json", record, *BASE, record)])
    assert reports == []
    assert tally.imported["registrations"] == tally.already_there["registrations"] == 1


async def test_what_many_offerings_bring_is_one_course(database: Database, tmp_path: Path) -> None:
    offerings = [offering_json(replace(OFFERING, id=digit * 32), COURSE) for digit in "123"]
    tally, reports = await imported(database, [write_lines(tmp_path / "v5.json", *offerings)])
    assert reports == []
    assert tally.imported == {"users": 0, "courses": 1, "offerings": 3, "registrations": 0}
    assert set(tally.already_there.values()) == {0}


async def test_offerings_without_course_get_one_each_and_again_the_same(database: Database, tmp_path: Path) -> None:
    bare = {field: value for field, value in offering_json(OFFERING).items() if field != "courseId"}
    path = write_lines(tmp_path / "v5.json", bare)
    tally, _ = await imported(database, [path], passing_grade=65)
    assert tally.imported == {"users": 0, "courses": 1, "offerings": 1, "registrations": 0}
    again, reports = await imported(database, [path], passing_grade=80)
    assert reports == []
    assert again.already_there == tally.imported
    courses = await rows(database, "SELECT title, passing_grade_percentage FROM courses")
    assert [tuple(course) for course in courses] == [("First Aid, Spring 2012", 65.0)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"status": "ejected"}, "id: is missing; userId: is missing; offeringId: is missing; createdDate: is missing"),
        (["x"], "[0]: is not an object"),
        (registration_json(replace(ACTIVE, user_id=UNKNOWN)), f"userId: there is no user {UNKNOWN}"),
        (registration_json(replace(ACTIVE, offering_id=UNKNOWN)), f"offeringId: there is no offering {UNKNOWN}"),
        (registration_json(replace(PASSED, id=UNKNOWN, grader_id=UNKNOWN)), f"graderId: there is no user {UNKNOWN}"),
        (offering_json(replace(OFFERING, id=UNKNOWN, course_id=UNKNOWN)), f"courseId: there is no course {UNKNOWN}"),
        (user_json(replace(ADA, id=UNKNOWN)), "username: ada.okafor is another user's"),
        (registration_json(replace(ACTIVE, id=ADA.id)), f"id: {ADA.id} is used by a record of kind user"),
        (course_json(replace(COURSE, id=BEN.id)), f"id: {BEN.id} is used by a record of kind user"),
        (user_json(replace(ADA, last_name="Berg")), f"id: the user {ADA.id} came before with different content"),
        (
            registration_json(replace(PASSED, grade_percentage=90)),
            f"id: the registration {PASSED.id} came before with different content",
        ),
        (course_json(replace(COURSE, title="Fire")), f"id: the course {COURSE.id} came before with different content"),
    ],
)
async def test_a_bad_record_is_reported_with_its_place_and_the_good_ones_are_stored(
    database: Database, tmp_path: Path, bad: object, reason: str
) -> None:
    path = write_lines(tmp_path / "v5.json", *BASE, registration_json(PASSED), bad)
    tally, reports = await imported(database, [path])
    assert reports == [f"line 6, {reason}" if reason.startswith("[") else f"line 6: {reason}"]
    assert tally.imported == {"users": 2, "courses": 1, "offerings": 1, "registrations": 1}
    assert await contents(database) == as_stored([ADA, BEN], [COURSE], [OFFERING], [PASSED])
    _, again = await imported(database, [path])
    assert again == reports


async def test_a_record_of_a_page_is_reported_with_its_index(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"results": [user_json(ADA), registration_json(ACTIVE)]}))
    _, reports = await imported(database, [path])
    assert reports == [f"results[1]: offeringId: there is no offering {OFFERING.id}"]


async def test_a_page_without_the_rest_of_its_list_is_reported_and_its_records_are_stored(
    database: Database, tmp_path: Path
) -> None:
    page = {"offset": 0, "results": [user_json(ADA)], "hasMore": True}
    first, last = write_lines(tmp_path / "first.json", page), tmp_path / "last.json"
    tally, reports = await imported(database, [first])
    assert reports == [
        "hasMore: more results follow, and the input has no page of them from offset 1 on: import all pages at once"
    ]
    assert (tally.imported["users"], tally.bad) == (1, 1)
    write_lines(last, {"offset": 1, "results": [user_json(BEN)], "hasMore": False})
    tally, reports = await imported(database, [last, first])
    assert (reports, tally.imported["users"], tally.already_there["users"]) == ([], 1, 1)


async def test_files_are_read_compressed_by_gzip_and_in_any_encoding_of_unicode(
    database: Database, tmp_path: Path
) -> None:
    zipped, wide = tmp_path / "users.json.gz", tmp_path / "offerings.json"
    zipped.write_bytes(gzip.compress(json.dumps([user_json(ADA), user_json(BEN)]).encode()))
    wide.write_text(f"{json.dumps(course_json(COURSE))}\n{json.dumps(offering_json(OFFERING))}\n", "utf-16")
    _, reports = await imported(database, [zipped, wide])
    assert reports == []
    assert await contents(database) == as_stored([ADA, BEN], [COURSE], [OFFERING], [])


async def test_an_id_that_is_stored_as_another_kind_is_refused(database: Database, tmp_path: Path) -> None:
    await imported(database, [write_lines(tmp_path / "first.json", *BASE)])
    user = user_json(replace(ADA, id=OFFERING.id, username="new"))
    _, reports = await imported(database, [write_lines(tmp_path / "second.json", user)])
    assert reports == [f"id: {OFFERING.id} is used by a record of kind offering"]


async def test_of_two_active_registrations_in_the_input_the_first_wins_then_and_ever_after(
    database: Database, tmp_path: Path
) -> None:
    second = replace(ACTIVE, id=UNKNOWN)
    path = write_lines(tmp_path / "v5.json", *BASE, registration_json(ACTIVE), registration_json(second))
    expected = [f"line 6: status: the user {ADA.id} has another active registration in the offering"]
    _, reports = await imported(database, [path])
    assert reports == expected
    await execute(database.url, "UPDATE registrations SET status = 'EJECTED', end_date = now()")
    _, again = await imported(database, [path])
    assert again == expected
    assert len((await contents(database))[3]) == 1


async def test_an_active_registration_that_is_stored_wins(database: Database, tmp_path: Path) -> None:
    await imported(database, [write_lines(tmp_path / "first.json", *BASE, registration_json(ACTIVE))])
    another = registration_json(replace(ACTIVE, id=UNKNOWN))
    _, reports = await imported(database, [write_lines(tmp_path / "second.json", another, user_json(ADA))])
    assert reports == [f"line 1: status: the user {ADA.id} has another active registration in the offering"]
    assert (await contents(database))[3] == as_stored([ACTIVE])[0]


async def test_a_refused_record_does_not_stand_in_the_way_of_the_next(database: Database, tmp_path: Path) -> None:
    refused = replace(ACTIVE, id=BEN.id)
    path = write_lines(tmp_path / "v5.json", *BASE, registration_json(refused), registration_json(ACTIVE))
    _, reports = await imported(database, [path])
    assert reports == [f"line 5: id: {BEN.id} is used by a record of kind user"]
    assert (await contents(database))[3] == as_stored([ACTIVE])[0]


async def test_an_import_that_failed_half_way_is_completed_by_the_next(database: Database, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "v5.json", *BASE, registration_json(ACTIVE), registration_json(PASSED))
    async with refusing_passed(database):
        with pytest.raises(asyncpg.CheckViolationError):
            await imported(database, [path])
    assert await contents(database) == as_stored([ADA, BEN], [COURSE], [OFFERING], [])
    tally, reports = await imported(database, [path])
    assert reports == []
    assert tally.imported == {"users": 0, "courses": 0, "offerings": 0, "registrations": 2}
    assert await contents(database) == as_stored([ADA, BEN], [COURSE], [OFFERING], [ACTIVE, PASSED])


async def test_two_imports_at_once_store_everything_once(
    database: Database, organisation: Organisation, tmp_path: Path
) -> None:
    paths = write_export(tmp_path, organisation)
    (one, reports), (other, other_reports) = await asyncio.gather(
        imported(database, paths), imported(database, paths[::-1])
    )
    assert reports == other_reports == []
    assert {one.imported["registrations"], other.imported["registrations"]} == {0, 4_000}


async def test_a_registration_that_the_gateway_makes_meanwhile_wins(database: Database, tmp_path: Path) -> None:
    await imported(database, [write_lines(tmp_path / "first.json", *BASE)])
    made_meanwhile = replace(ACTIVE, id=UNKNOWN)
    path = write_lines(tmp_path / "second.json", registration_json(ACTIVE), registration_json(PASSED))
    async with open_connection(database) as gateway:
        change = gateway.transaction()
        await change.start()
        await copy(gateway, Registration, [made_meanwhile])
        importing = asyncio.create_task(imported(database, [path]))
        await until_it_waits(importing, database)
        await change.commit()
        _, reports = await importing
    assert reports == [f"line 1: status: the user {ADA.id} has another active registration in the offering"]
    assert (await contents(database))[3] == as_stored([made_meanwhile, PASSED])[0]


async def until_it_waits(task: asyncio.Task[Any], database: Database) -> None:
    """Returns as soon as a statement waits for another transaction to end; fails where the task has ended instead."""
    waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'transactionid' AND datname = current_database()"
    deadline = asyncio.get_running_loop().time() + 20
    while not await rows(database, waiting):
        assert not task.done(), task
        assert asyncio.get_running_loop().time() < deadline


async def run_import(database_url: str, monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> Result:
    monkeypatch.setenv("REGISTRATIONS_DATABASE_URL", database_url)
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, ["import", *map(str, arguments)]))


async def test_the_command_ends_with_the_counts(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "v5.json", *BASE, registration_json(PASSED))
    result = await run_import(database_url, monkeypatch, path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(
        "users: 2 imported, 0 already there\n"
        "courses: 1 imported, 0 already there\n"
        "offerings: 1 imported, 0 already there\n"
        "registrations: 1 imported, 0 already there\n"
        "bad records: 0\n"
    )


async def test_the_command_reports_bad_records_imports_the_others_and_fails(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "v5.json"
    path.write_text(json.dumps([{"status": "ejected"}, *BASE]))
    missing = tmp_path / "missing.json"
    result = await run_import(database_url, monkeypatch, missing, path)
    assert result.exit_code == 1
    lacking = "id: is missing; userId: is missing; offeringId: is missing; createdDate: is missing"
    assert f"{missing}: cannot be read: No such file or directory\n{path}: [0]: {lacking}\n" in result.stderr
    assert result.stderr.endswith("bad records: 2\n")
    assert await contents(database) == as_stored([ADA, BEN], [COURSE], [OFFERING], [])


@pytest.mark.parametrize("grade", ["101", "-1", "nan"])
async def test_the_command_refuses_a_passing_grade_that_is_no_percentage(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, grade: str
) -> None:
    path = write_lines(tmp_path / "v5.json", *BASE)
    result = await run_import(database_url, monkeypatch, "--passing-grade", grade, path)
    assert result.exit_code == 2
    assert "is not between 0 and 100" in result.stderr
    assert await contents(database) == as_stored([], [], [], [])
