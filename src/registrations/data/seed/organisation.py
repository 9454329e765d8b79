"""A whole organisation: its users, courses and offerings in memory, its registrations one by one."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from registrations.data.seed.catalogue import make_courses, make_offerings
from registrations.data.seed.chance import Chance
from registrations.data.seed.lives import Intake, Lives
from registrations.data.seed.people import make_users
from registrations.domain.records import Course, Offering, Registration, User

GRADERS = 0.01  # the share of the users, those who joined first, who also grade


class ImpossibleSizes(ValueError):
    """No organisation can have these sizes; the text names the option to change."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many records of each kind: at least one user, course and offering."""

    users: int
    courses: int
    offerings: int
    registrations: int


class Organisation:
    """What an organisation had stored by `today`, a midnight in UTC. Only offerings have dates after it."""

    def __init__(self, sizes: Sizes, seed: int, today: datetime) -> None:
        """Raises `ImpossibleSizes` where the users and offerings can't hold so many registrations."""
        # Each kind has a random generator of its own: with more registrations, for example, the users stay the same.
        self.users: Sequence[User] = make_users(sizes.users, Chance(f"{seed} users"), today)
        self.courses: Sequence[Course] = make_courses(sizes.courses, Chance(f"{seed} courses"))
        self.offerings: Sequence[Offering] = make_offerings(
            sizes.offerings, self.courses, Chance(f"{seed} offerings"), today
        )
        self.sizes = sizes
        self._seed = seed
        self._today = today
        self._intakes = list(self._make_intakes())
        self._places = self._allot_places()

    def registrations(self) -> Iterator[Registration]:
        """As many as `sizes` says, made one by one, by offering."""
        lives = Lives(Chance(f"{self._seed} registrations"), self._today)
        for intake, places in zip(self._intakes, self._places, strict=True):
            people = lives.chance.sample(range(self._audience(intake)), places)
            attempts = (lives.attempts(self.users[person], intake, self._grader(person, lives)) for person in people)
            # A retake counts as one of the places, so that another user gets none.
            yield from islice(chain.from_iterable(attempts), places)

    def _make_intakes(self) -> Iterator[Intake]:
        courses = {course.id: course for course in self.courses}
        for offering in self.offerings:
            opens = offering.registration_begin_date or offering.created_date
            closes = min(offering.registration_end_date or self._today, self._today)
            yield Intake(offering, courses[offering.course_id], opens, closes)

    def _audience(self, intake: Intake) -> int:
        """How many users, the first to join, existed before registration closed."""
        if intake.opens >= intake.closes:
            return 0
        return bisect_left(self.users, intake.closes, key=lambda user: user.created_date)

    def _allot_places(self) -> list[int]:
        """How many registrations each intake gets: some are more popular, none gets more than its audience."""
        left = self.sizes.registrations
        audiences = [self._audience(intake) for intake in self._intakes]
        room = sum(audiences)
        if left > room:
            raise ImpossibleSizes(
                f"--registrations {left} is too many: {self.sizes.users} users and {self.sizes.offerings} offerings "
                f"can have {room} at most. Ask for fewer, or raise --users or --offerings."
            )
        chance = Chance(f"{self._seed} places")
        shares = [audience * chance.uniform(0.2, 1.8) for audience in audiences]
        unshared = sum(shares)
        places = []
        for audience, share in zip(audiences, shares, strict=True):
            room -= audience
            wanted = round(left * share / unshared) if share else 0
            places.append(max(min(wanted, audience, left), left - room))
            left -= places[-1]
            unshared -= share
        return places

    def _grader(self, person: int, lives: Lives) -> User | None:
        """Somebody of the staff who joined before this user did."""
        candidates = min(person, max(1, round(self.sizes.users * GRADERS)))
        return self.users[lives.chance.randrange(candidates)] if candidates else None
