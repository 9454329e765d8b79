"""Who may do what, by every way there is to a record: the table in docs/authorization.md, cell for cell."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from graphql import (
    GraphQLObjectType,
    GraphQLOutputType,
    OperationType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from registrations.domain.access import Scope
from registrations.domain.ids import new_id
from registrations.domain.listing import Order
from registrations.domain.records import Offering, Registration, RegistrationOrderField, Status, User
from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.cursors import cursor_writer
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.docs import table
from tests.support.gateway import Gateway
from tests.support.records import a_course, a_registration, a_registration_that_is, a_user, an_offering
from tests.support.samples import Ids, RootField, request_for, root_fields
from tests.support.statements import counted_statements

NEWEST_FIRST = Order(RegistrationOrderField.CREATED_DATE, descending=True)
TABLE = table("docs/authorization.md", "action")
ROLES: dict[str, tuple[Scope, ...] | None] = {
    "nobody": None,
    "a user": (),
    "`registrations:read`": (Scope.READ,),
    "`…:register`": (Scope.REGISTER,),
    "`…:grade`": (Scope.GRADE,),
    "`…:eject`": (Scope.EJECT,),
}


@dataclass(frozen=True)
class World:
    """Ada asks. Ben is somebody else, registered into the same offering, and both were graded by Grace."""

    ada: User
    ben: User
    grace: User
    offering: Offering
    free: Offering
    of_ada: Registration
    of_ben: Registration
    graded: Registration


@pytest.fixture
async def world(database: Database) -> World:
    course = a_course()
    ada, ben, grace = (a_user(first_name=name, email=f"{name}@example.org") for name in ("Ada", "Ben", "Grace"))
    offering, free = an_offering(course), an_offering(course)
    of_ada, of_ben = (a_registration(user, offering, grader_comment=f"on {user.first_name}") for user in (ada, ben))
    graded = a_registration_that_is(Status.PASSED, ada, offering, grader_id=grace.id)
    of_both = (of_ada, of_ben, graded, a_registration_that_is(Status.FAILED, ben, offering, grader_id=grace.id))
    await store(database, course, ada, ben, grace, offering, free, *of_both)
    return World(ada, ben, grace, offering, free, of_ada, of_ben, graded)


@pytest.fixture
def gateway(guarded_gateway: Gateway) -> Gateway:
    return guarded_gateway


def as_role(gateway: Gateway, world: World, role: str) -> Gateway:
    scopes = ROLES[role]
    return gateway if scopes is None else gateway.signed_in(world.ada.id, *scopes)


def said(answer: dict[str, Any]) -> str | None:
    """The word that the table has for the answer's only error; None where there is none."""
    if "errors" not in answer:
        return None
    [error] = answer["errors"]
    return {"UNAUTHENTICATED": "sign in", "FORBIDDEN": "forbidden"}[error["extensions"]["code"]]


WAYS_TO_A_REGISTRATION = {
    "registration": "{ registration(id: %(registration)r) { id } }",
    "node": "{ node(id: %(registration)r) { id } }",
    "nodes": "{ nodes(ids: [%(registration)r]) { id } }",
    "registrations": "{ registrations { nodes { id } } }",
    "edges": "{ registrations(first: 100) { edges { node { id } } } }",
    "from the end": "{ registrations(last: 100) { nodes { id } } }",
    "filtered by user": "{ registrations(filter: {userId: [%(user)r]}) { nodes { id } } }",
    "filtered by offering": "{ registrations(filter: {offeringId: [%(offering)r]}) { nodes { id } } }",
    "of the user": "{ node(id: %(user)r) { ... on User { registrations { nodes { id } } } } }",
    "of the offering": "{ offering(id: %(offering)r) { registrations { nodes { id } } } }",
    "of a listed offering": "{ offerings { nodes { registrations { nodes { id } } } } }",
    "below an own one": "{ registration(id: %(own)r) { offering { registrations { nodes { id } } } } }",
}
WAYS_TO_A_USER = {
    "user": "{ user(id: %(user)r) { id } }",
    "node": "{ node(id: %(user)r) { id } }",
    "nodes": "{ nodes(ids: [%(user)r]) { id } }",
    "of a registration": "{ registration(id: %(registration)r) { user { id } } }",
    "of a list": "{ registrations { nodes { user { id } } } }",
}
COUNTS = {
    "registrations": "{ registrations { totalCount } }",
    "filtered by user": "{ registrations(filter: {userId: [%(user)r]}) { totalCount } }",
    "of the offering": "{ offering(id: %(offering)r) { registrations { totalCount } } }",
}


