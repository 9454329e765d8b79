"""The histories of registrations, made by applying the rules of the domain, so that each is possible."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from registrations.data.seed.chance import Chance
from registrations.data.seed.names import FAILED_COMMENTS, PASSED_COMMENTS
from registrations.domain.grading import assign_grade, complete
from registrations.domain.progress import eject, record_activity
from registrations.domain.records import Course, Offering, Registration, Status, User
from registrations.domain.registering import register

STUDY_TIME = timedelta(days=45)
GRADING_TIME = timedelta(days=10)
SPREAD_OF_GRADES = 14.0  # percentage points around a mean that is as much above the passing grade
NEVER_BEGUN = 0.08
EJECTED = 0.06
EJECTED_BEFORE_BEGINNING = 0.15
STILL_ACTIVE = 0.15
GRADED_BY_PERSON = 0.25
COMMENTED = 0.7
RETAKEN = 0.6


@dataclass(frozen=True, slots=True)
class Intake:
    """An offering and the time in which it has taken registrations so far: from `opens` on, before `closes`."""

    offering: Offering
    course: Course
    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Lives:
    """Makes what users had done by `today`. Some of the users also grade."""

    chance: Chance
    today: datetime

    def attempts(self, user: User, intake: Intake, grader: User | None) -> Iterator[Registration]:
        """The user's registrations into one offering, oldest first: several only where it allows retakes."""
        taken: list[Registration] = []
        earliest: datetime | None = max(user.created_date, intake.opens)
        while earliest and earliest < intake.closes:
            now = self.chance.moment(earliest, intake.closes)
            registration = replace(register(user, intake.offering, taken, now), id=self.chance.new_id())
            registration = self._lived(registration, intake, grader)
            taken.append(registration)
            yield registration
            earliest = registration.end_date if self._is_retaken(registration, intake.offering) else None

    def _is_retaken(self, registration: Registration, offering: Offering) -> bool:
        return offering.retakes_allowed and registration.status is not Status.PASSED and self.chance.happens(RETAKEN)

    def _lived(self, registration: Registration, intake: Intake, grader: User | None) -> Registration:
        begin = max(registration.created_date, intake.offering.begin_date or registration.created_date)
        until = min(self.today, begin + STUDY_TIME, intake.offering.end_date or self.today)
        if begin >= until or self.chance.happens(NEVER_BEGUN):
            return self._maybe_ejected(registration)
        first = self.chance.moment(begin, until)
        last = self.chance.moment(first, until)
        return self._finished(record_activity(record_activity(registration, first), last), last, intake.course, grader)

    def _maybe_ejected(self, registration: Registration) -> Registration:
        if self.chance.happens(EJECTED_BEFORE_BEGINNING):
            return eject(registration, self.chance.moment(registration.created_date, self.today))
        return registration

    def _finished(
        self, registration: Registration, last_active: datetime, course: Course, grader: User | None
    ) -> Registration:
        if self.chance.happens(STILL_ACTIVE):
            return registration
        if self.chance.happens(EJECTED):
            return eject(registration, self.chance.moment(last_active, self.today))
        grade = self._grade(course)
        if grader is None or not self.chance.happens(GRADED_BY_PERSON):
            return complete(registration, course, grade, last_active)
        graded = self.chance.moment(last_active, min(self.today, last_active + GRADING_TIME))
        return assign_grade(registration, course, grade, self._comment(grade, course), grader.id, graded)

    def _grade(self, course: Course) -> float:
        grade = self.chance.gauss(course.passing_grade_percentage + SPREAD_OF_GRADES, SPREAD_OF_GRADES)
        return round(min(max(grade, 0.0), 100.0), 1)

    def _comment(self, grade: float, course: Course) -> str | None:
        comments = PASSED_COMMENTS if grade >= course.passing_grade_percentage else FAILED_COMMENTS
        return self.chance.choice(comments) if self.chance.happens(COMMENTED) else None
