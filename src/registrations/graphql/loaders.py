"""One statement for what many resolvers ask for at the same time, and none for what a page brought along."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from strawberry.dataloader import DataLoader

from registrations.domain.access import Viewer
from registrations.domain.listing import ListQuery, Order, Related, Window
from registrations.domain.records import Course, Offering, OfferingFilter, OfferingOrderField, Registration, User
from registrations.service.old_reads import Page, ParentField, RegistrationQuery
from registrations.service.reads import Reads, Record

K = TypeVar("K")
G = TypeVar("G")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RegistrationKey:
    id: str
    related: frozenset[Related]


@dataclass(frozen=True, slots=True)
class PageKey:
    """A page of the registrations of one user, or into one offering."""

    parent: ParentField
    parent_id: str
    query: RegistrationQuery


@dataclass(frozen=True, slots=True)
class CountKey:
    """How many registrations one user has, or one offering."""

    parent: ParentField
    parent_id: str
    query: RegistrationQuery


class Loaders:
    """What one operation reads for its viewer.

    What is found by an id is None where no record of it exists for the viewer. What a record refers to is there for
    whoever has that record, such as the user of a registration that the viewer may only eject.
    """

    def __init__(self, reads: Reads, viewer: Viewer) -> None:
        self._reads = reads
        self._viewer = viewer
        self._users: DataLoader[str, User | None] = DataLoader(_by_id(reads.users))
        self._courses: DataLoader[str, Course | None] = DataLoader(_by_id(reads.courses))
        self._offerings: DataLoader[str, Offering | None] = DataLoader(_by_id(reads.offerings))
        self._kinds: DataLoader[str, type[Record] | None] = DataLoader(_by_id(partial(reads.kinds, viewer)))
        self._registrations = DataLoader(self._load_registrations)
        self._pages = DataLoader(self._load_pages)
        self._counts = DataLoader(self._load_counts)

    async def user(self, id_: str) -> User:
        """The user to whom another record refers."""
        return _present(await self._users.load(id_))

    async def course(self, id_: str) -> Course:
        """The course to which another record refers."""
        return _present(await self._courses.load(id_))

    async def offering(self, id_: str) -> Offering:
        """The offering to which another record refers."""
        return _present(await self._offerings.load(id_))

    async def find_user(self, id_: str) -> User | None:
        # Asked before anything is loaded: a user who is related to something seen is in the loader.
        return await self._users.load(id_) if self._viewer.may_see_user(id_) else None

    async def find_offering(self, id_: str) -> Offering | None:
        return await self._offerings.load(id_)

    async def find_registration(self, id_: str, related: frozenset[Related]) -> Registration | None:
        return await self._registrations.load(RegistrationKey(id_, related))

    async def find_record(self, id_: str, related: frozenset[Related]) -> Record | None:
        """The record of any kind; `related` counts where it is a registration."""
        kind = await self._kinds.load(id_)
        if kind is User:
            return await self.find_user(id_)
        if kind is Course:
            return await self._courses.load(id_)
        if kind is Offering:
            return await self.find_offering(id_)
        return await self.find_registration(id_, related) if kind else None

    async def registration_page(
        self, query: RegistrationQuery, parent: tuple[ParentField, str] | None
    ) -> Page[Registration]:
        if parent:
            return await self._pages.load(PageKey(*parent, query))
        page = await self._reads.registration_page(self._viewer, query)
        self.remember(page)
        return page

    async def registration_count(self, query: RegistrationQuery, parent: tuple[ParentField, str] | None) -> int | None:
        if parent:
            return await self._counts.load(CountKey(*parent, query))
        return await self._reads.count(self._viewer, query)

    async def offering_page(self, filter_: OfferingFilter, window: Window, with_course: bool) -> Page[Offering]:
        page = await self._reads.offering_page(self._viewer, filter_, window, with_course=with_course)
        self.remember(page)
        return page

    async def offering_count(self, filter_: OfferingFilter) -> int | None:
        order = Order(OfferingOrderField.TITLE, descending=False)
        return await self._reads.count(self._viewer, ListQuery(filter_, order, Window(0)))

    def remember(self, page: Page[Registration] | Page[Offering]) -> None:
        """Whoever asks for what the page brought along gets it without a statement."""
        self._users.prime_many({record.id: record for record in page.related if isinstance(record, User)})
        self._offerings.prime_many({record.id: record for record in page.related if isinstance(record, Offering)})
        self._courses.prime_many({record.id: record for record in page.related if isinstance(record, Course)})

    async def _load_registrations(self, keys: list[RegistrationKey]) -> list[Registration | None]:
        related = frozenset[Related]().union(*(key.related for key in keys))
        page = await self._reads.registrations(self._viewer, [key.id for key in keys], related)
        self.remember(page)
        found = {registration.id: registration for registration in page.records}
        return [found.get(key.id) for key in keys]

    async def _load_pages(self, keys: list[PageKey]) -> list[Page[Registration]]:
        loaded: dict[PageKey, Page[Registration]] = {}
        for (parent, query), alike in _grouped(keys, lambda key: (key.parent, key.query)).items():
            parent_ids = [key.parent_id for key in alike]
            pages = await self._reads.registration_pages(self._viewer, query, parent, parent_ids)
            for key in alike:
                loaded[key] = pages[key.parent_id]
                self.remember(loaded[key])
        return [loaded[key] for key in keys]

    async def _load_counts(self, keys: list[CountKey]) -> list[int]:
        loaded: dict[CountKey, int] = {}
        for (parent, query), alike in _grouped(keys, lambda key: (key.parent, key.query)).items():
            parent_ids = [key.parent_id for key in alike]
            counts = await self._reads.counts(self._viewer, query, parent, parent_ids)
            loaded |= {key: counts.get(key.parent_id, 0) for key in alike}
        return [loaded[key] for key in keys]


def _present(record: T | None) -> T:
    if record is None:
        raise LookupError("A record refers to one that is gone.")
    return record


def _by_id(
    read: Callable[[Sequence[str]], Awaitable[dict[str, T]]],
) -> Callable[[list[str]], Awaitable[list[T | None]]]:
    async def load(ids: list[str]) -> list[T | None]:
        found = await read(ids)
        return [found.get(id_) for id_ in ids]

    return load


def _grouped(keys: Iterable[K], group: Callable[[K], G]) -> dict[G, list[K]]:
    groups: dict[G, list[K]] = defaultdict(list)
    for key in keys:
        groups[group(key)].append(key)
    return groups
