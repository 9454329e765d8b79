"""Records in memory, and what of them exists for whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from registrations.domain.access import Scope
from registrations.domain.records import Course, Offering, Registration, User
from tests.support.oracle.client_errors import unauthenticated

Record: TypeAlias = User | Course | Offering | Registration


@dataclass
class World:
    """All records of each kind, by their ids."""

    users: dict[str, User] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    offerings: dict[str, Offering] = field(default_factory=dict)
    registrations: dict[str, Registration] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "World":
        world = cls()
        for record in records:
            match record:
                case User():
                    world.users[record.id] = record
                case Course():
                    world.courses[record.id] = record
                case Offering():
                    world.offerings[record.id] = record
                case Registration():
                    world.save(record)
        return world

    def save(self, registration: Registration) -> None:
        """Adds the registration, or puts it in the place of the one with its id."""
        self.registrations[registration.id] = registration

    def find(self, id_: str) -> Record | None:
        kinds = (self.users, self.courses, self.offerings, self.registrations)
        return next((records[id_] for records in kinds if id_ in records), None)


@dataclass(frozen=True)
class Viewer:
    """Somebody who is signed in. The subject is the id of a user, where they are one."""

    subject: str
    scopes: frozenset[Scope]

    def owns(self, record: User | Registration) -> bool:
        return self.subject == (record.id if isinstance(record, User) else record.user_id)

    def sees(self, record: Record) -> bool:
        """Offerings and courses are seen by all, users and registrations by their owner and by who may read them."""
        return isinstance(record, Course | Offering) or self.owns(record) or Scope.READ in self.scopes


@dataclass(frozen=True)
class Asking:
    """The world, who asks about it, and when."""

    world: World
    who: Viewer | None
    now: datetime

    @property
    def viewer(self) -> Viewer:
        if self.who is None:
            raise unauthenticated()
        return self.who

    def find(self, id_: str) -> Record | None:
        """The record of any kind, where it exists for the viewer."""
        viewer, record = self.viewer, self.world.find(id_)
        return record if record and viewer.sees(record) else None
