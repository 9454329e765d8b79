"""Lists: which records are in them, which of those a page holds, and what a connection tells of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cmp_to_key
from operator import ge, gt, le, lt
from typing import Any

from registrations.domain.problems import Rejected
from registrations.domain.records import Offering, Registration
from registrations.domain.registering import register
from tests.support.oracle.client_errors import (
    both_first_and_last,
    not_a_cursor,
    out_of_range,
    too_long,
    too_many_ids,
)
from tests.support.oracle.names import snake_case
from tests.support.oracle.orders import Order, Position, folded, read_cursor, write_cursor
from tests.support.oracle.world import Asking

DEFAULT_SIZE = 15
LARGEST_SIZE = 100
MOST_IDS = 100
LONGEST_TITLE = 1_000  # characters

COMPARISONS = {"gte": ge, "gt": gt, "lte": le, "lt": lt}


@dataclass(frozen=True)
class Edge:
    cursor: str
    node: Any


@dataclass(frozen=True)
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True)
class Connection:
    edges: list[Edge]
    nodes: list[Any]
    page_info: PageInfo
    total_count: int


@dataclass(frozen=True)
class Paging:
    """At most `size` records between two positions, from the start or from the end of what is between them."""

    size: int
    is_from_end: bool
    after: Position | None
    before: Position | None


def read_paging(order: Order, arguments: Mapping[str, Any]) -> Paging:
    """Raises a client error where the arguments ask for no page."""
    after, before = (_position(order, name, arguments.get(name)) for name in ("after", "before"))
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise both_first_and_last()
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= LARGEST_SIZE:
            raise out_of_range(name, size)
    if last is not None:
        return Paging(last, is_from_end=True, after=after, before=before)
    return Paging(DEFAULT_SIZE if first is None else first, is_from_end=False, after=after, before=before)


def _position(order: Order, argument: str, cursor: str | None) -> Position | None:
    if not cursor:
        return None
    if (position := read_cursor(order, cursor)) is None:
        raise not_a_cursor(argument)
    return position


def page(records: Iterable[Any], order: Order, paging: Paging) -> Connection:
    """The page of a list that has these records, which are in any order."""
    listed = sorted(records, key=cmp_to_key(order.compare))
    first = sum(not is_after(order, record, paging.after) for record in listed)
    end = sum(is_before(order, record, paging.before) for record in listed)
    between = listed[first:end]
    start = max(0, len(between) - paging.size) if paging.is_from_end else 0
    nodes = between[start : start + paging.size]
    edges = [Edge(write_cursor(order, order.position(record)), record) for record in nodes]
    cut = len(between) > len(nodes)
    info = PageInfo(
        has_next_page=end < len(listed) or (cut and not paging.is_from_end),
        has_previous_page=first > 0 or (cut and paging.is_from_end),
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges, nodes, info, len(listed))


def is_after(order: Order, record: Any, position: Position | None) -> bool:
    return position is None or order.precedes(position, order.position(record))


def is_before(order: Order, record: Any, position: Position | None) -> bool:
    return position is None or order.precedes(order.position(record), position)


def check_filter(given: Mapping[str, Any]) -> None:
    """Raises a client error where a filter asks for too much."""
    for name, wanted in given.items():
        if name == "title" and wanted is not None and len(wanted) > LONGEST_TITLE:
            raise too_long(name, len(wanted))
        if isinstance(wanted, list):
            check_amount(name, wanted)


def check_amount(argument: str, ids: list[str]) -> None:
    if len(ids) > MOST_IDS:
        raise too_many_ids(argument, len(ids))


def is_wanted(asking: Asking, record: Registration | Offering, given: Mapping[str, Any]) -> bool:
    """Whether all conditions of the filter hold; one that is null asks nothing."""
    return all(_holds(asking, record, name, wanted) for name, wanted in given.items() if wanted is not None)


def _holds(asking: Asking, record: Registration | Offering, name: str, wanted: Any) -> bool:
    match record, name:
        case Offering(), "title":
            return folded(wanted) in folded(record.title)
        case Offering(), "availableToUserId":
            return is_available(asking, record, wanted)
        case Registration(), "courseId":
            return asking.world.offerings[record.offering_id].course_id in wanted
    value = getattr(record, snake_case(name))
    return value in wanted if isinstance(wanted, list) else is_in_range(value, wanted)


def is_in_range(value: Any, bounds: Mapping[str, Any]) -> bool:
    for name, bound in bounds.items():
        if name == "isNull" and bound is not None and (value is None) is not bound:
            return False
        if name in COMPARISONS and bound is not None and (value is None or not COMPARISONS[name](value, bound)):
            return False
    return True


def is_available(asking: Asking, offering: Offering, user_id: str) -> bool:
    """Whether registering the user would succeed now. For one who is not seen, nothing is available."""
    user = asking.world.users.get(user_id)
    if user is None or not asking.viewer.sees(user):
        return False
    taken = taken_by(asking, user_id, offering.id)
    try:
        register(user, offering, taken, asking.now)
    except Rejected:
        return False
    return True


def taken_by(asking: Asking, user_id: str, offering_id: str) -> list[Registration]:
    """The registrations that the user has, or had, in the offering."""
    pair = (user_id, offering_id)
    return [one for one in asking.world.registrations.values() if (one.user_id, one.offering_id) == pair]
