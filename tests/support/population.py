"""Records of every kind and state, few enough to meet again and again; cursors to them, and who may see what."""

from datetime import timedelta
from itertools import cycle, islice, product

from registrations.domain.access import Scope
from registrations.domain.records import Record, Status
from tests.support.oracle.orders import BY_TITLE, by_date, write_cursor
from tests.support.records import DAY, NOW, a_course, a_registration_that_is, a_user, an_offering

MOMENT = timedelta(microseconds=1)

USERS = [
    a_user(id=f"{number:032x}", first_name=name, username=f"user{number}", created_date=NOW + number * MOMENT)
    for number, name in enumerate(("Ada", "Åsa", "O'Neill", '"Q" \\', "Zoë\n\U0001f600"), start=1)
]
COURSES = [
    a_course(id=f"{number:032x}", title=f"Course {number}", passing_grade_percentage=grade)
    for number, grade in enumerate((0.0, 66.6, 100.0), start=0x100)
]
OFFERINGS = [
    an_offering(
        course,
        id=f"{number:032x}",
        title=title,
        retakes_allowed=number % 2 == 0,
        begin_date=NOW if number % 3 else None,
        end_date=None if number % 3 else NOW + 400 * DAY,
        registration_begin_date=NOW - DAY if number % 4 else None,
        registration_end_date=NOW if number % 4 == 1 else None,
    )
    for number, title, course in zip(
        range(0x200, 0x206), ("b", "C", "a", "Ähren", "100 % \\ _", "B"), cycle(COURSES), strict=False
    )
]
REGISTRATIONS = [
    a_registration_that_is(
        status,
        user,
        offering,
        id=f"{number:032x}",
        created_date=NOW - (number % 7) * DAY + (number % 2) * MOMENT,
        begin_date=NOW - DAY if number % 3 else None,
        last_active_date=NOW if number % 5 else None,
        grader_id=USERS[number % 3].id if status in (Status.PASSED, Status.FAILED) and number % 3 else None,
        grader_comment="Well done,\t\u2028 \x7f" if number % 4 == 0 else None,
    )
    for number, (user, offering), status in zip(
        range(0x300, 0x318), product(USERS[:4], OFFERINGS), islice(cycle(Status), 1, None), strict=False
    )
]
POPULATION: list[Record] = [*USERS, *COURSES, *OFFERINGS, *REGISTRATIONS]
ALL_IDS = tuple(record.id for record in POPULATION)
NEW_IDS = tuple(f"{number:032x}" for number in range(0x400, 0x404))
"""The ids of registrations that are made while a request is answered, in that order."""

ORDERS = [
    by_date(field, is_descending=is_descending)
    for field in ("created_date", "begin_date", "last_active_date", "end_date")
    for is_descending in (True, False)
]
NEWEST_FIRST = ORDERS[0]
CURSORS = {
    BY_TITLE: [write_cursor(BY_TITLE, BY_TITLE.position(offering)) for offering in OFFERINGS],
    **{
        order: [write_cursor(order, order.position(registration)) for registration in REGISTRATIONS[::4]]
        for order in ORDERS
    },
}

VIEWERS: tuple[tuple[str, list[Scope]] | None, ...] = (
    None,  # nobody
    (USERS[0].id, []),
    ("f" * 32, []),  # a learner without a user record
    (USERS[0].id, [Scope.GRADE]),
    (USERS[1].id, [Scope.READ]),
    (USERS[1].id, [Scope.READ, Scope.GRADE, Scope.EJECT]),
    ("service", list(Scope)),
    (USERS[2].id, list(Scope)),
)
