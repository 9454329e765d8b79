"""Lists of registrations as clients page and filter them. How windows are cut is `test_pages_of_registrations`'s."""

from typing import Any

import pytest

from registrations.domain.records import Offering, Registration, Status, User
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.gateway import Gateway
from tests.support.records import DAY, NOW, a_course, a_registration, a_user, an_offering

PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String,
       $filter: RegistrationFilterInput, $orderBy: RegistrationOrderInput) {
  registrations(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { cursor node { id } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""


async def page(gateway: Gateway, **variables: Any) -> dict[str, Any]:
    connection: dict[str, Any] = (await gateway.data(PAGE, **variables))["registrations"]
    return connection


def ids(connection: dict[str, Any]) -> list[str]:
    return [node["id"] for node in connection["nodes"]]


async def store_registrations(database: Database, amount: int) -> list[Registration]:
    """Registrations of a user in offerings of their own, newest first."""
    course, user = a_course(), a_user()
    offerings = [an_offering(course) for _ in range(amount)]
    registrations = [
        a_registration(user, offering, created_date=NOW - day * DAY) for day, offering in enumerate(offerings)
    ]
    await store(database, course, user, *offerings, *registrations)
    return registrations


async def test_a_page_is_the_newest_fifteen_unless_asked_otherwise(gateway: Gateway, database: Database) -> None:
    registrations = await store_registrations(database, 17)
    # Without variables, so that the defaults of the schema count.
    data = await gateway.data("{ registrations { nodes { id } totalCount } }")
    assert data["registrations"] == {
        "nodes": [{"id": registration.id} for registration in registrations[:15]],
        "totalCount": 17,
    }


ORDERS = [
    {"field": field, "direction": direction}
    for field in ("CREATED_DATE", "BEGIN_DATE", "LAST_ACTIVE_DATE", "END_DATE")
    for direction in ("ASC", "DESC")
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order['field']}-{order['direction']}")
async def test_pages_of_one_lead_through_the_list_of_any_order_both_ways(
    gateway: Gateway, known: dict[str, Registration], order: dict[str, str]
) -> None:
    listed = ids(await page(gateway, orderBy=order))
    assert sorted(listed) == sorted(known[name].id for name in ("active", "passed", "ejected"))
    forwards: list[str] = []
    backwards: list[str] = []
    start = end = None
    for _ in listed:
        connection = await page(gateway, first=1, after=end, orderBy=order)
        forwards, end = forwards + ids(connection), connection["pageInfo"]["endCursor"]
        connection = await page(gateway, last=1, before=start, orderBy=order)
        backwards, start = ids(connection) + backwards, connection["pageInfo"]["startCursor"]
    assert (forwards, backwards) == (listed, listed)


async def test_pages_lead_through_the_whole_list_forwards_and_backwards(gateway: Gateway, database: Database) -> None:
    registrations = await store_registrations(database, 7)
    forwards: list[str] = []
    cursor = None
    for _ in range(3):
        connection = await page(gateway, first=3, after=cursor)
        forwards += ids(connection)
        cursor = connection["pageInfo"]["endCursor"]
    assert (forwards, connection["pageInfo"]["hasNextPage"]) == ([one.id for one in registrations], False)
    backwards: list[str] = []
    cursor = None
    for _ in range(3):
        connection = await page(gateway, last=3, before=cursor)
        backwards = ids(connection) + backwards
        cursor = connection["pageInfo"]["startCursor"]
    assert (backwards, connection["pageInfo"]["hasPreviousPage"]) == ([one.id for one in registrations], False)


async def test_edges_nodes_and_page_info_tell_of_the_same_page(gateway: Gateway, database: Database) -> None:
    registrations = await store_registrations(database, 3)
    connection = await page(gateway, first=2)
    cursors = [edge["cursor"] for edge in connection["edges"]]
    assert (
        ids(connection) == [edge["node"]["id"] for edge in connection["edges"]] == [one.id for one in registrations[:2]]
    )
    assert connection["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": cursors[0],
        "endCursor": cursors[1],
    }


async def test_a_window_between_two_cursors_has_neighbours_on_both_sides(gateway: Gateway, database: Database) -> None:
    registrations = await store_registrations(database, 5)
    cursors = [edge["cursor"] for edge in (await page(gateway))["edges"]]
    connection = await page(gateway, first=10, after=cursors[0], before=cursors[4])
    assert ids(connection) == [one.id for one in registrations[1:4]]
    assert connection["pageInfo"]["hasNextPage"] is True
    assert connection["pageInfo"]["hasPreviousPage"] is True


async def test_a_page_of_none_still_knows_whether_there_are_any(gateway: Gateway, database: Database) -> None:
    await store_registrations(database, 1)
    nowhere = {"startCursor": None, "endCursor": None}
    assert await page(gateway, first=0) == {
        "edges": [],
        "nodes": [],
        "pageInfo": {"hasNextPage": True, "hasPreviousPage": False, **nowhere},
        "totalCount": 1,
    }
    assert (await page(gateway, last=0))["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True, **nowhere}


async def test_an_empty_list_is_an_empty_page(gateway: Gateway) -> None:
    assert await page(gateway) == {
        "edges": [],
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
        "totalCount": 0,
    }


async def test_a_page_after_the_last_edge_is_empty_and_knows_what_lies_before(
    gateway: Gateway, database: Database
) -> None:
    await store_registrations(database, 2)
    end = (await page(gateway))["pageInfo"]["endCursor"]
    connection = await page(gateway, after=end)
    assert connection["nodes"] == []
    assert connection["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize("paging", [{"first": 2}, {"last": 2}])
async def test_an_empty_cursor_is_as_if_left_out(gateway: Gateway, database: Database, paging: dict[str, int]) -> None:
    await store_registrations(database, 3)
    assert await page(gateway, **paging, after="", before="") == await page(gateway, **paging)


async def test_a_cursor_keeps_its_place_while_others_write(gateway: Gateway, database: Database) -> None:
    registrations = await store_registrations(database, 4)
    cursor = (await page(gateway, first=2))["pageInfo"]["endCursor"]
    course, user = a_course(), a_user()
    offering = an_offering(course)
    await store(database, course, user, offering, a_registration(user, offering, created_date=NOW + DAY))
    assert ids(await page(gateway, first=2, after=cursor)) == [one.id for one in registrations[2:]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"first": -1}, "Pass a `first` from 0 to 100; it was -1."),
        ({"first": 101}, "Pass a `first` from 0 to 100; it was 101."),
        ({"last": 101}, "Pass a `last` from 0 to 100; it was 101."),
        ({"first": 1, "last": 1}, "Pass `first` or `last`, not both."),
        ({"first": 0, "last": 0}, "Pass `first` or `last`, not both."),
    ],
)
async def test_paging_out_of_range_is_the_clients_error(
    gateway: Gateway, arguments: dict[str, int], message: str
) -> None:
    assert await gateway.error(PAGE, **arguments) == ("BAD_USER_INPUT", message)


@pytest.mark.parametrize("argument", ["after", "before"])
@pytest.mark.parametrize("cursor", ["zzz", "💥", "W10", "bnVsbA", "e30", "x" * 5000, "WyJ0aXRsZSIsIngiLCIwIl0="])
async def test_what_is_no_cursor_of_the_list_is_the_clients_error(gateway: Gateway, argument: str, cursor: str) -> None:
    assert await gateway.error(PAGE, **{argument: cursor}) == (
        "BAD_USER_INPUT",
        f"`{argument}` is not a cursor of this list: pass one that came from it, with the same `orderBy`.",
    )


async def test_a_cursor_of_another_order_is_the_clients_error(gateway: Gateway, database: Database) -> None:
    await store_registrations(database, 2)
    cursor = (await page(gateway, first=1))["pageInfo"]["endCursor"]
    for order in (
        {"field": "CREATED_DATE", "direction": "ASC"},
        {"field": "END_DATE", "direction": "DESC"},
    ):
        code, message = await gateway.error(PAGE, after=cursor, orderBy=order)
        assert (code, message[:36]) == ("BAD_USER_INPUT", "`after` is not a cursor of this list")
    code, _ = await gateway.error("query ($after: String) { offerings(after: $after) { totalCount } }", after=cursor)
    assert code == "BAD_USER_INPUT"


@pytest.fixture
async def known(database: Database) -> dict[str, Registration | User | Offering]:
    """Three registrations: one active of Ada in law, one passed of Ada in aid, one ejected of Ben in aid."""
    law, aid, ada, ben = a_course(title="Law"), a_course(title="Aid"), a_user(), a_user()
    law_now, aid_now = an_offering(law), an_offering(aid)
    active = a_registration(ada, law_now, created_date=NOW, begin_date=NOW + DAY, last_active_date=NOW + 2 * DAY)
    passed = a_registration(
        ada, aid_now, status=Status.PASSED, grade_percentage=90.0, created_date=NOW - DAY, end_date=NOW
    )
    ejected = a_registration(
        ben, aid_now, status=Status.EJECTED, created_date=NOW - 2 * DAY, begin_date=NOW, end_date=NOW + DAY
    )
    await store(database, law, aid, ada, ben, law_now, aid_now, active, passed, ejected)
    return {
        "active": active, "passed": passed, "ejected": ejected, "ada": ada, "ben": ben, "law": law_now, "aid": aid_now
    }  # fmt: skip


AT_NOON = NOW.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, "active passed ejected"),
        ({"status": ["PASSED", "EJECTED"]}, "passed ejected"),
        ({"status": []}, ""),
        ({"status": None, "userId": None, "createdDate": None}, "active passed ejected"),
        ({"userId": ["ada"]}, "active passed"),
        ({"userId": ["ada", "ben"], "status": ["EJECTED"]}, "ejected"),
        ({"userId": ["nonsense", "", "\0"]}, ""),
        ({"offeringId": ["aid"]}, "passed ejected"),
        ({"courseId": ["course of law"]}, "active"),
        ({"createdDate": {"gte": AT_NOON}}, "active"),
        ({"createdDate": {"gt": AT_NOON}}, ""),
        ({"createdDate": {"lt": AT_NOON}}, "passed ejected"),
        ({"createdDate": {"lte": AT_NOON, "gt": "2026-04-29T12:00:00Z"}}, "active passed"),
        ({"createdDate": {"gte": "2026-05-01T14:00:00+02:00", "lte": "2026-05-01T07:00:00-05:00"}}, "active"),
        ({"beginDate": {"isNull": True}}, "passed"),
        ({"beginDate": {"isNull": False}}, "active ejected"),
        ({"beginDate": {"isNull": True, "gte": AT_NOON}}, ""),
        ({"lastActiveDate": {"isNull": False}}, "active"),
        ({"endDate": {"gte": AT_NOON, "lt": "2026-05-02T12:00:00Z"}}, "passed"),
    ],
)
async def test_a_filter_keeps_what_fulfils_all_its_conditions(
    gateway: Gateway,
    known: dict[str, Registration | User | Offering],
    conditions: dict[str, Any],
    found: str,
) -> None:
    names = {name: record.id for name, record in known.items()}
    law = known["law"]
    assert isinstance(law, Offering)
    names["course of law"] = law.course_id
    for key in ("userId", "offeringId", "courseId"):
        if conditions.get(key):
            conditions = {**conditions, key: [names.get(name, name) for name in conditions[key]]}
    connection = await page(gateway, filter=conditions)
    assert ids(connection) == [names[name] for name in found.split()]
    assert connection["totalCount"] == len(found.split())


