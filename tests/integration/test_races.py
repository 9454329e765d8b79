"""Rivals on connections of their own: the database settles who wins, and the others learn what the winner did."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from itertools import product
from threading import Event

import pytest
from asyncpg.transaction import Transaction

from registrations.data.copying import copy, open_connection
from registrations.domain.problems import AlreadyRegistered, NotActive, RetakeNotAllowed
from registrations.domain.records import Registration, Status
from registrations.service.registrations import RegistrationService
from registrations.storage.connections.database import Database
from tests.support.database import locked, store, stored_registrations, until_waiting
from tests.support.records import DAY, NOW, a_course, a_registration, a_registration_that_is, a_user, an_offering
from tests.support.rejections import Outcome, outcome
from tests.support.viewers import staff

RIVALS = 20
ROUNDS = 25

USER, GRADER = a_user(), a_user()
STAFF = staff(GRADER.id)
COURSE = a_course(passing_grade_percentage=70.0)
OFFERING = an_offering(COURSE, retakes_allowed=False)
OPEN_OFFERING = an_offering(COURSE, retakes_allowed=True)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with a connection for each rival, one for the test, and those to whom it all happens."""
    database = Database(database_url, pool_size=RIVALS + 1)
    await store(database, USER, GRADER, COURSE, OFFERING, OPEN_OFFERING)
    yield database
    await database.close()


@pytest.fixture
def service(database: Database) -> RegistrationService:
    return RegistrationService(database, lambda: NOW)


async def race(database: Database, acts: Iterable[Awaitable[Registration]]) -> list[Outcome]:
    """What comes of each, when they start together on connections that are open already."""
    async with AsyncExitStack() as opening:
        await asyncio.gather(*(opening.enter_async_context(database.transaction()) for _ in range(RIVALS)))
    return await asyncio.gather(*map(outcome, acts))


async def test_of_rivals_that_register_one_pair_one_wins_and_the_others_are_told_of_its_registration(
    database: Database, service: RegistrationService
) -> None:
    outcomes = await race(database, [service.register_user(STAFF, USER.id, OFFERING.id) for _ in range(RIVALS)])
    [winner] = await stored_registrations(database)
    assert winner == a_registration(USER, OFFERING, id=winner.id, created_date=NOW)
    assert outcomes.count(winner) == 1
    assert outcomes.count((AlreadyRegistered(winner),)) == RIVALS - 1


async def test_in_a_crowd_each_pair_has_exactly_one_winner(database: Database, service: RegistrationService) -> None:
    users = [a_user() for _ in range(4)]
    offerings = [an_offering(COURSE, retakes_allowed=bool(number % 2)) for number in range(5)]
    await store(database, *users, *offerings)
    pairs = list(product(users, offerings))
    acts = [service.register_user(STAFF, user.id, offering.id) for _ in range(10) for user, offering in pairs]
    outcomes = await race(database, acts)
    winners = await stored_registrations(database)
    assert Counter((one.user_id, one.offering_id) for one in winners) == {
        (user.id, offering.id): 1 for user, offering in pairs
    }
    for winner in winners:
        assert outcomes.count(winner) == 1
        assert outcomes.count((AlreadyRegistered(winner),)) == 9


async def test_of_rivals_that_eject_one_registration_one_wins(database: Database, service: RegistrationService) -> None:
    active = a_registration(USER, OFFERING)
    await store(database, active)
    outcomes = await race(database, [service.eject(STAFF, active.id) for _ in range(RIVALS)])
    ejected = replace(active, status=Status.EJECTED, end_date=NOW)
    refused = NotActive(ejected, "eject status not available after registration is ejected")
    assert await stored_registrations(database) == [ejected]
    assert outcomes.count(ejected) == 1
    assert outcomes.count((refused,)) == RIVALS - 1


async def test_of_rivals_that_complete_one_registration_one_wins(
    database: Database, service: RegistrationService
) -> None:
    active = a_registration(USER, OFFERING)
    await store(database, active)
    outcomes = await race(database, [service.complete(active.id, 60.0 + rival) for rival in range(RIVALS)])
    [completed] = await stored_registrations(database)
    assert outcomes.count(completed) == 1
    reason = "a registration is completed only while it is active"
    assert outcomes.count((NotActive(completed, reason),)) == RIVALS - 1


