"""The courses and offerings of an organisation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice

from registrations.data.seed.chance import Chance, Distinct
from registrations.data.seed.names import COURSE_FORMS, SUBJECTS
from registrations.domain.records import Course, Offering

PASSING_GRADES = (50.0, 60.0, 65.0, 70.0, 70.0, 75.0, 80.0, 80.0, 85.0, 90.0, 100.0)
SEASONS = ("Winter", "Spring", "Summer", "Autumn")
RETAKES = 0.35  # the share of offerings that allow them


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When an offering begins and ends, and when it starts and stops to take registrations."""

    begin: datetime
    end: datetime
    opens: datetime
    closes: datetime


def make_courses(amount: int, chance: Chance) -> list[Course]:
    titles = [f"{subject} {form}" for subject in SUBJECTS for form in COURSE_FORMS]
    chance.shuffle(titles)
    distinct = Distinct(" ")
    return [
        Course(id=chance.new_id(), title=distinct(title), passing_grade_percentage=chance.choice(PASSING_GRADES))
        for title in islice(cycle(titles), amount)
    ]


def make_offerings(amount: int, courses: Sequence[Course], chance: Chance, today: datetime) -> list[Offering]:
    """Offerings that have ended, that take registrations now or later, and some without any dates."""
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
    return Dates(
        begin=begin,
        end=begin + chance.days(30, 120),
        opens=begin - chance.days(20, 60),
        closes=begin + chance.days(5, 20),
    )


def _open(chance: Chance, today: datetime) -> Dates:
    begin = today + chance.days(-40, 10)
    return Dates(
        begin=begin,
        end=today + chance.days(20, 100),
        opens=begin - chance.days(20, 60),
        closes=today + chance.days(3, 15),
    )


def _coming(chance: Chance, today: datetime) -> Dates:
    begin = today + chance.days(40, 200)
    return Dates(
        begin=begin,
        end=begin + chance.days(30, 120),
        opens=begin - chance.days(10, 30),
        closes=begin + chance.days(5, 20),
    )


def _dated(course: Course, dates: Dates, distinct: Distinct, chance: Chance, today: datetime) -> Offering:
    title = distinct(f"{course.title}, {SEASONS[dates.begin.month % 12 // 3]} {dates.begin.year}")
    created = min(dates.opens, today) - chance.days(5, 60)
    return Offering(
        id=chance.new_id(),
        course_id=course.id,
        title=title,
        retakes_allowed=chance.happens(RETAKES),
        created_date=created,
        begin_date=dates.begin,
        end_date=dates.end,
        registration_begin_date=dates.opens,
        registration_end_date=dates.closes,
    )


def _undated(course: Course, distinct: Distinct, chance: Chance, today: datetime) -> Offering:
    title = distinct(f"{course.title}, Self-Paced")
    return Offering(
        id=chance.new_id(),
        course_id=course.id,
        title=title,
        retakes_allowed=chance.happens(RETAKES),
        created_date=today - chance.days(100, 900),
    )
