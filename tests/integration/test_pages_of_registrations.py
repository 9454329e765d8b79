"""Pages of the database against the same pages cut from a sorted list in memory."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product

import pytest

from registrations.domain.listing import (
    Page,
    Position,
    RegistrationOrder,
    RegistrationOrderField,
    RegistrationQuery,
    Related,
    Window,
)
from registrations.domain.records import Registration, Status
from registrations.service.reads import Reads
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.records import DAY, NOW, a_course, a_registration, a_user, an_offering
from tests.support.viewers import staff

ORDERS = [RegistrationOrder(field, descending) for field, descending in product(RegistrationOrderField, (True, False))]


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


def in_order(registrations: list[Registration], order: RegistrationOrder) -> list[Registration]:
    def value(registration: Registration) -> datetime | None:
        date: datetime | None = getattr(registration, order.field)
        return date

    def sort(some: list[Registration]) -> list[Registration]:
        return sorted(some, key=lambda one: (value(one) or NOW, one.id), reverse=order.descending)

    dated = [registration for registration in registrations if value(registration) is not None]
    return sort(dated) + sort([registration for registration in registrations if value(registration) is None])


def cut(listed: list[Registration], window: Window) -> Page[Registration]:
    ids = [registration.id for registration in listed]
    start = ids.index(window.after.id) + 1 if window.after else 0
    stop = ids.index(window.before.id) if window.before else len(ids)
    between = range(start, max(start, stop))
    taken = between[max(0, len(between) - window.limit) :] if window.from_end else between[: window.limit]
    more = len(between) > window.limit
    return Page(
        tuple(listed[index] for index in taken),
        has_next=window.before is not None or (more and not window.from_end),
        has_previous=window.after is not None or (more and window.from_end),
    )


@pytest.mark.parametrize("order", ORDERS, ids=str)
async def test_every_window_is_the_stretch_of_the_sorted_list(database: Database, order: RegistrationOrder) -> None:
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
        page = await reads.registration_page(staff(), RegistrationQuery(window, order=order))
        assert page == cut(listed, window), window


def before_record(listed: list[Registration], position: Position) -> Registration:
    return next(registration for registration in listed if registration.id == position.id)


async def test_a_page_brings_along_what_is_asked_for(database: Database) -> None:
    course, user, grader = a_course(), a_user(), a_user()
    offering = an_offering(course)
    graded = a_registration(
        user, offering, status=Status.PASSED, grade_percentage=90.0, grader_id=grader.id, end_date=NOW
    )
    await store(database, user, grader, course, offering, graded)
    page = await Reads(database).registration_page(staff(), RegistrationQuery(Window(15), related=frozenset(Related)))
    assert page == Page((graded,), has_next=False, has_previous=False, related=(user, grader, offering, course))


async def test_each_parent_gets_a_page_of_its_own(database: Database) -> None:
    course = a_course()
    offering = an_offering(course)
    users = [a_user() for _ in range(3)]
    mine = [a_registration(users[0], offering, status=Status.EJECTED, created_date=NOW + day * DAY) for day in range(3)]
    yours = [a_registration(users[1], offering)]
    await store(database, course, offering, *users, *mine, *yours)
    query = RegistrationQuery(Window(2))
    pages = await Reads(database).registration_pages(staff(), query, "user_id", [user.id for user in users])
    assert pages == {
        users[0].id: Page((mine[2], mine[1]), has_next=True, has_previous=False),
        users[1].id: Page((yours[0],), has_next=False, has_previous=False),
        users[2].id: Page((), has_next=False, has_previous=False),
    }


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
    order = RegistrationOrder(RegistrationOrderField.BEGIN_DATE, descending)
    window = Window(15, after=Position(None, 31 * "a" + digit))
    page = await Reads(database).registration_page(staff(), RegistrationQuery(window, order=order))
    assert page.has_previous is has_previous
