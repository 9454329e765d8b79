"""What an organisation teaches: its courses, and when they are offered."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import cycle, islice
from typing import TypeAlias

from registrations.data.seed.chance import Chance, Distinct
from registrations.data.seed.names import COURSE_FORMS, SUBJECTS
from registrations.domain.records import Course, Offering

PASSING_GRADES = (50.0, 60.0, 65.0, 70.0, 70.0, 75.0, 80.0, 80.0, 85.0, 90.0, 100.0)
SEASONS = ("Winter", "Spring", "Summer", "Autumn")
RETAKES = 0.35  # the share of offerings that allow them

# When an offering begins and ends, and when it starts and stops to take registrations.
Dates: TypeAlias = tuple[datetime, datetime, datetime, datetime]


def make_courses(amount: int, chance: Chance) -> list[Course]:
    titles = [f"{subject} {form}" for subject in SUBJECTS for form in COURSE_FORMS]
    chance.shuffle(titles)
    distinct = Distinct(" ")
    return [
        Course(chance.new_id(), distinct(title), chance.choice(PASSING_GRADES))
        for title in islice(cycle(titles), amount)
    ]


def make_offerings(amount: int, courses: Sequence[Course], chance: Chance, today: datetime) -> list[Offering]:
    """Offerings that are over, that take registrations now, that will do so later, and some without any dates."""
    times: cycle[Callable[[Chance, datetime], Dates] | None]
    times = cycle((_over, _open, _over, None, _over, _coming, _over, _open))
    distinct = Distinct(", Group ")
    return [
        _dated(chance.choice(courses), time(chance, today), distinct, chance, today)
        if time
        else _undated(chance.choice(courses), distinct, chance, today)
        for time in islice(times, amount)
    ]


def _over(chance: Chance, today: datetime) -> Dates:
    begin = today - chance.days(150, 1_000)
    return begin, begin + chance.days(30, 120), begin - chance.days(20, 60), begin + chance.days(5, 20)


def _open(chance: Chance, today: datetime) -> Dates:
    begin = today + chance.days(-40, 10)
    return begin, today + chance.days(20, 100), begin - chance.days(20, 60), today + chance.days(3, 15)


def _coming(chance: Chance, today: datetime) -> Dates:
    begin = today + chance.days(40, 200)
    return begin, begin + chance.days(30, 120), begin - chance.days(10, 30), begin + chance.days(5, 20)


def _dated(course: Course, dates: Dates, distinct: Distinct, chance: Chance, today: datetime) -> Offering:
    begin, _, opens, _ = dates
    title = distinct(f"{course.title}, {SEASONS[begin.month % 12 // 3]} {begin.year}")
    created = min(opens, today) - chance.days(5, 60)
    return Offering(chance.new_id(), course.id, title, chance.happens(RETAKES), created, *dates)


def _undated(course: Course, distinct: Distinct, chance: Chance, today: datetime) -> Offering:
    title = distinct(f"{course.title}, Self-Paced")
    return Offering(chance.new_id(), course.id, title, chance.happens(RETAKES), today - chance.days(100, 900))
