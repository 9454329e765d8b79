"""The filter by whom an offering is available to, in SQL, against the rule of registering."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from registrations.domain.listing import ListQuery, Order, Window
from registrations.domain.problems import Rejected
from registrations.domain.records import Offering, OfferingFilter, OfferingOrderField, Registration, Status, User
from registrations.domain.registering import register
from registrations.service.reads import ID, Reads
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.records import NOW, a_course, a_registration_that_is, a_user, an_offering
from tests.support.viewers import staff

MICROSECOND = timedelta(microseconds=1)
BOUNDS = (None, NOW - MICROSECOND, NOW, NOW + MICROSECOND)
TAKEN: list[tuple[Status, ...]] = [
    (),
    *((status,) for status in Status),
    (Status.FAILED, Status.PASSED),
    (Status.EJECTED, Status.ACTIVE),
]
ALL = Window(1_000)
BY_TITLE = Order(OfferingOrderField.TITLE, descending=False)
USER, ANOTHER = a_user(), a_user()

Situation = tuple[Offering, list[Registration]]


def situations() -> list[Situation]:
    """Every combination of window, retakes and what the user has taken, each with an offering of its own."""
    course = a_course()

    def situation(
        opens: datetime | None, closes: datetime | None, retakes_allowed: bool, taken: tuple[Status, ...]
    ) -> Situation:
        offering = an_offering(
            course,
            retakes_allowed=retakes_allowed,
            registration_begin_date=opens,
            registration_end_date=closes,
        )
        return offering, [a_registration_that_is(status, USER, offering) for status in taken]

    return [situation(*choice) for choice in product(BOUNDS, BOUNDS, (True, False), TAKEN)]


def takes(offering: Offering, user: User, taken: list[Registration]) -> bool:
    try:
        register(user, offering, taken, NOW)
    except Rejected:
        return False
    return True


async def listed(database: Database, user_id: str) -> set[str]:
    """The ids of the offerings available to the user; the count has to agree."""
    reads = Reads(database, lambda: NOW)
    query = ListQuery(OfferingFilter(available_to_user_id=user_id), BY_TITLE, ALL)
    page = await reads.page(staff(), query, ())
    assert await reads.count(staff(), query) == len(page.rows)
    return {row[ID] for row in page.rows}


async def stored(database: Database) -> list[Situation]:
    all_ = situations()
    course = a_course(id=all_[0][0].course_id)
    registrations = [registration for _, taken in all_ for registration in taken]
    await store(database, USER, ANOTHER, course, *(offering for offering, _ in all_), *registrations)
    return all_


async def test_an_offering_is_listed_exactly_where_registering_would_raise_no_problem(database: Database) -> None:
    all_ = await stored(database)
    assert len(all_) == 224
    available = await listed(database, USER.id)
    assert available == {offering.id for offering, taken in all_ if takes(offering, USER, taken)}
    assert len(available) == 36


async def test_what_another_user_has_taken_is_not_in_the_way(database: Database) -> None:
    all_ = await stored(database)
    assert await listed(database, ANOTHER.id) == {offering.id for offering, _ in all_ if takes(offering, ANOTHER, [])}


@pytest.mark.parametrize("no_user", ["0" * 32, "", "nobody", "A" * 32])
async def test_nothing_is_available_to_whom_there_is_not(database: Database, no_user: str) -> None:
    await stored(database)
    assert await listed(database, no_user) == set()


async def test_nothing_is_available_to_an_offering(database: Database) -> None:
    [(offering, _), *_] = await stored(database)
    assert await listed(database, offering.id) == set()