async def test_an_ejection_before_a_grade_is_cleared_by_it(database: Database, service: RegistrationService) -> None:
    active = a_registration(USER, OFFERING)
    await store(database, active)
    async with asyncio.TaskGroup() as rivals, locked(database, active):
        ejecting = rivals.create_task(outcome(service.eject(STAFF, active.id)))
        await until_waiting(database, 1)
        grading = rivals.create_task(outcome(service.assign_grade(STAFF, active.id, 90.0, None)))
        await until_waiting(database, 2)
    graded = replace(active, status=Status.PASSED, grade_percentage=90.0, grader_id=GRADER.id, end_date=NOW)
    assert ejecting.result() == replace(active, status=Status.EJECTED, end_date=NOW)
    assert grading.result() == graded
    assert await stored_registrations(database) == [graded]


async def test_a_grade_before_an_ejection_refuses_it(database: Database, service: RegistrationService) -> None:
    active = a_registration(USER, OFFERING)
    await store(database, active)
    async with asyncio.TaskGroup() as rivals, locked(database, active):
        grading = rivals.create_task(outcome(service.assign_grade(STAFF, active.id, 10.0, None)))
        await until_waiting(database, 1)
        ejecting = rivals.create_task(outcome(service.eject(STAFF, active.id)))
        await until_waiting(database, 2)
    graded = replace(active, status=Status.FAILED, grade_percentage=10.0, grader_id=GRADER.id, end_date=NOW)
    assert grading.result() == graded
    assert ejecting.result() == (NotActive(graded, "eject status not available after registration is graded"),)
    assert await stored_registrations(database) == [graded]


async def test_whoever_comes_first_a_grade_is_never_lost_to_an_ejection(
    database: Database, service: RegistrationService
) -> None:
    active = [a_registration_that_is(Status.ACTIVE, a_user(), OFFERING) for _ in range(ROUNDS)]
    users = [replace(a_user(), id=one.user_id) for one in active]
    await store(database, *users, *active)
    acts = [
        act for one in active for act in (service.eject(STAFF, one.id), service.assign_grade(STAFF, one.id, 90.0, "!"))
    ]
    await race(database, acts)
    ends = [(one.status, one.grade_percentage, one.end_date) for one in await stored_registrations(database)]
    assert ends == [(Status.PASSED, 90.0, NOW)] * ROUNDS


async def test_grades_and_activity_at_once_lose_neither(database: Database, service: RegistrationService) -> None:
    active = a_registration(USER, OFFERING)
    await store(database, active)
    async with asyncio.TaskGroup() as rivals, locked(database, active):
        rivals.create_task(service.record_activity(active.id))
        await until_waiting(database, 1)
        rivals.create_task(service.complete(active.id, 90.0))
        await until_waiting(database, 2)
    assert await stored_registrations(database) == [
        replace(
            active,
            status=Status.PASSED,
            grade_percentage=90.0,
            begin_date=NOW,
            last_active_date=NOW,
            end_date=NOW,
        )
    ]


async def test_where_no_retakes_are_allowed_an_ejection_in_between_never_lets_a_second_registration_in(
    database: Database, service: RegistrationService
) -> None:
    async def register_and_eject(user_id: str) -> Registration:
        registered = await service.register_user(STAFF, user_id, OFFERING.id)
        return await service.eject(STAFF, registered.id)

    users = [a_user() for _ in range(ROUNDS)]
    await store(database, *users)
    for user in users:
        outcomes = await race(database, [register_and_eject(user.id) for _ in range(5)])
        [ejected] = [one for one in outcomes if isinstance(one, Registration)]
        active = replace(ejected, status=Status.ACTIVE, end_date=None)
        refusals = [one for one in outcomes if one != ejected]
        assert len(refusals) == 4
        assert all(one in [(AlreadyRegistered(active),), (RetakeNotAllowed(ejected),)] for one in refusals)
    assert Counter(one.user_id for one in await stored_registrations(database)) == {user.id: 1 for user in users}


