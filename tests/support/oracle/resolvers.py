"""What each field of the contract is. A field that is not here is the attribute of its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLResolveInfo, GraphQLUnionType, get_named_type

from registrations.domain.access import Scope
from registrations.domain.problems import NotActive, Problem, Rejected
from registrations.domain.records import Course, Offering, Registration, Status, User
from tests.support.oracle.changes import CHANGES, Change
from tests.support.oracle.lists import Connection, check_amount, check_filter, is_wanted, page, read_paging
from tests.support.oracle.names import snake_case
from tests.support.oracle.orders import BY_TITLE, Order, by_date
from tests.support.oracle.world import Asking, Record, Viewer

Info: TypeAlias = GraphQLResolveInfo
Resolver: TypeAlias = Callable[..., Any]

QUERY = object()
"""Stands for the query's root, whose fields need none."""


@dataclass(frozen=True)
class Outcome:
    """What a mutation came to: the registration of a success, or the errors of a failure."""

    type_name: str
    registration: Registration | None = None
    field_errors: tuple[Problem, ...] = ()
    query: object = QUERY


def attribute(source: Any, info: Info) -> Any:
    return getattr(source, snake_case(info.field_name))


def type_name(value: Any, *_: Any) -> str:
    """Of a member of an interface or a union."""
    return value.type_name if isinstance(value, Outcome) else type(value).__name__


def registrations(parent: str | None = None) -> Resolver:
    """The list of all registrations; or of those whose `parent` the record is."""

    def resolve(source: Any, info: Info, **arguments: Any) -> Connection:
        asking: Asking = info.context
        order = registration_order(arguments["orderBy"])
        paging, conditions = read_paging(order, arguments), arguments.get("filter") or {}
        check_filter(conditions)
        viewer = asking.viewer
        listed = [
            registration
            for registration in asking.world.registrations.values()
            if parent is None or getattr(registration, parent) == source.id
            if viewer.sees(registration) and is_wanted(asking, registration, conditions)
        ]
        return page(listed, order, paging)

    return resolve


def registration_order(given: Mapping[str, str] | None) -> Order:
    if given is None:
        return by_date("created_date", is_descending=True)
    return by_date(given["field"].lower(), is_descending=given["direction"] == "DESC")


def offerings(_: Any, info: Info, **arguments: Any) -> Connection:
    asking: Asking = info.context
    paging, conditions = read_paging(BY_TITLE, arguments), arguments.get("filter") or {}
    check_filter(conditions)
    viewer = asking.viewer
    listed = [
        offering
        for offering in asking.world.offerings.values()
        if viewer.sees(offering) and is_wanted(asking, offering, conditions)
    ]
    return page(listed, BY_TITLE, paging)


def record(*kinds: type[Record]) -> Resolver:
    """The record with the id, where it exists for the viewer and is of one of these kinds."""

    def resolve(_: Any, info: Info, **arguments: Any) -> Record | None:
        found = info.context.find(arguments["id"])
        return found if isinstance(found, kinds) else None

    return resolve


def nodes(_: Any, info: Info, *, ids: list[str]) -> list[Record | None]:
    check_amount("ids", ids)
    return [info.context.find(id_) for id_ in ids]


def user_of_viewer(viewer: Viewer, info: Info) -> User | None:
    users: Mapping[str, User] = info.context.world.users
    return users.get(viewer.subject)


def grader(registration: Registration, info: Info) -> User | None:
    asking: Asking = info.context
    user = asking.world.users.get(registration.grader_id or "")
    return user if user and asking.viewer.sees(user) else None


def viewer_may(scope: Scope, *statuses: Status) -> Resolver:
    """Whether a token of the scope, which the viewer has, would change a registration that is now like this one."""
    return lambda registration, info: scope in info.context.viewer.scopes and registration.status in statuses


def path(problem: Problem, _: Info) -> list[str]:
    # The status is no argument: what was given is the registration that has it.
    return ["input", "registrationId" if isinstance(problem, NotActive) else problem.field]


def mutation(change: Change) -> Resolver:
    def resolve(_: Any, info: Info, **arguments: Any) -> Outcome:
        asking: Asking = info.context
        try:
            registration = change(asking, arguments["input"])
        except Rejected as rejected:
            return Outcome(_member(info, "Failure"), field_errors=rejected.problems)
        asking.world.save(registration)
        return Outcome(_member(info, "Success"), registration)

    return resolve


def _member(info: Info, ending: str) -> str:
    """The member of the mutation's result with that ending."""
    union = get_named_type(info.return_type)
    assert isinstance(union, GraphQLUnionType)
    names: list[str] = [member.name for member in union.types]
    return next(name for name in names if name.endswith(ending))


RESOLVERS: Mapping[str, Mapping[str, Resolver]] = {
    "Query": {
        "registrations": registrations(),
        "node": record(User, Course, Offering, Registration),
        "nodes": nodes,
        "registration": record(Registration),
        "user": record(User),
        "offering": record(Offering),
        "offerings": offerings,
        "viewer": lambda _, info: info.context.who,
    },
    "User": {"registrations": registrations("user_id")},
    "Offering": {
        "registrations": registrations("offering_id"),
        "course": lambda offering, info: info.context.world.courses[offering.course_id],
    },
    "Registration": {
        "user": lambda registration, info: info.context.world.users[registration.user_id],
        "offering": lambda registration, info: info.context.world.offerings[registration.offering_id],
        "title": lambda registration, info: info.context.world.offerings[registration.offering_id].title,
        "grader": grader,
        "viewerCanAssignGrade": viewer_may(Scope.GRADE, *Status),
        "viewerCanEject": viewer_may(Scope.EJECT, Status.ACTIVE),
    },
    "Viewer": {
        "id": lambda viewer, _: f"viewer:{viewer.subject}",
        "scopes": lambda viewer, _: sorted(viewer.scopes),
        "user": user_of_viewer,
    },
    "FieldError": {"path": path},
    "Mutation": {name: mutation(change) for name, change in CHANGES.items()},
}
