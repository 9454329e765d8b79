import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from registrations.cli import app
from registrations.data.copying import TABLES
from registrations.data.seed.loading import NotEmpty, load
from registrations.data.seed.organisation import Organisation, Sizes
from registrations.storage.connections.database import Database
from tests.support.breaking import refusing_passed
from tests.support.database import rows, stored_registrations

SMALL = Organisation(Sizes(users=50, courses=4, offerings=10, registrations=200), 1, datetime(2026, 5, 1, tzinfo=UTC))
OPTIONS = ("--users", "50", "--courses", "4", "--offerings", "10", "--registrations", "200")


async def counts(database: Database) -> list[int]:
    return [(await rows(database, f"SELECT count(*) FROM {table}"))[0][0] for table in TABLES.values()]


async def seeded(database_url: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    monkeypatch.setenv("REGISTRATIONS_DATABASE_URL", database_url)
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, ["seed", *options]))


async def test_what_is_loaded_is_the_organisation(database: Database) -> None:
    await load(database, SMALL, Console(quiet=True))
    assert await counts(database) == [50, 4, 10, 200]
    expected = sorted(SMALL.registrations(), key=lambda registration: registration.id)
    assert await stored_registrations(database) == expected


async def test_the_planner_knows_the_tables_right_after(database: Database) -> None:
    await load(database, SMALL, Console(quiet=True))
    known = await rows(database, "SELECT reltuples FROM pg_class WHERE relname = 'registrations'")
    assert known[0][0] == 200


async def test_a_database_with_records_is_refused_and_nothing_changes(database: Database) -> None:
    await load(database, Organisation(Sizes(1, 1, 1, 0), 2, datetime(2026, 5, 1, tzinfo=UTC)), Console(quiet=True))
    with pytest.raises(NotEmpty, match="The database has users, courses, offerings already"):
        await load(database, SMALL, Console(quiet=True))
    assert await counts(database) == [1, 1, 1, 0]


async def test_a_load_that_fails_half_way_leaves_nothing(database: Database) -> None:
    async with refusing_passed(database):
        with pytest.raises(asyncpg.CheckViolationError):
            await load(database, SMALL, Console(quiet=True))
    assert await counts(database) == [0, 0, 0, 0]


async def test_of_two_loads_at_once_one_wins_and_the_other_is_refused(database: Database) -> None:
    loads = (load(database, SMALL, Console(quiet=True)) for _ in range(2))
    ends = await asyncio.gather(*loads, return_exceptions=True)
    assert sorted(str(type(end)) for end in ends) == sorted([str(type(None)), str(NotEmpty)])
    assert await counts(database) == [50, 4, 10, 200]


async def test_the_command_seeds_an_empty_database(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await seeded(database_url, monkeypatch, *OPTIONS)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert await counts(database) == [50, 4, 10, 200]


async def test_the_command_refuses_a_database_with_records(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(database, SMALL, Console(quiet=True))
    result = await seeded(database_url, monkeypatch, *OPTIONS)
    assert result.exit_code == 1
    assert "The database has users, courses, offerings, registrations already" in " ".join(result.stderr.split())
    assert await counts(database) == [50, 4, 10, 200]


async def test_when_empty_leaves_a_database_with_records_in_peace(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(database, SMALL, Console(quiet=True))
    result = await seeded(database_url, monkeypatch, "--when-empty", *OPTIONS)
    assert (result.exit_code, result.output) == (0, "")
    assert await counts(database) == [50, 4, 10, 200]


async def test_impossible_sizes_name_the_option(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await seeded(database_url, monkeypatch, "--users", "2", "--offerings", "3", "--registrations", "100")
    assert result.exit_code == 1
    assert "--registrations 100 is too many: 2 users and 3 offerings" in result.stderr
    assert await counts(database) == [0, 0, 0, 0]
