"""Mutations that are compiled do and answer what those do that graphql-core executes."""

import re
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

import pytest
from graphql import parse

from registrations.domain.records import Course, Offering, Registration, Status, User
from registrations.graphql.documents import Document
from registrations.graphql.scalars import write_instant
from registrations.storage.connections.database import Database
from tests.conftest import database_named, execute
from tests.support.database import store, stored_registrations
from tests.support.gateway import AUTHENTICATION, Gateway, open_gateway
from tests.support.population import USERS, VIEWERS
from tests.support.records import DAY, NOW, a_course, a_registration_that_is, an_offering
from tests.support.statements import counted_statements
from tests.support.twins import HEADERS

LEARNER, STAFF = 1, len(VIEWERS) - 1
COURSE = a_course(id="c" * 32)
OPEN = an_offering(COURSE, id="0" * 31 + "a")
ONCE = an_offering(COURSE, id="0" * 31 + "b", retakes_allowed=False)
CLOSED = an_offering(COURSE, id="0" * 31 + "c", registration_begin_date=NOW - DAY, registration_end_date=NOW)
TAKEN = an_offering(COURSE, id="0" * 31 + "d")
STATES = [
    a_registration_that_is(status, USERS[0], TAKEN, id=f"{number:032x}")
    for number, status in enumerate(Status, start=0x700)
]
EARLIER = a_registration_that_is(Status.FAILED, USERS[0], ONCE, id="7" * 32, grader_id=USERS[2].id)
WORLD: list[User | Course | Offering | Registration] = [*USERS, COURSE, OPEN, ONCE, CLOSED, TAKEN, *STATES, EARLIER]
UNKNOWN = "f" * 32
IDS = {UNKNOWN, *(record.id for record in WORLD)}
INSTANTS = {
    write_instant(value) for record in WORLD for value in asdict(record).values() if isinstance(value, datetime)
}

FIELDS = {
    "registerUser": ("RegisterUser", "RegisterUserInput"),
    "assignGrade": ("AssignGrade", "AssignGradeInput"),
    "ejectRegistration": ("EjectRegistration", "EjectRegistrationInput"),
}
REGISTRATION = """
    id status gradePercentage graderComment createdDate beginDate lastActiveDate endDate
    viewerCanAssignGrade viewerCanEject
"""
DETAILS = {
    "RegisterUser": """
        ... on AlreadyRegistered { registration { id status } }
        ... on RetakeNotAllowed { registration { id } }
        ... on RegistrationNotOpen { opensAt closesAt }
    """,
    "AssignGrade": "... on GradeOutOfRange { minimum maximum } ... on CommentTooLong { maximumLength }",
    "EjectRegistration": "... on NotActive { registration { id status endDate } }",
}
SHAPES = {
    "whole": """
        mutation Change($input: %(input)s!) {
          %(field)s(input: $input) {
            __typename
            ... on %(name)sSuccess { registration { """ + REGISTRATION + """ } }
            ... on %(name)sFailure {
              fieldErrors { __typename ... on FieldError { code message field path } %(details)s }
            }
          }
        }
    """,
    "aliases": """
        mutation ($input: %(input)s!) {
          done: %(field)s(input: $input) {
            kind: __typename
            ... on %(name)sSuccess { it: registration { key: id state: status what: __typename user { __typename } } }
          }
        }
    """,
    "fragments": """
        fragment Ended on Registration { ...Known endDate }
        fragment Known on Node { id __typename }
        mutation ($input: %(input)s!) { ...Changed }
        fragment Changed on Mutation { %(field)s(input: $input) { ...Success ...Failure } }
        fragment Success on %(name)sSuccess { registration { ...Ended } registration { ... { gradePercentage } } }
        fragment Failure on %(name)sFailure { fieldErrors { ... on FieldError { ...Told } } }
        fragment Told on FieldError { code path }
    """,
    "switches": """
        mutation ($input: %(input)s!, $no: Boolean = false) {
          %(field)s(input: $input) {
            ... on %(name)sSuccess @skip(if: $no) { registration { id @include(if: true) status @skip(if: true) } }
          }
        }
    """,
    "nothing": "mutation ($input: %(input)s!) { %(field)s(input: $input) { __typename } }",
    "related": """
        mutation ($input: %(input)s!) {
          %(field)s(input: $input) {
            ... on %(name)sSuccess {
              registration { id title user { username } grader { id } offering { course { title } } }
              query { registrations(filter: {status: [ACTIVE]}) { totalCount } }
            }
          }
        }
    """,
}  # fmt: skip
NEVER_COMPILED = "related"


class Change(NamedTuple):
    field: str
    input: dict[str, Any]


