"""What operations cost, on the schema as it is and without running any."""

import pytest
from graphql import get_operation_ast, parse, validate

from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.operations.limits import Demand, excesses, measure

BOMB = "{ ...F0 } " + " ".join(
    f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} viewer {{ ...G{n} }} }} fragment G{n} on Viewer {{ scopes }}"
    for n in range(40)
) + " fragment F40 on Query { viewer { user { id } } }"  # fmt: skip


# Nothing is read below the first list, but all of it is planned.
WIDE = """{ registrations(first: 0) { nodes { ...A } edges { node { ...A } } } }
fragment A on Registration { user { ...B } offering { registrations { nodes { ...C } } } grader { ...B } }
fragment B on User { registrations { nodes { ...C } edges { node { ...C } } } }
fragment C on Registration { user { registrations { totalCount } } grader { registrations { totalCount } } }"""

TOO_WIDE = (
    "The size of the operation is 1143, at most 1000 is allowed: "
    "select fewer fields and lists, or send several operations."
)

LIST = "{ registrations(last: 1, filter: $f) { totalCount } }"


def demand(document: str, **variables: object) -> Demand:
    parsed = parse(document)
    assert validate(GRAPHQL_SCHEMA, parsed) == []
    operation = get_operation_ast(parsed)
    assert operation is not None
    return measure(GRAPHQL_SCHEMA, parsed, operation, variables)


def refusals(document: str, **variables: object) -> list[str]:
    operation = get_operation_ast(parse(document))
    assert operation is not None
    return [error.message for error in excesses(operation, demand(document, **variables))]


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ __typename }", 0),
        ("{ viewer { scopes } }", 1),
        ('{ user(id: "x") { id firstName } }', 1),
        ('{ user(id: "x") { id name: firstName ...N } } fragment N on Node { __typename kind: __typename }', 3),
        ("{ registrations { totalCount } }", 16),
        ("{ registrations { pageInfo { hasNextPage } } }", 16),
        ("{ registrations(first: 100) { pageInfo { hasNextPage } } }", 101),
        ("{ registrations(first: 0) { totalCount } }", 1),
        ("{ registrations { nodes { id } } }", 17),
        ("{ registrations(first: 0) { nodes { id } } }", 2),
        ("{ registrations(first: 50) { nodes { id user { id } offering { course { id } } } } }", 202),
        ("{ registrations(last: 50) { edges { cursor node { id } } } }", 102),
        ("{ registrations(first: 1000000) { nodes { id } } }", 102),
        ("{ registrations(first: 10) { nodes { ...R } } } fragment R on Registration { user { id } }", 22),
        ('{ nodes(ids: ["a", "b", "c"]) { id ... on Registration { user { id } } } }', 7),
        ("{ offerings(first: 10) { nodes { registrations(first: 10) { nodes { id } } } } }", 132),
        ('mutation { ejectRegistration(input: {registrationId: "x"}) { __typename } }', 11),
        ("{ __schema { types { name fields { name type { name } } } } }", 1_000),
        ('{ __type(name: "User") { fields { id: name } } viewer { scopes } }', 2_001),
    ],
)
def test_the_cost_is_an_estimate_of_the_records_that_are_answered(document: str, cost: int) -> None:
    assert demand(document).cost == cost


