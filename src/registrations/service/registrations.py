"""The changes of registrations.

It raises `Rejected` where a rule forbids it and `Forbidden` where the viewer may not make it; then nothing changes.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from registrations.domain import grading, progress, registering
from registrations.domain.access import Scope, Viewer
from registrations.domain.records import Registration
from registrations.service.retrying import retried
from registrations.storage.connections.database import Database
from registrations.storage.statements import changes


def now_in_utc() -> datetime:
    return datetime.now(UTC)


class RegistrationService:
    def __init__(self, database: Database, clock: Callable[[], datetime] = now_in_utc) -> None:
        self._database = database
        self._clock = clock

    @retried
    async def register_user(self, viewer: Viewer, user_id: str, offering_id: str) -> Registration:
        """Registers the user into the offering."""
        async with self._database.transaction() as connection:
            user = await changes.lock_user(connection, user_id, viewer.only_user_id(Scope.REGISTER))
            viewer.check_may_register(user)
            offering = await changes.find_offering(connection, offering_id)
            while True:
                taken = await changes.find_taken(connection, user, offering)
                registration = registering.register(user, offering, taken, self._clock())
                if await changes.add(connection, registration):
                    return registration
                # A writer that does not lock the user, such as an import, was faster: decide again on what it stored.

    @retried
    async def assign_grade(
        self, viewer: Viewer, registration_id: str, grade_percentage: float, comment: str | None
    ) -> Registration:
        """Grades the registration, whatever its state is. The viewer becomes its grader, if they are a user."""
        async with self._database.transaction() as connection:
            registration, course = await changes.lock_registration(
                connection, registration_id, viewer.only_user_id(Scope.GRADE)
            )
            viewer.check_may_change(registration, Scope.GRADE)
            grader_id = viewer.user_id
            graded = grading.assign_grade(registration, course, grade_percentage, comment, grader_id, self._clock())
            return await changes.save(connection, graded)

    @retried
    async def eject(self, viewer: Viewer, registration_id: str) -> Registration:
        """Ejects the registration while it is ACTIVE."""
        async with self._database.transaction() as connection:
            registration, _ = await changes.lock_registration(
                connection, registration_id, viewer.only_user_id(Scope.EJECT)
            )
            viewer.check_may_change(registration, Scope.EJECT)
            return await changes.save(connection, progress.eject(registration, self._clock()))

    @retried
    async def complete(self, registration_id: str, grade_percentage: float) -> Registration:
        """Completes the registration with the final grade that the course player reports."""
        async with self._database.transaction() as connection:
            registration, course = await changes.lock_registration(connection, registration_id)
            completed = grading.complete(registration, course, grade_percentage, self._clock())
            return await changes.save(connection, completed)

    @retried
    async def record_activity(self, registration_id: str) -> Registration:
        """Records that the user is active in the course now."""
        async with self._database.transaction() as connection:
            registration, _ = await changes.lock_registration(connection, registration_id)
            return await changes.save(connection, progress.record_activity(registration, self._clock()))