def ways(documents: dict[str, str], world: World, user: User, registration: Registration) -> Iterator[str]:
    ids = {
        "user": user.id,
        "registration": registration.id,
        "offering": world.offering.id,
        "own": world.of_ada.id,
    }
    for document in documents.values():
        yield (document % ids).replace("'", '"')


async def sees(gateway: Gateway, world: World, user: User, registration: Registration) -> str:
    """What every way to the user and the registration says; they have to agree."""
    answers = set()
    for documents, id_ in ((WAYS_TO_A_REGISTRATION, registration.id), (WAYS_TO_A_USER, user.id)):
        for document in ways(documents, world, user, registration):
            response = await gateway.post(document)
            answer = response.json()
            assert response.status_code == (401 if said(answer) == "sign in" else 200)
            answers.add(said(answer) or ("yes" if id_ in str(answer["data"]) else "not found"))
    [word] = answers
    return word


async def sees_offerings(gateway: Gateway, world: World) -> str:
    id_ = world.offering.id
    answers = set()
    for document in (f'{{ offering(id: "{id_}") {{ id course {{ title }} }} }}', "{ offerings { nodes { id } } }"):
        answer = (await gateway.post(document)).json()
        answers.add(said(answer) or ("yes" if id_ in str(answer["data"]) else "not found"))
    [word] = answers
    return word


async def does(gateway: Gateway, field: str, arguments: str) -> str:
    document = f"""
    mutation {{ {field}(input: {{{arguments}}}) {{
      __typename ... on {field[0].upper()}{field[1:]}Failure {{ fieldErrors {{ ... on FieldError {{ code }} }} }}
    }} }}
    """
    answer = (await gateway.post(document)).json()
    if word := said(answer):
        assert answer.get("data") == (None if word == "sign in" else {field: None})
        return word
    outcome = answer["data"][field]
    if outcome["__typename"].endswith("Success"):
        return "yes"
    [error] = outcome["fieldErrors"]
    return {"USER_NOT_FOUND": "not found", "REGISTRATION_NOT_FOUND": "not found"}[error["code"]]


async def registers(gateway: Gateway, world: World, user: User) -> str:
    return await does(gateway, "registerUser", f'userId: "{user.id}", offeringId: "{world.free.id}"')


async def grades(gateway: Gateway, registration: Registration) -> str:
    return await does(gateway, "assignGrade", f'registrationId: "{registration.id}", gradePercentage: 50')


async def ejects(gateway: Gateway, registration: Registration) -> str:
    return await does(gateway, "ejectRegistration", f'registrationId: "{registration.id}"')


Row = Callable[[Gateway, World], Awaitable[str]]
ROWS: dict[str, Row] = {
    "read offerings and courses": sees_offerings,
    "read themselves and their registrations": lambda gateway, world: sees(gateway, world, world.ada, world.of_ada),
    "read other users and their registrations": lambda gateway, world: sees(gateway, world, world.ben, world.of_ben),
    "register themselves": lambda gateway, world: registers(gateway, world, world.ada),
    "register another user": lambda gateway, world: registers(gateway, world, world.ben),
    "grade a registration of their own": lambda gateway, world: grades(gateway, world.of_ada),
    "grade a registration of another user": lambda gateway, world: grades(gateway, world.of_ben),
    "eject themselves": lambda gateway, world: ejects(gateway, world.of_ada),
    "eject another user": lambda gateway, world: ejects(gateway, world.of_ben),
}


