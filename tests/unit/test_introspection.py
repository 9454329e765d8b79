"""Introspection is answered as graphql-core answers it."""

import asyncio
from typing import Any

import orjson
import pytest
from graphql import (
    build_schema,
    execute_sync,
    get_introspection_query,
    get_operation_ast,
    get_variable_values,
    parse,
    validate,
)

from registrations.graphql.context import Context
from registrations.graphql.plans.introspection import MAXIMUM_VALUES
from registrations.graphql.plans.planning import plan_operation
from tests.support.own_introspection import use_own_introspection

SCHEMA = build_schema('''
    "All that there is." schema { query: Query mutation: Mutation }
    "Marks." directive @mark(by: String = "x", old: Int @deprecated) repeatable on FIELD | QUERY
    scalar Instant @specifiedBy(url: "https://example.org")
    enum Size { SMALL LARGE @deprecated(reason: "too large") }
    input Box { size: Size! = SMALL, boxes: [Box!], keys: [Key!] = [{id: "x"}], old: Int @deprecated }
    input Key @oneOf { id: ID, name: String }
    interface Named { "As called." name: String! }
    interface Sized implements Named { name: String! size(in: Size = SMALL, old: Int @deprecated): Int }
    type Cat implements Named & Sized { name: String! size(in: Size = SMALL, old: Int @deprecated): Int }
    type Stone { all: [[Thing!]] weight: Float @deprecated(reason: "heavy") since: Instant }
    union Thing = Cat | Stone
    type Query { thing(key: Key, box: Box = {size: LARGE}): Thing named: Named }
    type Mutation { feed(box: [Box!]!): Cat! }
''')  # fmt: skip

EVERYTHING = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
)


def answer(text: str, variables: dict[str, Any]) -> tuple[Any, list[Any]]:
    """The data and the errors."""
    document = parse(text)
    operation = get_operation_ast(document)
    assert operation
    assert validate(SCHEMA, document) == []
    values = get_variable_values(SCHEMA, operation.variable_definitions or (), variables)
    assert not isinstance(values, list)
    context: Any = Context(None, None, None)  # type: ignore[arg-type]  # nothing is read
    data, errors = asyncio.run(plan_operation(SCHEMA, document, operation, values).run(context, values))
    return data, [error.formatted for error in errors]


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        (get_introspection_query(), {}),
        (EVERYTHING, {}),
        ("{ __schema { __typename types { __typename kind isOneOf fields { __typename } } } }", {}),
        ('{ a: __type(name: "Cat") { name } b: __type(name: "Nothing") { name } __typename }', {}),
        ("query ($name: String!) { __type(name: $name) { ...F } } fragment F on __Type { name }", {"name": "Cat"}),
        ("query ($all: Boolean!) { __schema { types { enumValues(includeDeprecated: $all) { name } }}}", {"all": True}),
        ("query ($all: Boolean = false) { __schema { directives { args(includeDeprecated: $all) { name } } } }", {}),
        ("query ($x: Boolean!) { __schema { types { name @skip(if: $x) kind } } }", {"x": True}),
        ('{ __type(name: "Cat") { fields { type { kind ofType { kind ofType { kind ofType { name } } } } } } }', {}),
        # What fails: an argument, of each object that has it, and a condition.
        (
            "query ($all: Boolean = true) { __schema { types { name fields(includeDeprecated: $all) { name } } } }",
            {"all": None},
        ),
        (
            "query ($all: Boolean = true) { __schema { directives { args(includeDeprecated: $all) { name } } } }",
            {"all": None},
        ),
        ("query ($x: Boolean = true) { __schema { types { name @skip(if: $x) } } }", {"x": None}),
    ],
)  # fmt: skip
def test_what_the_schema_says_of_itself_is_what_graphql_core_says(text: str, variables: dict[str, Any]) -> None:
    data, errors = answer(text, variables)
    use_own_introspection()
    expected = execute_sync(SCHEMA, parse(text), variable_values=variables)
    assert errors == [error.formatted for error in expected.errors or ()]
    assert orjson.dumps(data) == orjson.dumps(expected.data)


def test_an_answer_has_so_many_values_of_the_schema_and_no_more() -> None:
    fields = "fields { name args { type { ...T } } type { ...T fields { name args { type { ...T } } type { ...T } } } }"
    fragment = "fragment T on __Type { kind name description ofType { kind name description ofType { name } } }"
    branches = " ".join(f"a{number}: types {{ {fields} }}" for number in range(20))
    data, errors = answer(f"{{ __schema {{ {branches} }} }} {fragment}", {})
    assert data is None
    [error] = errors
    assert error["message"] == (
        f"The answer would have more than {MAXIMUM_VALUES} values of the schema: ask for fewer fields."
    )
    assert error["path"] == ["__schema"]
