"""Clients that write all the time, and remember what they were told is done."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Any

import httpx

from registrations.domain.records import Offering, Registration, Status, User

WRITERS = 8

REGISTER = """
mutation ($userId: ID!, $offeringId: ID!) {
  change: registerUser(input: {userId: $userId, offeringId: $offeringId}) {
    ... on RegisterUserSuccess { registration { id status } }
  }
}
"""
EJECT = """
mutation ($id: ID!) {
  change: ejectRegistration(input: {registrationId: $id}) {
    ... on EjectRegistrationSuccess { registration { id status } }
  }
}
"""
GRADE = """
mutation ($id: ID!) {
  change: assignGrade(input: {registrationId: $id, gradePercentage: 100}) {
    ... on AssignGradeSuccess { registration { id status } }
  }
}
"""


class Writers:
    """Each registers users, and ejects and grades them in turns. `count` is how many changes were acknowledged."""

    def __init__(self, address: str) -> None:
        self.count = 0
        self._http = httpx.AsyncClient(base_url=address, timeout=30)
        self._acknowledged: dict[str, Status] = {}
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def writing(self, users: Sequence[User], offering: Offering) -> AsyncIterator[None]:
        """They write until the block ends; then, what they were not told of yet, they never will be."""
        shares = [users[start::WRITERS] for start in range(WRITERS)]
        async with self._http, asyncio.TaskGroup() as tasks:
            writing = [tasks.create_task(self._write(share, offering)) for share in shares]
            yield
            for task in writing:
                task.cancel()

    async def until_told(self, count: int) -> None:
        """Returns when so many changes were acknowledged."""
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: self.count >= count)

    def lost(self, stored: Iterable[Registration]) -> list[str]:
        """Registrations that are not as was acknowledged. One may be further, if its next change was under way."""
        states = {registration.id: registration.status for registration in stored}
        return [
            id_
            for id_, status in self._acknowledged.items()
            if id_ not in states or status not in {Status.ACTIVE, states[id_]}
        ]

    async def _write(self, users: Sequence[User], offering: Offering) -> None:
        for user, change in zip(users, cycle((EJECT, GRADE)), strict=False):
            if id_ := await self._change(REGISTER, userId=user.id, offeringId=offering.id):
                await self._change(change, id=id_)

    async def _change(self, document: str, **variables: str) -> str | None:
        """The id of the registration; None where the change, so it is told, is made already."""
        while (answer := await self._answer(document, variables)) is None:
            pass
        if not (registration := answer["data"]["change"].get("registration")):
            return None
        async with self._changed:
            self._acknowledged[registration["id"]] = Status(registration["status"])
            self.count += 1
            self._changed.notify_all()
        return str(registration["id"])

    async def _answer(self, document: str, variables: dict[str, str]) -> dict[str, Any] | None:
        """None where there is none, or one that it has to be tried again."""
        try:
            response = await self._http.post("/graphql", json={"query": document, "variables": variables})
        except httpx.TransportError:
            return None
        if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return None
        answer: dict[str, Any] = response.raise_for_status().json()
        return answer
