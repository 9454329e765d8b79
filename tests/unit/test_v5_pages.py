"""Which pages of a list are missed where others say that more results follow."""

from typing import Any

import pytest

from registrations.data.v5.files import BadRecord, Page
from registrations.data.v5.pages import Pages

USER, REGISTRATION = {"username": "ada"}, {"userId": "x"}
LINK = "https://v5.example/dc/api/v5/users?status=active&limit={limit}&offset={offset}"


def page(place: str, size: int, record: object = USER, **beside: Any) -> Page:
    return Page(place, [record] * size, beside)


def link(offset: int, limit: int = 10) -> str:
    return LINK.format(offset=offset, limit=limit)


def missing(*pages: Page) -> list[tuple[str, str]]:
    """The place and the reason of each report, whatever the order of the pages."""
    found = []
    for order in (pages, pages[::-1]):
        input_ = Pages()
        for one in order:
            input_.add(one)
        found.append({(bad.place, bad.reason) for bad in input_.missing()})
    assert found[0] == found[1]
    return sorted(found[0])


def no_page_from(offset: int, field: str = "hasMore") -> str:
    return (
        f"{field}: more results follow, and the input has no page of them from offset {offset} on: "
        "import all pages at once"
    )


NO_END = "hasMore: more results follow, and the input has no page that ends the list: import all pages at once"


@pytest.mark.parametrize(
    "pages",
    [
        [],
        [page("1", 10)],
        [page("1", 10, offset=0)],
        [page("1", 10, hasMore=False), page("2", 10, hasMore=None), page("3", 10, next=None)],
        [page("1", 10, offset=0, hasMore=True), page("2", 10, offset=10, hasMore=True), page("3", 3, offset=20)],
        [page("1", 10, offset=0, hasMore=True), page("2", 0, offset=10)],
        [page("1", 8, offset=0, limit=10, hasMore=True), page("2", 3, offset=10, limit=10)],
        [page("1", 10, offset=0, hasMore=True), page("2", 10, offset=5)],
        [page("1", 10, offset=0, hasMore=True), page("1 again", 10, offset=0, hasMore=True), page("2", 3, offset=10)],
        [page("1", 10, next=link(10)), page("2", 10, prev=link(0), next=link(20)), page("3", 3, prev=link(10))],
        [page("1", 15, next=LINK.partition("&")[0] + "&offset=15"), page("2", 3, prev="/users?offset=0")],
        [page("1", 10, hasMore=True), page("2", 10, hasMore=True), page("3", 3, hasMore=False)],
        [page("1", 10, hasMore=True), page("2", 0, hasMore=False)],
    ],
)
def test_whole_lists_are_missed_nothing(pages: list[Page]) -> None:
    assert missing(*pages) == []


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page("1", 10, offset=0, hasMore=True)], [("1", no_page_from(10))]),
        ([page("1", 8, offset=0, limit=10, hasMore=True)], [("1", no_page_from(10))]),
        ([page("2", 10, offset=10, hasMore=True), page("1", 10, offset=0, hasMore=True)], [("2", no_page_from(20))]),
        (
            [page("1", 10, offset=0, hasMore=True), page("3", 10, offset=20, hasMore=True), page("4", 3, offset=30)],
            [("1", no_page_from(10))],
        ),
        (
            [page("1", 10, offset=0, hasMore=True), page("other", 10, REGISTRATION, offset=10)],
            [("1", no_page_from(10))],
        ),
        ([page("1", 10, next=link(10))], [("1", no_page_from(10, "next"))]),
        (
            [page("1", 10, next=link(10)), page("3", 10, prev=link(10))],
            [("1", no_page_from(10, "next"))],
        ),
        ([page("1", 10, hasMore=True)], [("1", NO_END)]),
        ([page("1", 10, hasMore=True), page("other", 10, REGISTRATION, hasMore=False)], [("1", NO_END)]),
        ([page("1", 10, next="more")], [("1", NO_END.replace("hasMore", "next"))]),
        ([page("1", 10, next="https://[?offset=10")], [("1", NO_END.replace("hasMore", "next"))]),
    ],
)
def test_a_page_whose_next_one_is_missing_is_reported(pages: list[Page], expected: list[tuple[str, str]]) -> None:
    assert missing(*pages) == expected


def test_of_pages_without_offsets_and_end_only_the_last_is_reported() -> None:
    pages = Pages()
    for place in "123":
        pages.add(page(place, 10, hasMore=True))
    assert list(pages.missing()) == [BadRecord("3", NO_END)]
