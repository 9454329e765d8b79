from typing import Any

import pytest

from registrations.domain.records import Status
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.gateway import Gateway
from tests.support.records import NOW, a_course, a_registration, a_user, an_offering

PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String, $filter: OfferingFilterInput) {
  offerings(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    edges { cursor node { title } }
    nodes { title }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""


async def page(gateway: Gateway, **variables: Any) -> dict[str, Any]:
    connection: dict[str, Any] = (await gateway.data(PAGE, **variables))["offerings"]
    return connection


def titles(connection: dict[str, Any]) -> list[str]:
    return [node["title"] for node in connection["nodes"]]


async def store_titles(database: Database, *some: str) -> None:
    course = a_course()
    await store(database, course, *(an_offering(course, title=title) for title in some))


async def test_offerings_are_sorted_by_title_whatever_its_case(gateway: Gateway, database: Database) -> None:
    await store_titles(database, "banking", "Zoology", "Ähren", "äPFEL", "Accounting", "ZOO")
    assert titles(await page(gateway)) == ["Accounting", "banking", "ZOO", "Zoology", "Ähren", "äPFEL"]


async def test_pages_lead_through_titles_of_any_length(gateway: Gateway, database: Database) -> None:
    wanted = ["a" * length for length in range(1, 8)]
    await store_titles(database, *wanted)
    seen: list[str] = []
    cursor = None
    for _ in wanted:
        connection = await page(gateway, first=1, after=cursor)
        seen, cursor = seen + titles(connection), connection["pageInfo"]["endCursor"]
    assert seen == wanted


async def test_pages_lead_through_equal_titles_in_both_directions(gateway: Gateway, database: Database) -> None:
    await store_titles(database, *["Same"] * 5)
    seen: set[str] = set()
    cursor = None
    for _ in range(3):
        connection = await page(gateway, first=2, after=cursor)
        seen |= {edge["cursor"] for edge in connection["edges"]}
        cursor = connection["pageInfo"]["endCursor"]
    assert (len(seen), connection["pageInfo"]["hasNextPage"]) == (5, False)
    backwards = await page(gateway, last=4, before=cursor)
    assert {edge["cursor"] for edge in backwards["edges"]} == seen - {cursor}


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("100%", ["100% Safe"]),
        ("safe", ["100% Safe", "Safety"]),
        ("SAFE_", []),
        ("übung", ["Große ÜBUNG"]),
        ("\\", ["back\\slash"]),
        ("", ["100% Safe", "back\\slash", "Große ÜBUNG", "Safety"]),
        (None, ["100% Safe", "back\\slash", "Große ÜBUNG", "Safety"]),
    ],
)
async def test_a_part_of_the_title_finds_it_in_any_case_and_literally(
    gateway: Gateway, database: Database, part: str | None, found: list[str]
) -> None:
    await store_titles(database, "Große ÜBUNG", "100% Safe", "Safety", "back\\slash")
    connection = await page(gateway, filter={"title": part})
    assert (titles(connection), connection["totalCount"]) == (found, len(found))


async def test_offerings_are_filtered_by_course(gateway: Gateway, database: Database) -> None:
    law, aid = a_course(), a_course()
    await store(database, law, aid, an_offering(law, title="Law"), an_offering(aid, title="Aid"))
    assert titles(await page(gateway, filter={"courseId": [law.id, "nonsense"]})) == ["Law"]
    assert titles(await page(gateway, filter={"courseId": []})) == []


async def test_offerings_available_to_a_user_are_those_that_registering_would_accept(
    gateway: Gateway, database: Database
) -> None:
    course, user, other = a_course(), a_user(), a_user()
    free = an_offering(course, title="Free")
    taken = an_offering(course, title="Taken")
    again = an_offering(course, title="Again", retakes_allowed=True)
    once = an_offering(course, title="Once", retakes_allowed=False)
    closed = an_offering(course, title="Closed", registration_end_date=NOW)
    ended = {"status": Status.EJECTED, "end_date": NOW}
    await store(
        database,
        course,
        user,
        other,
        *(free, taken, again, once, closed),
        a_registration(user, taken),
        a_registration(user, again, **ended),
        a_registration(user, once, **ended),
        a_registration(other, free),
    )
    assert titles(await page(gateway, filter={"availableToUserId": user.id})) == ["Again", "Free"]
    for nobody in ("0" * 32, "nonsense", free.id):
        assert titles(await page(gateway, filter={"availableToUserId": nobody})) == []


@pytest.mark.parametrize("cursor", ["zzz", "WyJ0aXRsZSIsNSwiMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAiXQ"])
async def test_what_is_no_cursor_of_the_list_is_the_clients_error(gateway: Gateway, cursor: str) -> None:
    code, _ = await gateway.error(PAGE, after=cursor)
    assert code == "BAD_USER_INPUT"


async def test_a_title_to_look_for_has_a_bounded_length(gateway: Gateway, database: Database) -> None:
    await store_titles(database, "x" * 1_000)
    assert titles(await page(gateway, filter={"title": "X" * 1_000})) == ["x" * 1_000]
    assert await gateway.error(PAGE, filter={"title": "X" * 1_001}) == (
        "BAD_USER_INPUT",
        "`title` takes at most 1000 characters; it was given 1001.",
    )
