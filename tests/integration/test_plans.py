"""On 100,000 registrations no list reads the table from its start, and every order comes from an index."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import product
from typing import Any

import pytest
from rich.console import Console

from registrations.data.seed.loading import load
from registrations.data.seed.organisation import Organisation, Sizes
from registrations.domain.access import Viewer
from registrations.domain.listing import ListQuery, Order, Position, Range, Related, Window
from registrations.domain.records import (
    OfferingFilter,
    OfferingOrderField,
    Registration,
    RegistrationFilter,
    RegistrationOrderField,
    Status,
)
from registrations.service.reads import Column, Reads
from registrations.storage.connections.database import Database
from tests.conftest import database_named, execute
from tests.support.database import rows
from tests.support.plans import plan, read_whole, rows_looked_at, sorted_rows
from tests.support.viewers import staff

TODAY = datetime(2026, 5, 1, tzinfo=UTC)
ORGANISATION = Organisation(Sizes(users=10_000, courses=40, offerings=1_000, registrations=100_000), 1, TODAY)
USERS = [user.id for user in ORGANISATION.users[:100]]
OFFERINGS = [offering.id for offering in ORGANISATION.offerings[:100]]
COURSE = ORGANISATION.courses[0].id

PAGE = 15
FIRST = Window(PAGE)
ALL = RegistrationFilter()
ORDERS = [Order(field, descending) for field, descending in product(RegistrationOrderField, (True, False))]
MIDDLE, DATELESS = 50_000, 95_000  # places in the list; at the second only registrations always have the date
NEWEST_FIRST = Order(RegistrationOrderField.CREATED_DATE, descending=True)
BY_TITLE = Order(OfferingOrderField.TITLE, descending=False)
COLUMNS = tuple(Column(field.name) for field in fields(Registration))
RECENT = Range(gte=TODAY - timedelta(days=30), lt=TODAY)
EARLY = Range(gt=TODAY - timedelta(days=900), lte=TODAY - timedelta(days=600))


def in_range(field: RegistrationOrderField, range_: Range[datetime]) -> RegistrationFilter:
    conditions: dict[str, Any] = {field: range_}
    return RegistrationFilter(**conditions)


FILTERS = {
    **{status: RegistrationFilter(status=(status,)) for status in Status},
    "FAILED or EJECTED": RegistrationFilter(status=(Status.FAILED, Status.EJECTED)),
    "user_id": RegistrationFilter(user_id=(USERS[0],)),
    "user_ids": RegistrationFilter(user_id=tuple(USERS)),
    "offering_id": RegistrationFilter(offering_id=(OFFERINGS[0],)),
    "course_id": RegistrationFilter(course_id=(COURSE,)),
    "user_id and status": RegistrationFilter(user_id=(USERS[0],), status=(Status.ACTIVE,)),
    "offering_id and status": RegistrationFilter(offering_id=(OFFERINGS[0],), status=(Status.PASSED,)),
    **{
        f"{field} {name}": in_range(field, range_)
        for field in RegistrationOrderField
        if hasattr(ALL, field)
        for name, range_ in {
            "recent": RECENT,
            "early": EARLY,
            "missing": Range(is_null=True),
            "present": Range(is_null=False),
        }.items()
    },
}

Places = dict[tuple[StrEnum, int], Position]


@pytest.fixture(scope="module")
async def database(server_url: str, migrated_database: str) -> AsyncIterator[Database]:
    await execute(server_url, f"CREATE DATABASE plans TEMPLATE {migrated_database}")
    database = Database(database_named("plans", server_url))
    await load(database, ORGANISATION, Console(quiet=True))
    yield database
    await database.close()
    await execute(server_url, "DROP DATABASE plans WITH (FORCE)")


@pytest.fixture(scope="module")
async def places(database: Database) -> Places:
    """What stands deep in each list."""
    return {
        (field, depth): Position(*(await row_at(database, field, depth)))
        for field, depth in product(RegistrationOrderField, (MIDDLE, DATELESS))
    }


async def row_at(database: Database, field: str, depth: int) -> Sequence[Any]:
    listed = f"SELECT {field}, id FROM registrations ORDER BY {field}, id OFFSET {depth} LIMIT 1"
    [row] = await rows(database, listed)
    return row


def windows(places: Places, field: StrEnum) -> Iterator[Window]:
    """The first page and deep ones, from the start and from the end."""
    for place in (None, places[field, MIDDLE], places[field, DATELESS]):
        yield Window(PAGE, after=place)
        yield Window(PAGE, from_end=True, before=place)


async def tables_read_whole(database: Database, read: Callable[[Reads], Awaitable[object]]) -> list[str]:
    return read_whole(await plan(database, read))


def registrations(
    window: Window = FIRST, filter_: RegistrationFilter = ALL, order: Order = NEWEST_FIRST
) -> ListQuery[RegistrationFilter]:
    return ListQuery(filter_, order, window)


def page_of(query: ListQuery[Any], *columns: Column) -> Callable[[Reads], Awaitable[object]]:
    return partial(Reads.page, viewer=staff(), query=query, columns=columns)


@pytest.mark.parametrize("order", ORDERS, ids=str)
async def test_every_order_comes_from_an_index_at_any_depth_from_either_end(
    database: Database, places: Places, order: Order
) -> None:
    for window in windows(places, order.field):
        nodes = await plan(database, page_of(registrations(window, order=order), *COLUMNS))
        assert read_whole(nodes) == [], window
        assert max(sorted_rows(nodes), default=0) <= PAGE + 1, window


@pytest.mark.parametrize("name", ["user_id", "offering_id"])
@pytest.mark.parametrize("order", ORDERS, ids=str)
async def test_a_page_of_a_user_or_an_offering_looks_at_nobody_elses_registrations(
    database: Database, places: Places, order: Order, name: str
) -> None:
    for window in windows(places, order.field):
        nodes = await plan(database, page_of(registrations(window, FILTERS[name], order), *COLUMNS))
        assert rows_looked_at(nodes) < 1_000, window


@pytest.mark.parametrize("name", FILTERS)
async def test_no_filter_in_any_order_reads_the_table_from_its_start(
    database: Database, places: Places, name: str
) -> None:
    for order in ORDERS:
        for window in windows(places, order.field):
            read = page_of(registrations(window, FILTERS[name], order), *COLUMNS)
            assert "registrations" not in await tables_read_whole(database, read), (order, window)


async def test_what_is_read_along_with_a_page_costs_no_reading_of_all_users_or_registrations(
    database: Database,
) -> None:
    along = (Column("id", of=relation) for relation in Related)
    read = await tables_read_whole(database, page_of(registrations(), *along))
    assert set(read) <= {"offerings", "courses"}  # so few that nothing is faster


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize(("parent", "ids"), [("user_id", USERS), ("offering_id", OFFERINGS)])
async def test_the_pages_of_many_parents_are_read_by_index(
    database: Database, places: Places, parent: str, ids: list[str], order: Order
) -> None:
    for window in windows(places, order.field):
        query = registrations(window, order=order)
        read = partial(Reads.pages, viewer=staff(), query=query, parent=parent, parent_ids=ids, columns=COLUMNS)
        assert await tables_read_whole(database, read) == []


async def test_records_are_read_by_their_ids(database: Database) -> None:
    ids = [id_ for (id_,) in await rows(database, "SELECT id FROM registrations ORDER BY id LIMIT 100")]
    for viewer in (staff(), Viewer(USERS[0])):
        read = partial(Reads.rows, viewer=viewer, kind=Registration, ids=ids, columns=COLUMNS)
        assert "registrations" not in await tables_read_whole(database, read)


async def test_what_kinds_of_records_ids_name_is_read_by_index(database: Database) -> None:
    for viewer in (staff(), Viewer(USERS[0])):
        read = partial(Reads.kinds, viewer=viewer, ids=[*USERS[:50], *OFFERINGS[:50]])
        assert "registrations" not in await tables_read_whole(database, read)


@pytest.mark.parametrize(("parent", "ids"), [("user_id", USERS), ("offering_id", OFFERINGS[:10])])
async def test_the_registrations_of_parents_are_counted_by_index(
    database: Database, parent: str, ids: list[str]
) -> None:
    for filter_ in (ALL, FILTERS[Status.ACTIVE]):
        query = registrations(filter_=filter_)
        read = partial(Reads.counts, viewer=staff(), query=query, parent=parent, parent_ids=ids)
        assert await tables_read_whole(database, read) == []


@pytest.mark.parametrize("name", ["user_id", "offering_id"])
async def test_the_registrations_of_a_user_or_an_offering_are_counted_by_index(database: Database, name: str) -> None:
    read = partial(Reads.count, viewer=staff(), query=registrations(filter_=FILTERS[name]))
    assert await tables_read_whole(database, read) == []


@pytest.mark.parametrize("from_end", [False, True])
async def test_offerings_by_title_come_from_an_index_at_any_depth(database: Database, from_end: bool) -> None:
    [(title, id_)] = await rows(
        database, "SELECT title, id FROM offerings ORDER BY lower(title COLLATE pg_c_utf8), id OFFSET 500 LIMIT 1"
    )
    place = Position(title, id_)
    for window in (Window(PAGE, from_end), Window(PAGE, from_end, **{"before" if from_end else "after": place})):
        query = ListQuery(OfferingFilter(), BY_TITLE, window)
        nodes = await plan(database, page_of(query, Column("title", of=Related.COURSE)))
        assert "offerings" not in read_whole(nodes)
        assert max(sorted_rows(nodes), default=0) <= PAGE + 1


async def test_what_is_available_to_a_user_is_found_by_the_users_registrations(database: Database) -> None:
    available = OfferingFilter(available_to_user_id=USERS[0])
    query = ListQuery(available, BY_TITLE, FIRST)
    assert "registrations" not in await tables_read_whole(database, page_of(query))
