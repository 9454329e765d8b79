"""Pages of the database against the same pages cut from a sorted list in memory."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import NamedTuple, Self

import pytest

from registrations.domain.listing import ListQuery, Order, Position, Related, Window
from registrations.domain.records import Registration, RegistrationFilter, RegistrationOrderField, Status
from registrations.service.reads import HEADER, ID, Column, Reads, RowPage
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.records import DAY, NOW, a_course, a_registration, a_user, an_offering
from tests.support.viewers import staff

ORDERS = [Order(field, descending) for field, descending in product(RegistrationOrderField, (True, False))]
BEGIN_DATE = RegistrationOrderField.BEGIN_DATE
ID_BEFORE, ID_AFTER = "0" * 32, "f" * 32
NEWEST_FIRST = Order(RegistrationOrderField.CREATED_DATE, descending=True)


class Listed(NamedTuple):
    """A page: the ids of its records, and whether there are more on either side."""

    ids: list[str]
    has_next: bool
    has_previous: bool

    @classmethod
    def of(cls, page: RowPage) -> Self:
        return cls([row[ID] for row in page.rows], page.has_next, page.has_previous)


def listing(window: Window, order: Order = NEWEST_FIRST) -> ListQuery[RegistrationFilter]:
    return ListQuery(RegistrationFilter(), order, window)


def some_registrations() -> Iterator[Registration]:
    """Registrations of one offering with many equal and many missing dates."""
    chance = random.Random(7)

    def some_date() -> datetime | None:
        return chance.choice([None, *(NOW + day * DAY for day in range(4))])

    for _ in range(40):
        yield a_registration(
            status=Status.EJECTED,
            created_date=NOW + chance.randrange(5) * DAY,
            begin_date=some_date(),
            last_active_date=some_date(),
            end_date=some_date(),
        )


def in_order(registrations: list[Registration], order: Order) -> list[Registration]:
    def value(registration: Registration) -> datetime | None:
        date: datetime | None = getattr(registration, order.field)
        return date

    def sort(some: list[Registration]) -> list[Registration]:
        return sorted(some, key=lambda one: (value(one) or NOW, one.id), reverse=order.descending)

    dated = [registration for registration in registrations if value(registration) is not None]
    return sort(dated) + sort([registration for registration in registrations if value(registration) is None])


def cut(listed: list[Registration], window: Window) -> Listed:
    ids = [registration.id for registration in listed]
    start = ids.index(window.after.id) + 1 if window.after else 0
    stop = ids.index(window.before.id) if window.before else len(ids)
    between = range(start, max(start, stop))
    taken = between[max(0, len(between) - window.limit) :] if window.from_end else between[: window.limit]
    more = len(between) > window.limit
    return Listed(
        [ids[index] for index in taken],
        has_next=window.before is not None or (more and not window.from_end),
        has_previous=window.after is not None or (more and window.from_end),
    )


@pytest.mark.parametrize("order", ORDERS, ids=str)
async def test_every_window_is_the_stretch_of_the_sorted_list(database: Database, order: Order) -> None:
    course, user = a_course(), a_user()
    offering = an_offering(course)
    registrations = [
        replace(registration, user_id=user.id, offering_id=offering.id) for registration in some_registrations()
    ]
    await store(database, user, course, offering, *registrations)
    reads = Reads(database)
    listed = in_order(registrations, order)
    places = [Position(getattr(listed[index], order.field), listed[index].id) for index in (0, 3, 19, 30, 39)]
    for limit, from_end, after, before in product((0, 7, 40), (True, False), [None, *places], [None, *places]):
        if (
            after
            and before
            and listed.index(before_record(listed, after)) >= listed.index(before_record(listed, before))
        ):
            continue
        window = Window(limit, from_end, after, before)
        page = await reads.page(staff(), listing(window, order), ())
        assert Listed.of(page) == cut(listed, window), window


def before_record(listed: list[Registration], position: Position) -> Registration:
    return next(registration for registration in listed if registration.id == position.id)


async def test_a_page_brings_along_what_is_asked_for(database: Database) -> None:
    course, user, grader = a_course(), a_user(), a_user()
    offering = an_offering(course)
    graded = a_registration(
        user, offering, status=Status.PASSED, grade_percentage=90.0, grader_id=grader.id, end_date=NOW
    )
    await store(database, user, grader, course, offering, graded)
    columns = (
        Column("status"),
        Column("username", Related.USER),
        Column("username", Related.GRADER),
        Column("title", Related.OFFERING),
        Column("title", Related.COURSE),
    )
    page = await Reads(database).page(staff(), listing(Window(15)), columns)
    [row] = page.rows
    values = "PASSED", user.username, grader.username, offering.title, course.title
    assert (row[ID], *row[HEADER : HEADER + len(columns)]) == (graded.id, *values)


@pytest.mark.parametrize("columns", [(), (Column("id"),), (Column("begin_date"),), (Column("end_date"), Column("id"))])
@pytest.mark.parametrize("parent", [None, "user_id"])
async def test_a_page_tells_where_its_sort_key_is_whatever_else_is_asked_for(
    database: Database, columns: tuple[Column, ...], parent: str | None
) -> None:
    course, user = a_course(), a_user()
    offering = an_offering(course)
    await store(database, user, course, offering, a_registration(user, offering, begin_date=NOW + DAY))
    query = listing(
        Window(15, after=Position(NOW, ID_BEFORE), before=Position(None, ID_AFTER)), Order(BEGIN_DATE, descending=False)
    )
    reads = Reads(database)
    if parent:
        [page] = (await reads.pages(staff(), query, parent, [user.id], columns)).values()
    else:
        page = await reads.page(staff(), query, columns)
    assert [row[page.key] for row in page.rows] == [NOW + DAY]


async def test_each_parent_gets_a_page_of_its_own(database: Database) -> None:
    course = a_course()
    offering = an_offering(course)
    users = [a_user() for _ in range(3)]
    mine = [a_registration(users[0], offering, status=Status.EJECTED, created_date=NOW + day * DAY) for day in range(3)]
    yours = [a_registration(users[1], offering)]
    await store(database, course, offering, *users, *mine, *yours)
    pages = await Reads(database).pages(staff(), listing(Window(2)), "user_id", [user.id for user in users], ())
    assert {user_id: Listed.of(page) for user_id, page in pages.items()} == {
        users[0].id: Listed([mine[2].id, mine[1].id], has_next=True, has_previous=False),
        users[1].id: Listed([yours[0].id], has_next=False, has_previous=False),
        users[2].id: Listed([], has_next=False, has_previous=False),
    }
    counts = await Reads(database).counts(staff(), listing(Window(2)), "user_id", [user.id for user in users])
    assert counts == {users[0].id: 3, users[1].id: 1}


@pytest.mark.parametrize(
    ("descending", "digit", "has_previous"),
    [
        (False, "0", False),
        (False, "5", True),
        (False, "f", True),
        (True, "f", False),
        (True, "5", True),
        (True, "0", True),
    ],
)
async def test_a_place_whose_record_is_gone_tells_what_lies_before_it(
    database: Database, descending: bool, digit: str, has_previous: bool
) -> None:
    course, user = a_course(), a_user()
    offering = an_offering(course)
    without_dates = [a_registration(user, offering, id=31 * "a" + last, status=Status.EJECTED) for last in "38"]
    await store(database, user, course, offering, *without_dates)
    window = Window(15, after=Position(None, 31 * "a" + digit))
    page = await Reads(database).page(staff(), listing(window, Order(BEGIN_DATE, descending)), ())
    assert page.has_previous is has_previous
