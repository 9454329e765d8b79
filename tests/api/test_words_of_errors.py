"""Errors show what a client sent as JSON, in GraphQL's words, and never as Python writes it."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.graphql.values import LONGEST, shown
from tests.support.gateway import Gateway
from tests.support.hostile import bounded

WORDS_OF_PYTHON = re.compile(
    r"\b(None|True|False|dict|list|tuple|float|bool|Undefined|nan|inf)\b|<\w+ instance>|'[^']*':"
)

FILTER = "query ($v: RegistrationFilterInput) { registrations(filter: $v) { totalCount } }"
ORDER = "query ($v: RegistrationOrderInput) { registrations(orderBy: $v) { totalCount } }"
FIRST = "query ($v: Int) { registrations(first: $v) { totalCount } }"
USER = "query ($v: ID!) { user(id: $v) { id } }"
NODES = "query ($v: [ID!]!) { nodes(ids: $v) { id } }"
GRADE = "mutation ($v: AssignGradeInput!) { assignGrade(input: $v) { __typename } }"
SKIP = "query ($v: Boolean!) { viewer { scopes @skip(if: $v) } }"
TITLE = "query ($v: String) { offerings(filter: {title: $v}) { totalCount } }"
AFTER = "query ($v: DateTime) { registrations(filter: {createdDate: {gte: $v}}) { totalCount } }"
DOCUMENTS = (FILTER, ORDER, FIRST, USER, NODES, GRADE, SKIP, TITLE, AFTER)

INVALID = "Variable '$v' has invalid value"
NULL_FOR = "Expected variable '$v' provided to non-null type"


async def messages(gateway: Gateway, document: str, **variables: Any) -> list[str]:
    return [error["message"] for error in (await gateway(document, **variables)).get("errors", ())]


@pytest.mark.parametrize(
    ("document", "value", "message"),
    [
        (USER, None, f"{INVALID}: Expected value of non-null type 'ID!' not to be null."),
        (NODES, [None], f"{INVALID} at [0]: Expected value of non-null type 'ID!' not to be null."),
        (USER, True, f"{INVALID}: ID cannot represent a non-string and non-integer value: true"),
        (FIRST, False, f"{INVALID}: Int cannot represent non-integer value: false"),
        (FIRST, "1", f'{INVALID}: Int cannot represent non-integer value: "1"'),
        (SKIP, "true", f'{INVALID}: Boolean cannot represent a non boolean value: "true"'),
        (TITLE, [None], f"{INVALID}: String cannot represent a non string value: [null]"),
        (AFTER, True, f"{INVALID}: DateTime cannot represent true: write an RFC 3339 date-time"),
        (FILTER, True, f"{INVALID}: Expected value of type 'RegistrationFilterInput' to be an object, found: true."),
        (
            FILTER,
            {"status": [True]},
            f"{INVALID} at .status[0]: Enum 'RegistrationStatus' cannot represent non-string value: true.",
        ),
        (
            ORDER,
            {"field": "BEGIN_DATE"},
            (
                f"{INVALID}: Expected value of type 'RegistrationOrderInput' to include required field 'direction', "
                'found: {"field": "BEGIN_DATE"}.'
            ),
        ),
        (
            FILTER,
            {"x": {"y": [None, True, 1.5]}},
            (
                f"{INVALID}: Expected value of type 'RegistrationFilterInput' not to include unknown field 'x', "
                'found: {"x": {"y": [null, true, 1.5]}}.'
            ),
        ),
    ],
)
async def test_values_of_variables_are_shown_as_json(
    gateway: Gateway, document: str, value: object, message: str
) -> None:
    [told] = await messages(gateway, document, v=value)
    assert told[: len(message)] == message


@pytest.mark.parametrize(
    ("document", "variables", "message"),
    [
        ("{ user(id: null) { id } }", {}, "Expected value of non-null type 'ID!' not to be null."),
        ("{ user(id: true) { id } }", {}, "ID cannot represent a non-string and non-integer value: true"),
        ("{ user(id: 4.0) { id } }", {}, "ID cannot represent a non-string and non-integer value: 4.0"),
        (
            "{ registrations(filter: {createdDate: {gte: {a: null}}}) { totalCount } }",
            {},
            'DateTime cannot represent {"a": null}: write an RFC 3339 date-time',
        ),
        (
            'query ($v: ID = "x") { user(id: $v) { id } }',
            {"v": None},
            f"Argument 'id' has invalid value: {NULL_FOR} 'ID!' not to be null.",
        ),
        (
            "query ($v: Boolean = true) { viewer { scopes @skip(if: $v) } }",
            {"v": None},
            f"Argument 'if' has invalid value: {NULL_FOR} 'Boolean!' not to be null.",
        ),
    ],
)
async def test_so_are_values_in_documents(
    gateway: Gateway, document: str, variables: dict[str, Any], message: str
) -> None:
    [told] = await messages(gateway, document, **variables)
    assert told[: len(message)] == message


# Without letters, so that whatever looks like Python is.
odd_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.sampled_from(["1", "status"]), values, max_size=3),
    max_leaves=8,
)


@bounded
@given(st.sampled_from(DOCUMENTS), odd_values)
async def test_no_error_has_words_of_python(gateway: Gateway, document: str, value: object) -> None:
    assert [told for told in await messages(gateway, document, v=value) if WORDS_OF_PYTHON.search(told)] == []


def test_what_is_long_is_cut() -> None:
    assert shown(["x" * 10] * 1_000) == ('["xxxxxxxxxx"' + ', "xxxxxxxxxx"' * 10)[:LONGEST] + "…"
    assert len(shown("x" * 100_000)) == LONGEST + 1


def test_what_is_no_json_is_shown_all_the_same() -> None:
    assert shown([10**30, Ellipsis]) == f'[{10**30}, "Ellipsis"]'
