"""Faults that a gateway may have. They are planted in the oracle: what differs by them is the same either way."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from operator import ge, le
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, assert_nullable_type

from registrations.domain import registering
from registrations.domain.access import Scope
from registrations.domain.records import Course, Offering, Registration, Status, User
from tests.support import judge
from tests.support.oracle import changes, execution, lists, orders, resolvers, schema
from tests.support.oracle.lists import Connection, PageInfo, Paging
from tests.support.oracle.orders import Order, Position
from tests.support.oracle.schema import SCHEMA
from tests.support.oracle.world import Asking, Record, Viewer, World
from tests.support.population import POPULATION

Plant = Callable[[pytest.MonkeyPatch], None]

_sees, _precedes, _is_available, _is_in_range = Viewer.sees, Order.precedes, lists.is_available, lists.is_in_range
_page, _is_wanted, _write_cursor, _answer = lists.page, lists.is_wanted, orders.write_cursor, execution.answer
_save, _takes_registrations = World.save, registering.takes_registrations


def _field(coordinate: str) -> GraphQLField:
    type_name, name = coordinate.split(".")
    type_ = SCHEMA.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    fields: dict[str, GraphQLField] = type_.fields
    return fields[name]


def _resolved_by(coordinate: str, resolver: Callable[..., Any]) -> Plant:
    return lambda patch: patch.setattr(_field(coordinate), "resolve", resolver)


def _nullable(coordinate: str) -> Plant:
    type_ = _field(coordinate).type
    assert isinstance(type_, GraphQLNonNull)
    return lambda patch: patch.setattr(_field(coordinate), "type", type_.of_type)


def _required(coordinate: str) -> Plant:
    type_ = GraphQLNonNull(assert_nullable_type(_field(coordinate).type))
    return lambda patch: patch.setattr(_field(coordinate), "type", type_)


def _without_condition(name: str) -> Plant:
    def is_wanted(asking: Asking, record: Any, given: Mapping[str, Any]) -> bool:
        return _is_wanted(asking, record, {key: wanted for key, wanted in given.items() if key != name})

    return lambda patch: patch.setattr(resolvers, "is_wanted", is_wanted)


def _pages(change: Callable[[Connection, Paging], Connection]) -> Plant:
    def page(records: Any, order: Order, paging: Paging) -> Connection:
        return change(_page(records, order, paging), paging)

    return lambda patch: patch.setattr(resolvers, "page", page)


def _page_infos(**changed: Callable[[PageInfo, Paging], Any]) -> Plant:
    def change(connection: Connection, paging: Paging) -> Connection:
        values = {name: value(connection.page_info, paging) for name, value in changed.items()}
        return replace(connection, page_info=replace(connection.page_info, **values))

    return _pages(change)


def _orders(precedes: Callable[[Order, Position, Position], bool]) -> Plant:
    return lambda patch: patch.setattr(Order, "precedes", precedes)


def _nulls_first(order: Order, one: Position, other: Position) -> bool:
    if (one.value is None) is not (other.value is None):
        return one.value is None
    return _precedes(order, one, other)


def _ties_by_id_upwards(order: Order, one: Position, other: Position) -> bool:
    if orders.folded(one.value) == orders.folded(other.value):
        return one.id < other.id
    return _precedes(order, one, other)


def _from_after_on(order: Order, record: Any, position: Position | None) -> bool:
    return position is None or not order.precedes(order.position(record), position)


def _up_to_before(order: Order, record: Any, position: Position | None) -> bool:
    return position is None or not order.precedes(position, order.position(record))


def _cursor_of_descending(order: Order, position: Position) -> str:
    return _write_cursor(replace(order, name=order.name.replace("asc", "desc")), position)


def _seen(kind: type[User | Registration]) -> Plant:
    return lambda patch: patch.setattr(
        Viewer, "sees", lambda viewer, record: isinstance(record, kind) or _sees(viewer, record)
    )


def _available_whoever_asks(asking: Asking, offering: Offering, user_id: str) -> bool:
    return _is_available(replace(asking, who=Viewer("anybody", frozenset(Scope))), offering, user_id)


def _taken_at_the_end(offering: Offering, now: datetime) -> bool:
    return _takes_registrations(offering, now) or now == offering.registration_end_date


def _save_unless_active(world: World, registration: Registration) -> None:
    if registration in POPULATION or registration.status != Status.ACTIVE:
        _save(world, registration)


def _harder(record: Record) -> Record:
    if not isinstance(record, Course):
        return record
    return replace(record, passing_grade_percentage=record.passing_grade_percentage + 0.001)


def _answers_sorted(*arguments: Any) -> dict[str, Any]:
    body = _answer(*arguments)
    return {**body, "data": dict(sorted(body["data"].items()))} if body.get("data") else body


def _errors_reversed(*arguments: Any) -> dict[str, Any]:
    body = _answer(*arguments)
    return {**body, "errors": body["errors"][::-1]} if "errors" in body else body


def _places_of_first_nodes(*arguments: Any) -> dict[str, Any]:
    body = _answer(*arguments)
    errors = [
        {**error, "locations": error["locations"][:1]} for error in body.get("errors", ()) if error.get("locations")
    ]
    return {**body, "errors": errors} if errors else body


FAULTS: Mapping[str, Plant] = {
    "gt is gte": lambda patch: patch.setitem(lists.COMPARISONS, "gt", ge),
    "lt is lte": lambda patch: patch.setitem(lists.COMPARISONS, "lt", le),
    "missing dates are in any range": lambda patch: patch.setattr(
        lists, "is_in_range", lambda value, bounds: value is None or _is_in_range(value, bounds)
    ),
    "isNull asks nothing": lambda patch: patch.setattr(
        lists, "is_in_range", lambda value, bounds: _is_in_range(value, {**bounds, "isNull": None})
    ),
    "status asks nothing": _without_condition("status"),
    "courseId asks nothing": _without_condition("courseId"),
    "title asks nothing": _without_condition("title"),
    "titles are searched with their case": lambda patch: patch.setattr(lists, "folded", lambda value: value),
    "titles are sorted with their case": lambda patch: patch.setattr(orders, "folded", lambda value: value),
    "missing dates come first": _orders(_nulls_first),
    "ties are broken in one direction": _orders(_ties_by_id_upwards),
    "a page starts at its `after`": lambda patch: patch.setattr(lists, "is_after", _from_after_on),
    "a page ends at its `before`": lambda patch: patch.setattr(lists, "is_before", _up_to_before),
    "a page is one shorter unless a size is given": lambda patch: patch.setattr(lists, "DEFAULT_SIZE", 14),
    "the largest size is refused": lambda patch: patch.setattr(lists, "LARGEST_SIZE", 99),
    "the last page is reversed": _pages(
        lambda page, paging: replace(page, nodes=page.nodes[::-1]) if paging.is_from_end else page
    ),
    "there is nothing after a `before`": _page_infos(
        has_next_page=lambda info, paging: info.has_next_page and paging.before is None
    ),
    "there is nothing before an `after`": _page_infos(
        has_previous_page=lambda info, paging: info.has_previous_page and paging.after is None
    ),
    "the end of a page has no cursor": _page_infos(end_cursor=lambda *_: None),
    "only the page is counted": _pages(lambda page, _: replace(page, total_count=len(page.nodes))),
    "cursors are of another direction": lambda patch: patch.setattr(lists, "write_cursor", _cursor_of_descending),
    "users are seen by all": _seen(User),
    "registrations are seen by all": _seen(Registration),
    "graders are seen by all": _resolved_by(
        "Registration.grader", lambda registration, info: info.context.world.users.get(registration.grader_id)
    ),
    "all learn what is available to a user": lambda patch: patch.setattr(
        lists, "is_available", _available_whoever_asks
    ),
    "registering ends a moment late": lambda patch: patch.setattr(
        registering, "takes_registrations", _taken_at_the_end
    ),
    "`nodes` may be null": _nullable("Query.nodes"),
    "nested lists may not be null": _required("User.registrations"),
    "results may not be null": _required("Mutation.assignGrade"),
    "more ids are taken than are allowed": lambda patch: patch.setattr(lists, "MOST_IDS", 101),
    "forbidden where there is no such record": lambda patch: patch.setattr(
        changes, "finds", lambda _, record, __: record is not None
    ),
    "no such record where it is forbidden": lambda patch: patch.setattr(
        changes, "finds", lambda asking, record, scope: record is not None and scope in asking.viewer.scopes
    ),
    "passing takes more": lambda patch: patch.setattr(judge, "POPULATION", list(map(_harder, POPULATION))),
    "nobody assigned a grade": lambda patch: patch.setattr(changes, "grader_id", lambda _: None),
    "new registrations are not stored": lambda patch: patch.setattr(World, "save", _save_unless_active),
    "NotActive names another argument": _resolved_by("NotActive.path", lambda problem, _: ["input", problem.field]),
    "all can eject": _resolved_by(
        "Registration.viewerCanEject", lambda registration, _: registration.status == "ACTIVE"
    ),
    "keys are sorted": lambda patch: patch.setattr(judge, "answer", _answers_sorted),
    "errors come in another order": lambda patch: patch.setattr(judge, "answer", _errors_reversed),
    "errors name only the first of merged fields": lambda patch: patch.setattr(judge, "answer", _places_of_first_nodes),
    "texts are not looked at": lambda patch: patch.setattr(schema, "check_texts", lambda *_: None),
}
"""What is wrong, and what makes it so in the oracle until the patch ends."""
