"""Twenty rivals for each of many changes: exactly one wins, every time."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import product

from registrations.domain.problems import AlreadyRegistered, NotActive
from registrations.domain.records import Registration, Status
from registrations.service.registrations import RegistrationService
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.records import NOW, a_course, a_registration, a_user, an_offering
from tests.support.rejections import outcome
from tests.support.viewers import staff

RIVALS = 20

STAFF = staff()
COURSE = a_course()
USERS = [a_user() for _ in range(10)]
OFFERINGS = [an_offering(COURSE, retakes_allowed=bool(number % 2)) for number in range(20)]


async def test_of_20_rivals_that_eject_one_of_200_registrations_one_wins(
    database_url: str, tell: Callable[[str], None]
) -> None:
    database = Database(database_url, pool_size=RIVALS)
    active = [a_registration(user, offering) for user, offering in product(USERS, OFFERINGS)]
    await store(database, COURSE, *USERS, *OFFERINGS, *active)
    service = RegistrationService(database, lambda: NOW)
    reason = "eject status not available after registration is ejected"
    for registration in active:
        ejected = replace(registration, status=Status.EJECTED, end_date=NOW)
        outcomes = await asyncio.gather(*(outcome(service.eject(staff(), registration.id)) for _ in range(RIVALS)))
        assert Counter(outcomes) == {ejected: 1, (NotActive(ejected, reason),): RIVALS - 1}
    tell(f"{RIVALS} rivals eject one registration: exactly one winner {len(active)} times of {len(active)}")
    await database.close()


async def test_of_20_rivals_that_register_one_of_100_pairs_one_wins(
    database_url: str, tell: Callable[[str], None]
) -> None:
    database = Database(database_url, pool_size=RIVALS)
    await store(database, COURSE, *USERS, *OFFERINGS)
    service = RegistrationService(database, lambda: NOW)
    winners = []
    for user, offering in product(USERS, OFFERINGS[:10]):
        register = (service.register_user(staff(), user.id, offering.id) for _ in range(RIVALS))
        outcomes = await asyncio.gather(*map(outcome, register))
        [winner] = [one for one in outcomes if isinstance(one, Registration)]
        assert Counter(outcomes) == {winner: 1, (AlreadyRegistered(winner),): RIVALS - 1}
        winners.append(winner)
    assert await stored_registrations(database) == sorted(winners, key=lambda one: one.id)
    tell(f"{RIVALS} rivals register one pair: {len(winners)} won, {len(winners) * (RIVALS - 1)} were refused")
    await database.close()