def test_the_table_has_these_rows_and_columns() -> None:
    assert TABLE[0] == ["action", *ROLES]
    assert [row[0] for row in TABLE[1:]] == list(ROWS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", TABLE[1:], ids=lambda row: row[0])
async def test_each_may_do_what_the_table_says_and_what_is_denied_changes_nothing(
    gateway: Gateway, database: Database, world: World, row: list[str], role: str
) -> None:
    before = await stored_registrations(database)
    expected = dict(zip(ROLES, row[1:], strict=True))[role]
    assert await ROWS[row[0]](as_role(gateway, world, role), world) == expected
    is_done = expected == "yes" and not row[0].startswith("read")
    assert (await stored_registrations(database) == before) is not is_done


@pytest.mark.parametrize("role", ROLES)
async def test_counts_leave_out_what_is_not_seen(gateway: Gateway, world: World, role: str) -> None:
    if role == "nobody":
        return
    counted = [
        re.findall(r"\d+", str(await as_role(gateway, world, role).data(document)))
        for document in ways(COUNTS, world, world.ben, world.of_ben)
    ]
    assert counted == ([["4"], ["2"], ["4"]] if role == "`registrations:read`" else [["2"], ["0"], ["2"]])


@pytest.mark.parametrize("role", ROLES)
async def test_graders_are_seen_by_those_who_may_see_users(gateway: Gateway, world: World, role: str) -> None:
    if role == "nobody":
        return
    document = "query ($id: ID!) { registration(id: $id) { grader { id } } }"
    answer = await as_role(gateway, world, role).data(document, id=world.graded.id)
    grader = {"id": world.grace.id} if role == "`registrations:read`" else None
    assert answer == {"registration": {"grader": grader}}


@pytest.mark.parametrize("role", ROLES)
async def test_what_the_viewer_is_told_they_can_do_they_can(gateway: Gateway, world: World, role: str) -> None:
    if role == "nobody":
        return
    gateway = as_role(gateway, world, role)
    document = "query ($id: ID!) { registration(id: $id) { viewerCanAssignGrade viewerCanEject } }"
    told = (await gateway.data(document, id=world.of_ada.id))["registration"]
    ended = (await gateway.data(document, id=world.graded.id))["registration"]
    assert ended == {"viewerCanAssignGrade": told["viewerCanAssignGrade"], "viewerCanEject": False}
    assert told == {
        "viewerCanEject": await ejects(gateway, world.of_ada) == "yes",
        "viewerCanAssignGrade": await grades(gateway, world.of_ada) == "yes",
    }


async def test_to_a_user_other_users_are_as_unknown_as_those_who_do_not_exist(gateway: Gateway, world: World) -> None:
    ada = gateway.signed_in(world.ada.id)
    register = """
    mutation ($user: ID!, $offering: ID!) { registerUser(input: {userId: $user, offeringId: $offering}) {
      ... on RegisterUserFailure { fieldErrors { __typename ... on FieldError { code message field path } } }
    } }
    """
    grade = """
    mutation ($id: ID!) { assignGrade(input: {registrationId: $id, gradePercentage: 101}) {
      ... on AssignGradeFailure { fieldErrors { __typename ... on FieldError { code message field path } } }
    } }
    """
    available = "query ($user: ID!) { offerings(filter: {availableToUserId: $user}) { totalCount nodes { id } } }"
    for user, registration in ((world.ben.id, world.of_ben.id), (new_id(), new_id())):
        for offering, codes in (
            (world.offering.id, ["USER_NOT_FOUND"]),
            ("x", ["USER_NOT_FOUND", "OFFERING_NOT_FOUND"]),
        ):
            answer = await ada.data(register, user=user, offering=offering)
            assert [error["code"] for error in answer["registerUser"]["fieldErrors"]] == codes
        answer = await ada.data(grade, id=registration)
        codes = [error["code"] for error in answer["assignGrade"]["fieldErrors"]]
        assert codes == ["REGISTRATION_NOT_FOUND", "GRADE_OUT_OF_RANGE"]
        assert await ada.data(available, user=user) == {"offerings": {"totalCount": 0, "nodes": []}}


ASKED_BY_ID = {
    **{f"registration, {way}": document for way, document in WAYS_TO_A_REGISTRATION.items()},
    **{f"user, {way}": document for way, document in WAYS_TO_A_USER.items()},
    **{f"count, {way}": document for way, document in COUNTS.items()},
    "available offerings": "{ offerings(filter: {availableToUserId: %(user)r}) { totalCount nodes { id } } }",
    "statuses": "{ registrations(filter: {userId: [%(user)r], status: [ACTIVE]}) { pageInfo { hasNextPage } } }",
    "page after": "{ registrations(after: %(cursor)r) { nodes { id } pageInfo { hasPreviousPage hasNextPage } } }",
    "page before": "{ registrations(before: %(cursor)r) { nodes { id } pageInfo { hasPreviousPage hasNextPage } } }",
}


@pytest.mark.parametrize("scopes", [(), (Scope.REGISTER,), (Scope.GRADE,), (Scope.EJECT,)], ids=str)
@pytest.mark.parametrize("way", ASKED_BY_ID)
async def test_to_hide_a_record_costs_the_same_statements_as_to_find_none(
    gateway: Gateway, world: World, way: str, scopes: tuple[Scope, ...]
) -> None:
    asking = gateway.signed_in(world.ada.id, *scopes)

    async def asked(user_id: str, registration_id: str) -> tuple[list[str], str]:
        created = world.of_ben.created_date - timedelta(microseconds=1)
        cursor = cursor_writer(NEWEST_FIRST)(created, registration_id)
        ids = {"user": user_id, "registration": registration_id, "cursor": cursor}
        document = ASKED_BY_ID[way] % {**ids, "offering": world.offering.id, "own": world.of_ada.id}
        document = document.replace("'", '"')
        async with counted_statements(gateway.database) as statements:
            answer = (await asking.post(document)).text
        return statements, answer

    hidden, unknown = await asked(world.ben.id, world.of_ben.id), await asked(new_id(), new_id())
    assert hidden == unknown


async def test_what_is_in_the_way_of_registering_oneself_is_told(gateway: Gateway, world: World) -> None:
    document = """
    mutation ($user: ID!, $offering: ID!) { registerUser(input: {userId: $user, offeringId: $offering}) {
      ... on RegisterUserFailure { fieldErrors { ... on AlreadyRegistered { registration { id user { id } } } } }
    } }
    """
    answer = await gateway.signed_in(world.ada.id).data(document, user=world.ada.id, offering=world.offering.id)
    in_the_way = {"registration": {"id": world.of_ada.id, "user": {"id": world.ada.id}}}
    assert answer == {"registerUser": {"fieldErrors": [in_the_way]}}


async def test_who_may_only_grade_finds_what_they_graded_whole_and_nothing_beyond(
    gateway: Gateway, world: World
) -> None:
    document = """
    mutation ($id: ID!, $user: ID!) { assignGrade(input: {registrationId: $id, gradePercentage: 90}) {
      ... on AssignGradeSuccess {
        registration { status user { id registrations { totalCount } } offering { registrations { totalCount } } }
        query { user(id: $user) { id } registration(id: $id) { id } node(id: $user) { id } }
      }
    } }
    """
    grader = gateway.signed_in(world.ada.id, Scope.GRADE)
    answer = await grader.data(document, id=world.of_ben.id, user=world.ben.id)
    assert answer["assignGrade"] == {
        "registration": {
            "status": "PASSED",
            "user": {"id": world.ben.id, "registrations": {"totalCount": 0}},
            "offering": {"registrations": {"totalCount": 2}},
        },
        "query": {"user": None, "registration": None, "node": None},
    }


LEVELS = 3
"""How many objects deep the sweep selects below a root field."""

SWEPT = list(root_fields())
MUTATIONS = [field for field in SWEPT if field.operation is OperationType.MUTATION]
SCOPES = {"registerUser": "register", "assignGrade": "grade", "ejectRegistration": "eject"}
"""The scope of each mutation, as the table names it."""


def test_each_mutation_has_a_scope() -> None:
    assert list(SCOPES) == [field.name for field in MUTATIONS], "give it one here, and rows of its own in the table"


def everything(type_: GraphQLOutputType, levels: int, swept: set[str]) -> str:
    """A selection of all fields that need no argument, `levels` objects deep; `swept` is told which."""
    named = get_named_type(type_)
    if is_abstract_type(named):
        members = GRAPHQL_SCHEMA.get_possible_types(named)
        return f"{{ {' '.join(f'... on {member.name} {everything(member, levels, swept)}' for member in members)} }}"
    assert isinstance(named, GraphQLObjectType)
    fields = ["__typename"]
    for name, field in named.fields.items():
        if is_leaf_type(get_named_type(field.type)):
            fields.append(name)
            swept.add(f"{named.name}.{name}")
        elif levels and not any(is_required_argument(argument) for argument in field.args.values()):
            fields.append(f"{name} {everything(field.type, levels - 1, swept)}")
            swept.add(f"{named.name}.{name}")
    return f"{{ {' '.join(fields)} }}"


def sweep(field: RootField, ids: Ids, swept: set[str]) -> tuple[str, dict[str, Any]]:
    """A request for everything below the field, of the records with these ids; a grade in it is out of range."""
    swept.add(f"{field.operation.value.capitalize()}.{field.name}")
    document, variables = request_for(field, everything(field.definition.type, LEVELS, swept), ids)
    if "gradePercentage" in variables.get("input", {}):
        variables["input"]["gradePercentage"] = 101
    return document, {**variables, "first": 2, "filter": None}


def ids_of(user: str, offering: str, registration: str) -> Ids:
    return {
        "User": user,
        "Offering": offering,
        "Registration": registration,
        "Node": registration,
        "ids": [user, offering, registration],
        "userId": user,
        "availableToUserId": user,
        "offeringId": offering,
        "courseId": offering,
        "registrationId": registration,
    }


def test_the_sweep_selects_every_field_of_the_schema() -> None:
    swept: set[str] = set()
    for field in SWEPT:
        sweep(field, ids_of("x", "x", "x"), swept)
    types = [type_ for name, type_ in GRAPHQL_SCHEMA.type_map.items() if not name.startswith("__")]
    assert swept == {
        f"{type_.name}.{field}" for type_ in types if isinstance(type_, GraphQLObjectType) for field in type_.fields
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("field", SWEPT, ids=lambda field: str(field.name))
async def test_no_field_tells_of_others_to_those_who_may_not_see_or_change_them(
    gateway: Gateway, world: World, role: str, field: RootField
) -> None:
    # What was asked for by its id is no news: an answer may repeat it in an error's text, never anything else.
    document, variables = sweep(field, ids_of(world.ben.id, world.offering.id, world.of_ben.id), set())
    response = await as_role(gateway, world, role).post(document, **variables)
    told = [secret for secret in secrets(world) if secret in response.text]
    may_see = role == "`registrations:read`" or may_change(role, field)
    assert bool(told) is (may_see and field.name != "viewer" and is_found(response.text))
    assert [code for code in ("QUERY_TOO_EXPENSIVE", "INTERNAL_SERVER_ERROR") if code in response.text] == []


@pytest.mark.parametrize("role", [role for role, scopes in ROLES.items() if scopes is not None])
@pytest.mark.parametrize("field", SWEPT, ids=lambda field: str(field.name))
async def test_a_hidden_record_is_answered_as_none_by_every_field_and_at_the_same_cost(
    gateway: Gateway, world: World, role: str, field: RootField
) -> None:
    if role == "`registrations:read`" or may_change(role, field):
        return  # then it is not hidden

    async def asked(user_id: str, registration_id: str) -> tuple[list[str], str]:
        document, variables = sweep(field, ids_of(user_id, world.offering.id, registration_id), set())
        async with counted_statements(gateway.database) as statements:
            answer = (await as_role(gateway, world, role).post(document, **variables)).text
        return sorted(statements), answer  # those of one level come in any order

    assert await asked(world.ben.id, world.of_ben.id) == await asked(new_id(), new_id())


@pytest.mark.parametrize("role", [role for role, scopes in ROLES.items() if scopes is not None])
@pytest.mark.parametrize("field", MUTATIONS, ids=lambda field: str(field.name))
async def test_who_sees_a_record_and_lacks_the_scope_may_not_change_it(
    gateway: Gateway, database: Database, world: World, role: str, field: RootField
) -> None:
    scopes = {*(ROLES[role] or ()), Scope.READ}
    before = await stored_registrations(database)
    document, variables = sweep(field, ids_of(world.ben.id, world.free.id, world.of_ben.id), set())
    answer = (await gateway.signed_in(world.ada.id, *scopes).post(document, **variables)).json()
    assert (said(answer) == "forbidden") is not may_change(role, field)
    if said(answer):
        assert await stored_registrations(database) == before


def secrets(world: World) -> Iterator[str]:
    for user in (world.ben, world.grace):
        yield from (user.id, user.username, user.email)
    yield world.of_ben.id


def may_change(role: str, field: RootField) -> bool:
    return field.operation is OperationType.MUTATION and role == f"`…:{SCOPES[field.name]}`"


def is_found(answer: str) -> bool:
    """Whether the answer is about records, and no refusal: a grade that is out of range has none."""
    return "FORBIDDEN" not in answer and "GRADE_OUT_OF_RANGE" not in answer
