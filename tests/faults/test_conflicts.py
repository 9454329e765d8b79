"""Changes that PostgreSQL takes back so that others can go on: made again, and after three times told as an outage."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from registrations.domain.outage import Unavailable
from registrations.service.registrations import RegistrationService
from registrations.storage.connections.database import Database
from tests.conftest import execute
from tests.support.breaking import conflicting
from tests.support.database import rows, store, stored_registrations, until_waiting
from tests.support.gateway import Gateway, open_gateway
from tests.support.records import NOW, a_course, a_registration, a_user, an_offering
from tests.support.viewers import staff

USER, CLASSMATE = a_user(), a_user()
STAFF = staff()
COURSE = a_course()
OFFERING = an_offering(COURSE)
OTHER = a_registration(CLASSMATE, OFFERING)

REGISTER = """
mutation ($userId: ID!, $offeringId: ID!) {
  registerUser(input: {userId: $userId, offeringId: $offeringId}) { __typename }
}
"""


@pytest.fixture
async def database(database: Database) -> Database:
    await store(database, USER, CLASSMATE, COURSE, OFFERING, OTHER)
    return database


@pytest.fixture
async def gateway(database: Database) -> AsyncIterator[Gateway]:
    async with open_gateway(database.url) as gateway:
        yield gateway


async def test_the_victim_of_a_deadlock_is_registered_in_the_end(database: Database) -> None:
    victims = Database(f"{database.url}&deadlock_timeout=1ms")
    async with asyncio.TaskGroup() as tasks, database.transaction() as rival:
        await rival.execute("SET LOCAL deadlock_timeout = '1h'")  # who looks first is the victim
        await rival.execute("SELECT FROM offerings WHERE id = $1 FOR UPDATE", OFFERING.id)
        async with database.transaction() as gate:
            await gate.execute("LOCK TABLE registrations")
            registering = tasks.create_task(
                RegistrationService(victims, lambda: NOW).register_user(staff(), USER.id, OFFERING.id)
            )
            await until_waiting(database, 1)  # it has the user, and wants the offering next
            asking = tasks.create_task(rival.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", USER.id))
            await until_waiting(database, 2)
        await asking
        assert not registering.done()
    registered = registering.result()
    assert registered == a_registration(USER, OFFERING, id=registered.id, created_date=NOW)
    assert [one for one in await stored_registrations(database) if one != OTHER] == [registered]
    await victims.close()


@asynccontextmanager
async def contended_service(url: str, conflicts: int) -> AsyncIterator[tuple[RegistrationService, list[datetime]]]:
    """A service of serializable changes, into each of which, this often, another comes that can't go before or after.

    Beside it the times at which its clock was read: once in each attempt.
    """
    attempts: list[datetime] = []
    reads_and_writes = """
        BEGIN ISOLATION LEVEL SERIALIZABLE;
        UPDATE registrations SET last_active_date = clock_timestamp() WHERE 0 < (SELECT count(*) FROM registrations);
        COMMIT
    """

    def clock() -> datetime:
        attempts.append(NOW)
        if len(attempts) <= conflicts:
            with ThreadPoolExecutor() as others:
                others.submit(asyncio.run, execute(url, reads_and_writes)).result()
        return NOW

    database = Database(f"{url}&default_transaction_isolation=serializable")
    yield RegistrationService(database, clock), attempts
    await database.close()


@pytest.mark.parametrize("conflicts", [0, 1, 2])
async def test_a_change_that_can_not_be_serialized_is_made_again(database: Database, conflicts: int) -> None:
    async with contended_service(database.url, conflicts) as (service, attempts):
        registered = await service.register_user(staff(), USER.id, OFFERING.id)
    assert registered == a_registration(USER, OFFERING, id=registered.id, created_date=NOW)
    assert [one for one in await stored_registrations(database) if one.id != OTHER.id] == [registered]
    assert len(attempts) == conflicts + 1


async def test_after_three_conflicts_a_change_is_given_up_and_nothing_is_written(database: Database) -> None:
    async with contended_service(database.url, 99) as (service, attempts):
        with pytest.raises(Unavailable):
            await service.register_user(staff(), USER.id, OFFERING.id)
    assert [one.id for one in await stored_registrations(database)] == [OTHER.id]
    assert len(attempts) == 3


@pytest.mark.parametrize("code", ["40001", "40P01"])
async def test_conflicts_without_end_are_told_as_an_outage(gateway: Gateway, database: Database, code: str) -> None:
    variables = {"userId": USER.id, "offeringId": OFFERING.id}
    async with conflicting(database, code):
        response = await gateway.http.post("/graphql", json={"query": REGISTER, "variables": variables})
        assert await rows(database, "SELECT last_value FROM conflicts") == [(3,)]
    [error] = response.json()["errors"]
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert error["extensions"] == {"code": "SERVICE_UNAVAILABLE"}
    assert await stored_registrations(database) == [OTHER]
    assert await gateway.data(REGISTER, **variables) == {"registerUser": {"__typename": "RegisterUserSuccess"}}