REGISTERING = [
    Change("registerUser", {"userId": user, "offeringId": offering})
    for user, offering in product(
        [USERS[0].id, USERS[3].id, UNKNOWN, "\0", None], [OPEN.id, ONCE.id, CLOSED.id, TAKEN.id, UNKNOWN, "x"]
    )
]
GRADES: list[tuple[Any, dict[str, Any]]] = [
    (70, {}),
    (69.999, {"comment": "Well\ndone ✓"}),
    (-0.0, {"comment": None}),
    (100.001, {"comment": "x" * 4_001}),
    (50, {"comment": "\0"}),
    ("50", {}),
]
GRADING = [
    Change("assignGrade", {"registrationId": id_, "gradePercentage": grade, **comment})
    for id_, (grade, comment) in product([*(registration.id for registration in STATES), UNKNOWN, ""], GRADES)
]
EJECTING = [
    Change("ejectRegistration", {"registrationId": id_})
    for id_ in [*(registration.id for registration in STATES), UNKNOWN, "x", 5]
]


def document(shape: str, field: str) -> str:
    name, input_ = FIELDS[field]
    return SHAPES[shape] % {"field": field, "name": name, "input": input_, "details": DETAILS[name]}


class Pair(NamedTuple):
    """Two gateways, each before a database of its own; the first compiles."""

    compiled: Gateway
    executed: Gateway


async def reset(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("TRUNCATE users, courses, offerings, registrations")
    await store(database, *WORLD)


@pytest.fixture(scope="module")
async def pair(server_url: str, migrated_database: str) -> AsyncIterator[Pair]:
    urls = [database_named(f"changes_{name}", server_url) for name in ("compiled", "executed")]
    for name in ("compiled", "executed"):
        await execute(server_url, f"CREATE DATABASE changes_{name} TEMPLATE {migrated_database}")
    async with (
        open_gateway(urls[0], **AUTHENTICATION) as compiled,
        open_gateway(urls[1], **AUTHENTICATION, compiled=False) as executed,
    ):
        for gateway in (compiled, executed):
            await reset(gateway.database)
        yield Pair(compiled, executed)


def comparable(text: str) -> str:
    """The body without the instants and ids that a change made up."""
    text = re.sub(r'"(\d{4}-[^"]*Z)"', lambda found: found[0] if found[1] in INSTANTS else '"<now>"', text)
    return re.sub(r"\b[0-9a-f]{32}\b", lambda found: found[0] if found[0] in IDS else "<new>", text)


def without_chance(registration: Registration) -> Registration:
    """The registration without what depends on the clock or on chance."""
    if registration in WORLD:
        return registration
    is_new = registration.id not in IDS
    return replace(
        registration,
        id="new" if is_new else registration.id,
        created_date=NOW if is_new else registration.created_date,
        end_date=NOW if registration.end_date else None,
    )


async def outcome(gateway: Gateway, text: str, input_: dict[str, Any], viewer: int) -> Any:
    """What the gateway answers and what it stores then; the database is as it was afterwards."""
    body = {"query": text, "variables": {"input": input_}}
    response = await gateway.http.post("/graphql", json=body, headers=HEADERS[viewer])
    stored = await stored_registrations(gateway.database)
    changed = stored != sorted((record for record in WORLD if isinstance(record, Registration)), key=lambda it: it.id)
    if changed:
        await reset(gateway.database)
    return response.status_code, comparable(response.text), {without_chance(registration) for registration in stored}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("changes", [REGISTERING, GRADING, EJECTING], ids=lambda changes: changes[0].field)
async def test_a_compiled_change_does_and_answers_what_an_executed_one_does(
    pair: Pair, shape: str, changes: list[Change]
) -> None:
    text = document(shape, changes[0].field)
    for _ in range(2):  # from now on it is known
        await outcome(pair.compiled, text, {}, STAFF)
    # Who may do what does not depend on what is selected: one shape is enough for all viewers.
    for change, viewer in product(changes, range(len(VIEWERS)) if shape == "whole" else (LEARNER, STAFF)):
        expected = await outcome(pair.executed, text, change.input, viewer)
        found = await outcome(pair.compiled, text, change.input, viewer)
        assert found == expected, (text, change, VIEWERS[viewer])


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_all_shapes_are_compiled_but_one(shape: str, field: str) -> None:
    operation = Document(parse(document(shape, field))).operation(None)
    inputs = {change.field: change.input for change in (REGISTERING[0], GRADING[0], EJECTING[0])}
    assert operation
    variables = operation.variables({"input": inputs[field]})
    assert not isinstance(variables, list)
    assert (operation.plan(variables) is None) == (shape == NEVER_COMPILED)


@pytest.mark.parametrize(
    "change",
    [
        Change("registerUser", {"userId": USERS[0].id, "offeringId": TAKEN.id}),
        Change("assignGrade", {"registrationId": UNKNOWN, "gradePercentage": 101}),
        Change("ejectRegistration", {"registrationId": EARLIER.id}),
    ],
)
@pytest.mark.parametrize("viewer", [LEARNER, STAFF])
async def test_a_change_that_is_refused_is_tried_once(pair: Pair, change: Change, viewer: int) -> None:
    text = document("whole", change.field)
    for _ in range(2):
        await outcome(pair.compiled, text, change.input, viewer)
    sent = []
    for gateway in pair:
        async with counted_statements(gateway.database) as statements:
            await gateway.http.post(
                "/graphql", json={"query": text, "variables": {"input": change.input}}, headers=HEADERS[viewer]
            )
        sent.append(list(statements))
    assert sent[0] == sent[1] != []
