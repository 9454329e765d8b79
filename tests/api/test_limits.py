"""What is refused before it costs anything."""

import pytest
from graphql import get_introspection_query, parse

from registrations.graphql.operations.documents import Document
from tests.support.gateway import Gateway
from tests.support.statements import counted_statements


async def test_an_operation_beyond_the_budget_is_refused_before_anything_is_read(gateway: Gateway) -> None:
    document = "{ registrations(first: 100) { nodes { user { registrations(first: 100) { nodes { id } } } } } }"
    async with counted_statements(gateway.database) as sent:
        response = await gateway.http.post("/graphql", json={"query": document})
    assert response.json() == {
        "errors": [
            {
                "message": "The cost of the operation is 10402, at most 5000 is allowed: "
                "ask for fewer records or fields.",
                "extensions": {"code": "QUERY_TOO_EXPENSIVE"},
            }
        ],
        "extensions": {"cost": {"requested": 10402, "allowed": 5000}},
    }
    assert sent == []


async def test_every_answer_says_what_it_cost(gateway: Gateway) -> None:
    response = await gateway.http.post("/graphql", json={"query": "{ registrations { nodes { id } } }"})
    assert response.json()["extensions"] == {"cost": {"requested": 17, "allowed": 5000}}


async def test_what_a_variable_asks_for_does_not_depend_on_who_asked_before(gateway: Gateway) -> None:
    lists = " ".join(f"a{number}: registrations(first: 0, filter: $filter) {{ totalCount }}" for number in range(15))
    document = f"""query ($filter: RegistrationFilterInput = {{userId: [{'"x" ' * 99}]}}) {{
        {lists} offerings(first: 0) {{ totalCount }}
    }}"""
    few, many = ({"filter": {"userId": ["x"] * number}} for number in (85, 90))
    for variables, size in (({"filter": None}, None), ({}, 1031), (few, None), (many, 1001), (few, None), ({}, 1031)):
        errors = (await gateway(document, **variables)).get("errors", [])
        assert [error["message"] for error in errors] == [
            f"The size of the operation is {size}, at most 1000 is allowed: "
            "select fewer fields and lists, or send several operations."
            for size in [size]
            if size
        ]


def test_of_variables_that_an_operation_does_not_define_nothing_is_kept() -> None:
    operation = Document(parse("query ($id: ID!) { registration(id: $id) { id } }")).operation(None)
    assert operation
    for number in range(10):
        operation.estimate({"id": "x", f"{number}": []})
    assert len(operation._estimates) == 1


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{" + "viewer { scopes } " * 300 + "}", "Syntax Error: Document contains more than 1000 tokens."),
        ("{ viewer { scopes } }" + " " * 15_000, "Syntax Error: Source contains more than 15000 code points."),
        ("{ viewer { scopes } }" + "#\n" * 51, "Syntax Error: Document contains more than 50 comments."),
    ],
)
async def test_a_document_that_is_too_long_is_not_parsed(gateway: Gateway, document: str, message: str) -> None:
    code, told = await gateway.error(document)
    assert (code, told[: len(message)]) == ("GRAPHQL_PARSE_FAILED", message)


async def test_only_the_first_mistakes_of_a_document_are_told(gateway: Gateway) -> None:
    answer = await gateway("{" + " ".join(f"no{n}" for n in range(50)) + "}")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["GRAPHQL_VALIDATION_FAILED"] * 6


async def test_a_document_that_repeats_a_field_or_a_fragment_very_often_is_not_validated_to_the_end(
    gateway: Gateway,
) -> None:
    code, message = await gateway.error("{" + " registrations { nodes { id } }" * 130 + " }")
    assert (code, message) == (
        "GRAPHQL_VALIDATION_FAILED",
        "The document repeats too much: select each field, and spread each fragment, fewer times.",
    )


async def test_the_introspection_of_tools_is_within_the_limits(gateway: Gateway) -> None:
    document = get_introspection_query(specified_by_url=True, input_value_deprecation=True, schema_description=True)
    assert len((await gateway.data(document))["__schema"]["types"]) > 40
