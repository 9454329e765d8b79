"""Whether the input has all pages of the lists that v5 returned in pages."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from registrations.data.v5.files import BadRecord, Page
from registrations.data.v5.shapes import kind_of

DEFAULT_LIMIT = 15  # of v5, where a request names none


@dataclass(frozen=True, slots=True)
class _Promise:
    """A page from the offset `start` says, in a field, that more results follow: at the latest from `until` on."""

    place: str
    field: str
    start: int
    until: int


@dataclass(slots=True)
class _List:
    """The pages of all lists with one kind of records."""

    starts: set[int] = field(default_factory=set)
    promises: list[_Promise] = field(default_factory=list)
    promise_without_offset: BadRecord | None = None
    has_end: bool = False


class Pages:
    """The pages of the input, in any order. An empty page belongs to the lists of every kind."""

    def __init__(self) -> None:
        self._lists: defaultdict[str | None, _List] = defaultdict(_List)

    def add(self, page: Page) -> None:
        of_kind = self._lists[kind_of(page.results[0]) if page.results else None]
        start, until = _span(page)
        if start is not None:
            of_kind.starts.add(start)
        if (promising := _promising_field(page)) is None:
            of_kind.has_end = True
        elif start is None or until is None:
            reason = "more results follow, and the input has no page that ends the list: import all pages at once"
            of_kind.promise_without_offset = BadRecord(page.place, f"{promising}: {reason}")
        else:
            of_kind.promises.append(_Promise(page.place, promising, start, until))

    def missing(self) -> Iterator[BadRecord]:
        """A report for each page whose next one the input lacks."""
        empty = self._lists[None]
        for of_kind in self._lists.values():
            starts = sorted(of_kind.starts | empty.starts)
            for promise in of_kind.promises:
                following = bisect_right(starts, promise.start)
                if following == len(starts) or starts[following] > promise.until:
                    reason = f"more results follow, and the input has no page of them from offset {promise.until} on"
                    yield BadRecord(promise.place, f"{promise.field}: {reason}: import all pages at once")
            if of_kind.promise_without_offset and not (of_kind.has_end or empty.has_end):
                yield of_kind.promise_without_offset


def _promising_field(page: Page) -> str | None:
    """The field that says that more results follow."""
    if page.beside.get("hasMore") is True:
        return "hasMore"
    return "next" if page.beside.get("next") else None


def _span(page: Page) -> tuple[int | None, int | None]:
    """Where the page starts in its list, and where the next one does at the latest; None where that is unknown."""
    offset, limit = page.beside.get("offset"), page.beside.get("limit")
    following, preceding = _offset_and_limit(page.beside.get("next")), _offset_and_limit(page.beside.get("prev"))
    if isinstance(offset, int):
        start = offset
    elif following:
        start = following[0] - following[1]
    elif preceding:
        start = sum(preceding)
    else:
        return None, None
    # A page may have fewer results than its limit, and others after it.
    size = max(len(page.results), limit if isinstance(limit, int) else 0)
    return start, following[0] if following else start + size


def _offset_and_limit(link: object) -> tuple[int, int] | None:
    """Those in the address of another page."""
    try:
        query = parse_qs(urlsplit(link).query) if isinstance(link, str) else {}
        return int(query["offset"][-1]), int(query.get("limit", [str(DEFAULT_LIMIT)])[-1])
    except (ValueError, KeyError):
        return None
