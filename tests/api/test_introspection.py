"""The schema, told or kept: with it every hint that an error could give."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import get_introspection_query

from tests.support.gateway import Gateway, open_gateway

REGISTER = "mutation ($input: RegisterUserInput!) { registerUser(input: $input) { __typename } }"
FILTERED = "query ($filter: RegistrationFilterInput) { registrations(filter: $filter) { totalCount } }"
ORDERED = "query ($by: RegistrationOrderInput) { registrations(orderBy: $by) { totalCount } }"

MISSPELLED: list[tuple[str, dict[str, Any]]] = [
    ("{ registration { totalCount } registrationz { totalCount } }", {}),
    ('{ user(id: "x") { firstNam } }', {}),
    ('{ node(id: "x") { firstName } }', {}),
    ("{ registrations(frist: 1) { totalCount } }", {}),
    ("{ registrations @skip(iff: true) { totalCount } }", {}),
    ('{ node(id: "x") { ... on Registratio { id } } }', {}),
    ("query ($filter: RegistrationFilterInpt) { registrations(filter: $filter) { totalCount } }", {}),
    ("{ registrations(filter: {statu: ACTIVE}) { totalCount } }", {}),
    ("{ registrations(filter: {status: ACTIV}) { totalCount } }", {}),
    ('{ registrations(filter: {status: "ACTIVE"}) { totalCount } }', {}),
    ("{ registrations(filter: {createdDate: {gtee: null}}) { totalCount } }", {}),
    ("{ registrations(orderBy: {field: END_DAT, direction: ASC}) { totalCount } }", {}),
    ('mutation { registerUser(input: {userI: "x", offeringId: "x"}) { __typename } }', {}),
    ("query ($by: [RegistrationStatus!] = [ACTIV]) { registrations(filter: {status: $by}) { totalCount } }", {}),
    (FILTERED, {"filter": {"statu": ["ACTIVE"]}}),
    (FILTERED, {"filter": {"status": ["ACTIV"]}}),
    (FILTERED, {"filter": {"status": "active"}}),
    (FILTERED, {"filter": {"createdDate": {"gtee": None}}}),
    (ORDERED, {"by": {"field": "END_DAT", "direction": "ASC"}}),
    (ORDERED, {"by": {"field": "END_DATE", "directio": "ASC"}}),
    (REGISTER, {"input": {"userI": "x", "offeringId": "x"}}),
]


@pytest.fixture
async def closed(database_url: str) -> AsyncIterator[Gateway]:
    async with open_gateway(database_url, introspection=False) as gateway:
        yield gateway


async def told(gateway: Gateway, document: str, variables: dict[str, Any]) -> str:
    errors = (await gateway(document, **variables))["errors"]
    return "\n".join(error["message"] for error in errors)


@pytest.mark.parametrize(("document", "variables"), MISSPELLED)
async def test_what_is_misspelled_is_refused_without_a_hint_where_the_schema_is_kept(
    closed: Gateway, gateway: Gateway, document: str, variables: dict[str, Any]
) -> None:
    assert "Did you mean" not in await told(closed, document, variables)
    # The same document in the same process: neither learns from what the other was told.
    assert "Did you mean" in await told(gateway, document, variables)


@pytest.mark.parametrize(
    "document",
    [
        get_introspection_query(),
        "{ __schema { queryType { name } } }",
        '{ __type(name: "User") { name } }',
        "{ ...S } fragment S on Query { __schema { types { name } } }",
        "{ alias: __schema { types { name } } viewer { scopes } }",
    ],
)
async def test_the_schema_is_not_told_where_it_is_kept(closed: Gateway, document: str) -> None:
    answer = await closed(document)
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert answer["errors"][0]["message"].startswith("GraphQL introspection has been disabled")


async def test_the_name_of_a_type_is_no_secret(closed: Gateway) -> None:
    assert await closed.data("{ __typename registrations { __typename } }") == {
        "__typename": "Query",
        "registrations": {"__typename": "RegistrationConnection"},
    }


async def test_types_that_wrap_others_tell_all_of_themselves(gateway: Gateway) -> None:
    document = "{ __schema { directives { args { type { kind name isOneOf } } } } }"
    directives = (await gateway.data(document))["__schema"]["directives"]
    assert {"kind": "NON_NULL", "name": None, "isOneOf": None} in [
        argument["type"] for directive in directives for argument in directive["args"]
    ]