async def test_a_rival_does_not_register_and_eject_between_ones_check_and_ones_row(
    database: Database, service: RegistrationService
) -> None:
    checked, go_on = Event(), Event()

    def clock_that_stops() -> datetime:
        checked.set()
        assert go_on.wait(60)
        return NOW

    async def register_slowly() -> Registration:
        own = Database(database.url)
        try:
            return await RegistrationService(own, clock_that_stops).register_user(STAFF, USER.id, OFFERING.id)
        finally:
            await own.close()

    async def register_and_eject() -> Registration:
        registered = await service.register_user(STAFF, USER.id, OFFERING.id)
        return await service.eject(STAFF, registered.id)

    async with asyncio.TaskGroup() as rivals:
        slow = rivals.create_task(asyncio.to_thread(asyncio.run, register_slowly()))
        assert await asyncio.to_thread(checked.wait, 60)
        quick = rivals.create_task(outcome(register_and_eject()))
        await until_waiting(database, 1)
        go_on.set()
    assert quick.result() == (AlreadyRegistered(slow.result()),)
    assert await stored_registrations(database) == [slow.result()]


async def test_where_retakes_are_allowed_each_retake_waits_for_the_end_of_the_one_before(
    database: Database, service: RegistrationService
) -> None:
    async def register_and_eject(_rival: int) -> Registration:
        registered = await service.register_user(STAFF, USER.id, OPEN_OFFERING.id)
        return await service.eject(STAFF, registered.id)

    outcomes = await race(database, map(register_and_eject, range(RIVALS)))
    ejected = [one for one in outcomes if isinstance(one, Registration)]
    assert await stored_registrations(database) == sorted(ejected, key=lambda one: one.id)
    for refused in (one for one in outcomes if not isinstance(one, Registration)):
        [problem] = refused
        assert isinstance(problem, AlreadyRegistered)
        assert replace(problem.registration, status=Status.EJECTED, end_date=NOW) in ejected


async def registering_while(
    database: Database,
    service: RegistrationService,
    rival: Registration,
    end: Callable[[Transaction], Awaitable[None]],
) -> Outcome:
    """What comes of registering the rival's pair, which waits between its check and its row for the rival's end."""
    async with asyncio.TaskGroup() as tasks, open_connection(database) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await copy(connection, Registration, [rival])
        registering = tasks.create_task(outcome(service.register_user(STAFF, rival.user_id, rival.offering_id)))
        await until_waiting(database, 1)
        await end(transaction)
    return registering.result()


async def test_a_row_that_another_writer_commits_after_the_check_is_what_the_refused_is_told_of(
    database: Database, service: RegistrationService
) -> None:
    rival = a_registration(USER, OFFERING, created_date=NOW - DAY)
    assert await registering_while(database, service, rival, Transaction.commit) == (AlreadyRegistered(rival),)
    assert await stored_registrations(database) == [rival]


async def test_a_row_that_another_writer_takes_back_is_not_in_the_way(
    database: Database, service: RegistrationService
) -> None:
    registered = await registering_while(database, service, a_registration(USER, OFFERING), Transaction.rollback)
    assert isinstance(registered, Registration)
    assert await stored_registrations(database) == [registered]


async def test_many_writers_behind_the_services_back_leave_one_registration(
    database: Database, service: RegistrationService
) -> None:
    async def write_behind(rival: Registration) -> Registration:
        async with database.transaction() as connection:
            await copy(connection, Registration, [rival])
        return rival

    user_and_rivals = [(user, a_registration(user, OFFERING)) for user in (a_user() for _ in range(ROUNDS))]
    await store(database, *(user for user, _ in user_and_rivals))
    for user, rival in user_and_rivals:
        written, registered = await asyncio.gather(
            write_behind(rival), outcome(service.register_user(STAFF, user.id, OFFERING.id)), return_exceptions=True
        )
        [stored] = [one for one in await stored_registrations(database) if one.user_id == user.id]
        if written == rival:
            assert (stored, registered) == (rival, (AlreadyRegistered(rival),))
        else:
            assert stored == registered


async def test_registering_waits_for_nobody_elses_registering(database: Database, service: RegistrationService) -> None:
    async with locked(database, USER):
        registered = await service.register_user(STAFF, GRADER.id, OFFERING.id)
    assert await stored_registrations(database) == [registered]


async def test_the_time_of_a_registration_is_taken_after_the_wait_for_a_rival(database: Database) -> None:
    times = [NOW]
    service = RegistrationService(database, lambda: times[-1])
    async with asyncio.TaskGroup() as tasks, locked(database, USER):
        registering = tasks.create_task(service.register_user(STAFF, USER.id, OFFERING.id))
        await until_waiting(database, 1)
        times.append(NOW + DAY)
    assert registering.result().created_date == NOW + DAY