@pytest.mark.parametrize(
    ("field", "direction", "found"),
    [
        ("CREATED_DATE", "ASC", "ejected passed active"),
        ("BEGIN_DATE", "ASC", "ejected active passed"),
        ("BEGIN_DATE", "DESC", "active ejected passed"),
        ("END_DATE", "ASC", "passed ejected active"),
        ("END_DATE", "DESC", "ejected passed active"),
    ],
)
async def test_missing_dates_come_last_in_either_direction(
    gateway: Gateway, known: dict[str, Registration], field: str, direction: str, found: str
) -> None:
    connection = await page(gateway, orderBy={"field": field, "direction": direction})
    assert ids(connection) == [known[name].id for name in found.split()]


async def test_a_filter_takes_at_most_a_hundred_ids(gateway: Gateway) -> None:
    assert await gateway.error(PAGE, filter={"userId": ["0" * 32] * 101}) == (
        "BAD_USER_INPUT",
        "`userId` takes at most 100 values; it was given 101.",
    )


@pytest.mark.parametrize(
    "text", ["2024", "2024-01-01", "2024-01-01T00:00:00", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00+01:00", 5, True]
)
async def test_an_instant_without_offset_or_place_in_time_is_the_clients_error(gateway: Gateway, text: Any) -> None:
    code, message = await gateway.error(PAGE, filter={"createdDate": {"gte": text}})
    assert code == "BAD_USER_INPUT"
    assert "write an RFC 3339 date-time with an offset, such as 2026-05-01T12:00:00Z" in message


async def test_users_and_offerings_have_their_own_registrations(
    gateway: Gateway, known: dict[str, Registration]
) -> None:
    document = """
    query ($ada: ID!, $aid: ID!, $after: String) {
      user(id: $ada) { registrations(first: 1) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }
      offering(id: $aid) {
        registrations(last: 1, filter: {status: [PASSED]}, orderBy: {field: END_DATE, direction: ASC}) {
          edges { node { id } } totalCount
        }
      }
      more: user(id: $ada) { registrations(first: 1, after: $after) { nodes { id } pageInfo { hasPreviousPage } } }
    }
    """
    names = {name: record.id for name, record in known.items()}
    first = await gateway.data(document, ada=names["ada"], aid=names["aid"])
    cursor = first["user"]["registrations"]["pageInfo"]["endCursor"]
    answer = await gateway.data(document, ada=names["ada"], aid=names["aid"], after=cursor)
    assert answer == {
        "user": {
            "registrations": {
                "nodes": [{"id": names["active"]}],
                "totalCount": 2,
                "pageInfo": {"hasNextPage": True, "endCursor": cursor},
            }
        },
        "offering": {"registrations": {"edges": [{"node": {"id": names["passed"]}}], "totalCount": 1}},
        "more": {"registrations": {"nodes": [{"id": names["passed"]}], "pageInfo": {"hasPreviousPage": True}}},
    }
