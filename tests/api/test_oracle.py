"""The gateway answers what the oracle says, byte for byte, and stores what it says: whatever is asked, whoever asks."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import zip_longest
from random import Random
from typing import TypeAlias

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
)

from tests.conftest import SEED, database_named, execute
from tests.support.judge import Exchange, Judge, difference, open_judge
from tests.support.oracle.faults import FAULTS
from tests.support.oracle.resolvers import attribute
from tests.support.oracle.schema import SCHEMA
from tests.support.population import ALL_IDS, ORDERS, REGISTRATIONS, VIEWERS
from tests.support.queries import OperationType, Request, written
from tests.support.values import IDS

Exchanges: TypeAlias = dict[int, list[Exchange]]
"""What was answered to made-up requests, each sent three times, by the seeds that they were made of."""

AMOUNTS: dict[OperationType, int] = {"query": 500, "mutation": 170}
LONG_AMOUNTS: dict[OperationType, int] = {"query": 1_500, "mutation": 600}


@pytest.fixture(scope="module")
async def judge(server_url: str, migrated_database: str) -> AsyncIterator[Judge]:
    await execute(server_url, f"CREATE DATABASE judged TEMPLATE {migrated_database}")
    async with open_judge(database_named("judged", server_url)) as judge:
        yield judge


async def asked(judge: Judge, config: pytest.Config, type_: OperationType) -> Exchanges:
    only: int | None = config.getoption(SEED)
    seeds = range(AMOUNTS[type_]) if only is None else [only]
    return {seed: await judge.exchanges(written(Random(seed), type_)) for seed in seeds}


@pytest.fixture(scope="module")
async def queries(judge: Judge, pytestconfig: pytest.Config) -> Exchanges:
    return await asked(judge, pytestconfig, "query")


@pytest.fixture(scope="module")
async def mutations(judge: Judge, pytestconfig: pytest.Config) -> Exchanges:
    return await asked(judge, pytestconfig, "mutation")


# Shares of all answers: with `--seed`, there is one request, of which no share can be told.
@pytest.fixture
def many(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption(SEED) is not None:
        pytest.skip("One request says nothing about this.")


def test_queries_are_answered_as_the_oracle_says(queries: Exchanges) -> None:
    assert_all_alike(queries)


def test_mutations_answer_and_store_what_the_oracle_says(mutations: Exchanges) -> None:
    assert_all_alike(mutations)


@pytest.mark.long
@pytest.mark.parametrize("type_", LONG_AMOUNTS)
async def test_so_are_many_more(judge: Judge, type_: OperationType) -> None:
    for seed in range(AMOUNTS[type_], LONG_AMOUNTS[type_]):
        assert_all_alike({seed: await judge.exchanges(written(Random(seed), type_))})


def assert_all_alike(exchanges: Exchanges) -> None:
    for seed, alike in exchanges.items():
        for exchange in alike:
            if wrong := difference(exchange):
                pytest.fail(f"Of seed {seed} ({SEED} {seed} asks only this):\n{wrong}", pytrace=False)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_shows(queries: Exchanges, mutations: Exchanges, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    assert any(difference(exchange) for exchange in in_turns(queries, mutations))


def in_turns(queries: Exchanges, mutations: Exchanges) -> Iterator[Exchange]:
    for of_query, of_mutation in zip_longest(queries.values(), mutations.values()):
        yield from (*of_query, *(of_mutation or ()))


@pytest.mark.usefixtures("many")
def test_most_queries_are_answered_and_many_have_errors(queries: Exchanges) -> None:
    share = shares(queries)
    assert share["judged"] > 0.75
    assert share["answered"] > 0.5
    assert share["BAD_USER_INPUT"] > 0.1
    assert share["UNAUTHENTICATED"] > 0.05


@pytest.mark.usefixtures("many")
def test_mutations_have_all_outcomes_that_there_are(mutations: Exchanges) -> None:
    share = shares(mutations)
    assert share["judged"] > 0.7
    assert share["changed"] > 0.1
    assert share["FORBIDDEN"] > 0.05
    answers = b"".join(exchange.content for exchange in of_all(mutations)).decode()
    codes = SCHEMA.type_map["ErrorCode"]
    assert isinstance(codes, GraphQLEnumType)
    assert [code for code in codes.values if code not in answers] == []


def shares(exchanges: Exchanges) -> dict[str, float]:
    """Of the requests, those that had errors of which codes, or none, that are judged, and that changed a record."""
    seen: Counter[str] = Counter()
    for exchange in of_all(exchanges):
        seen.update(exchange.codes or {"answered"})
        seen["judged"] += exchange.is_judged
        seen["changed"] += exchange.stored not in (None, REGISTRATIONS)
    return {what: amount / len(list(of_all(exchanges))) for what, amount in seen.items()}


def of_all(exchanges: Exchanges) -> Iterable[Exchange]:
    return (exchange for alike in exchanges.values() for exchange in alike)


def test_each_argument_that_is_an_id_has_some_to_be_given() -> None:
    """Others would be asked for with nothing but ids that are unknown."""
    names: set[str] = set()
    for type_ in SCHEMA.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            names |= set(ids_among(type_.fields))
        if isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                names |= {name if argument == "id" else argument for argument in ids_among(field.args)}
    assert names == set(IDS)


def test_the_oracle_resolves_each_field_that_takes_arguments() -> None:
    types = (type_ for type_ in SCHEMA.type_map.values() if isinstance(type_, GraphQLObjectType))
    fields = ((type_.name, name, field) for type_ in types for name, field in type_.fields.items())
    missing = [f"{of}.{name}" for of, name, field in fields if field.args and field.resolve is attribute]
    assert missing == [], "give CHANGES in tests/support/oracle the mutations, RESOLVERS the others"


def test_each_sort_order_of_registrations_is_asked_for() -> None:
    fields = SCHEMA.type_map["RegistrationOrderField"]
    assert isinstance(fields, GraphQLEnumType)
    assert {order.field.upper() for order in ORDERS} == fields.values.keys(), "add it to ORDERS of the population"


def ids_among(arguments: dict[str, GraphQLArgument] | dict[str, GraphQLInputField]) -> list[str]:
    return [name for name, argument in arguments.items() if get_named_type(argument.type) is GraphQLID]


@pytest.mark.parametrize(
    "document",
    [
        "{ None: registrations { True: __typename lambda: totalCount class: nodes { def: id r: title } } }",
        "{ r: registrations { page: nodes { f0: viewerCanEject viewer: id complete: status } } }",
        "{ offerings { nodes { ...A ...B } } } fragment A on Node { id } fragment B on Offering { course { ...A } }",
        "query ($x: Boolean = true) { offerings @skip(if: $x) { __typename } }",
        "{ below: viewer { scopes r: user { __typename registrations { page: nodes { id } } } } __typename }",
        "{ registrations { nodes { grader { registrations { nodes { grader { id } } } } } } }",
        "{ registrations(first: 0) { nodes { user { registrations(first: -1) { totalCount } } } } }",  # asked of nobody
        "{ offerings { nodes { registrations(first: -1) { nodes { id } } again: registrations { totalCount } } } }",
        "{ registrations { nodes { user { registrations(first: 101) { totalCount } } } } }",
        "{ nodes(ids: []) { id } }",
        r'{ offerings(after: "\u0000", before: "\u0000", filter: {title: "\u0000"}) { totalCount } }',
        '{ __schema { queryType { name } } offerings { totalCount } __type(name: "User") { fields { name } } }',
        "{ a: offerings(first: -1) { totalCount } nodes(ids: []) { id } b: registrations(last: -1) { totalCount } }",
    ],
)
@pytest.mark.parametrize("viewer", [0, len(VIEWERS) - 2])
async def test_what_looks_like_a_trap_is_none(judge: Judge, document: str, viewer: int) -> None:
    assert [difference(one) for one in await judge.exchanges(Request(document, {}, viewer=viewer))] == [None] * 3


@pytest.mark.parametrize("value", [None, True, False])
@pytest.mark.parametrize("switches", ["@include(if: false) @skip(if: $x)", "@skip(if: true) @include(if: $x)"])
async def test_what_one_switch_leaves_out_may_have_another_without_a_value(
    judge: Judge, value: bool | None, switches: str
) -> None:
    document = f"query ($x: Boolean = true) {{ offerings {{ __typename totalCount {switches} }} }}"
    assert [difference(one) for one in await judge.exchanges(Request(document, {"x": value}))] == [None] * 3


@pytest.mark.parametrize("viewer", range(len(VIEWERS)))
async def test_a_node_is_of_its_type_whoever_asks_for_it(judge: Judge, viewer: int) -> None:
    document = """
    query One($id: ID!) { __typename node(id: $id) { ...N } }
    query Many($ids: [ID!]!) { nodes(ids: $ids) { ...N } }
    fragment N on Node {
      __typename id
      ... on User { username r: registrations(first: 1) { totalCount nodes { id } } }
      ... on Offering { course { title } r: registrations(first: 2) { totalCount pageInfo { endCursor } } }
      ... on Course { passingGradePercentage }
      ... on Registration { user { email } grader { email registrations { totalCount } } }
    }
    """
    requests = [
        Request(document, {"ids": [*ALL_IDS, "x", "0" * 32, ALL_IDS[0]]}, "Many", viewer),
        *(Request(document, {"id": id_}, "One", viewer) for id_ in (*ALL_IDS[::3], "x", "0" * 32)),
    ]
    assert [difference(one) for request in requests for one in await judge.exchanges(request)] == [None] * 3 * len(
        requests
    )


async def test_operations_may_call_different_variables_by_one_name(judge: Judge) -> None:
    document = """
    query Switch($x: Boolean!) { offerings { totalCount @skip(if: $x) nodes { id } } }
    query Lists($x: [ID!]!) { nodes(ids: $x) { id } }
    query Filter($x: OfferingFilterInput) { offerings(filter: $x) { nodes { id } } }
    """
    for name, value in (("Switch", True), ("Lists", list(ALL_IDS[:2])), ("Filter", {"title": "a"}), ("Switch", False)):
        request = Request(document, {"x": value}, name)
        assert [difference(one) for one in await judge.exchanges(request)] == [None] * 3