def test_page_sizes_and_ids_count_where_they_are_variables() -> None:
    document = "query ($first: Int = 40) { registrations(first: $first) { nodes { id } } }"
    assert [demand(document).cost, demand(document, first=3).cost, demand(document, first=None).cost] == [42, 5, 17]
    assert demand("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 30).cost == 31


@pytest.mark.parametrize(
    ("document", "size"),
    [
        ("{ __typename }", 1),
        ('{ user(id: "x") { id firstName } }', 42),
        ("{ registrations(first: 0) { nodes { id user { id } } } }", 44),
        ("{ registrations { nodes { ...R } edges { node { ...R } } } } fragment R on Registration { id }", 45),
        ('{ node(id: "x") { id __typename ... on User { email } } }', 49),
        ("{ __schema { types { name } } }", 3),
    ],
)
def test_the_size_is_what_has_to_be_planned_whatever_lists_hold(document: str, size: int) -> None:
    assert demand(document).size == size


def test_arguments_add_to_the_size_by_the_values_in_them_wherever_they_stand() -> None:
    ids = ["x"] * 97  # and the list and the filter: 99 values, of which 4 count as a field
    literal = "{userId: [" + '"x" ' * 97 + "]}"
    assert demand(f"{{ registrations(last: 1, filter: {literal}) {{ totalCount }} }}").size == 65
    assert demand(f"query ($f: RegistrationFilterInput = {literal}) {LIST}").size == 65
    assert demand(f"query ($f: RegistrationFilterInput) {LIST}", f={"userId": ids}).size == 65
    assert demand(f"query ($ids: [ID!]) {LIST.replace('$f', '{userId: $ids}')}", ids=ids).size == 65


@pytest.mark.parametrize("first", [-1, -1.0, -(10**30)])
def test_a_size_below_zero_pays_for_nothing(first: float) -> None:
    document = "query ($n: Int) { a: registrations(first: $n) @skip(if: true) { nodes { user { id } } } }"
    assert demand(document, n=first).cost == demand(document, n=0).cost == 2


def test_the_schema_is_told_only_a_few_times() -> None:
    names = " ".join(f"a{number}: types {{ name }}" for number in range(5))
    assert refusals(f"{{ __schema {{ {names} }} }}") == [
        "The cost of the operation is 6000, at most 5000 is allowed: ask for fewer records or fields."
    ]


def test_a_document_that_spreads_fragments_exponentially_often_is_measured_and_refused() -> None:
    assert demand(BOMB).cost > 2**40
    [message] = refusals(BOMB)[:1]
    assert message == (
        "The cost of the operation is over a billion, at most 5000 is allowed: ask for fewer records or fields."
    )


@pytest.mark.parametrize(
    ("document", "refused"),
    [
        (
            "{ registrations(first: 100) { nodes { user { registrations(first: 100) { nodes { id } } } } } }",
            ["The cost of the operation is 10402, at most 5000 is allowed: ask for fewer records or fields."],
        ),
        (
            "{ user(id: 1) {" + "registrations(first: 1) { nodes { user {" * 4 + "id" + "}}}" * 4 + "}}",
            ["The depth of the operation is 14, at most 10 is allowed: nest less deeply."],
        ),
        (
            "{" + " ".join(f"a{n}: __typename" for n in range(16)) + "}",
            ["The number of aliases of the operation is 16, at most 15 is allowed: send several operations."],
        ),
        (
            "{" + " ".join(["__typename @skip(if: false)"] * 21) + "}",
            [
                "The number of directives of the operation is 21, at most 20 is allowed: use fewer.",
                "The number of root fields of the operation is 21, at most 20 is allowed: send several operations.",
            ],
        ),
        (
            WIDE,
            [TOO_WIDE],
        ),
        (
            "mutation {" + 'ejectRegistration(input: {registrationId: "x"}) { __typename }' * 5 + "}",
            ["The number of root fields of the operation is 5, at most 4 is allowed: send several operations."],
        ),
    ],
)
def test_what_goes_beyond_a_limit_is_refused_with_what_to_do(document: str, refused: list[str]) -> None:
    assert refusals(document) == refused


def test_a_size_that_is_written_with_a_fraction_of_nothing_counts_as_what_it_is() -> None:
    document = "query ($n: Int) { registrations(first: $n) { nodes { id } } }"
    assert [demand(document, n=n).cost for n in (100, 100.0, 5.0)] == [102, 102, 7]


def test_a_size_below_zero_makes_up_for_nothing() -> None:
    document = "query ($n: Int) { registrations(first: $n) { nodes { id } } offerings(first: 100) { totalCount } }"
    assert [demand(document, n=n).cost for n in (0, -1, -(2**31), -(10**30))] == [103, 103, 103, 103]
