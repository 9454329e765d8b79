"""What is accepted as valid beyond doubt is valid to graphql-core, and what clients send is accepted."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import islice, starmap
from random import Random, SystemRandom
from typing import NamedTuple

import pytest
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    specified_rules,
    validate,
)

from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.operations import validity
from registrations.graphql.operations.documents import RULES, Documents, InvalidDocument
from registrations.graphql.operations.validity import is_valid_beyond_doubt
from tests.support.documents import CORPORA, HOSTILE, OF_REPOSITORY, OTHER_SCHEMA, documents, parsed
from tests.support.planted import without_checks

Decide = Callable[..., bool]

FEW, MANY = 1_000, 25_000  # documents for each of the two schemas
ACCEPTED = {"gateway": 0.99, "other": 0.4}  # of valid documents; many of the other schema's are of kinds left out
KINDS = 50  # of errors, at least
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\$\w+|\d+")
FAULTY = without_checks(validity, "_Doubt")
QUERIES_ONLY = build_schema("type Query { named: String }")

BREAKS: Sequence[tuple[str, str]] = [
    ("ExecutableDefinitionsRule", "{ named { name } } scalar X"),
    ("KnownOperationTypesRule", "mutation { __typename }"),
    ("UniqueOperationNamesRule", "query Q { named { name } } query Q { named { name } }"),
    ("LoneAnonymousOperationRule", "{ named { name } } query Q { named { name } }"),
    ("SingleFieldSubscriptionsRule", "subscription { heard { name } again: heard { name } }"),
    ("SingleFieldSubscriptionsRule", "subscription { __typename }"),
    ("SingleFieldSubscriptionsRule", "subscription { heard @skip(if: true) { name } }"),
    (
        "SingleFieldSubscriptionsRule",
        "subscription { ...F } fragment F on Subscription { a: heard { name } b: __typename }",
    ),
    ("KnownTypeNamesRule", "{ named { ... on Nothing { name } } }"),
    ("FragmentsOnCompositeTypesRule", "{ named { ... on Size { name } } }"),
    ("VariablesAreInputTypesRule", "query ($v: Cat) { named { name @skip(if: $v) } }"),
    ("VariablesAreInputTypesRule", "query ($v: Cat = 1) { named { name } }"),
    ("ScalarLeafsRule", "{ named { name { length } } }"),
    ("ScalarLeafsRule", "{ stone }"),
    ("FieldsOnCorrectTypeRule", "{ animal { name } }"),
    ("UniqueFragmentNamesRule", "{ named { ...F } } fragment F on Named { name } fragment F on Named { name }"),
    ("KnownFragmentNamesRule", "{ named { ...F } }"),
    ("NoUnusedFragmentsRule", "{ named { name } } fragment F on Named { name }"),
    ("PossibleFragmentSpreadsRule", "{ stone { ...F ... on Cat { lives } } } fragment F on Cat { lives }"),
    ("NoFragmentCyclesRule", "{ stone { ...F } } fragment F on Stone { on { ...F } }"),
    ("UniqueVariableNamesRule", "query ($v: Boolean!, $v: Boolean!) { named { name @skip(if: $v) } }"),
    ("NoUndefinedVariablesRule", "{ sized { size(unit: $v) } }"),
    ("NoUndefinedVariablesRule", "{ animals(first: 1, json: {a: $v}) { __typename } }"),
    (
        "NoUndefinedVariablesRule",
        "query A($v: Int) { ...F } query B { ...F } fragment F on Query { sized { size(unit: $v) } }",
    ),
    ("NoUnusedVariablesRule", "query A($v: Boolean!) { named { name } }"),
    ("KnownDirectivesRule", "{ named @unknown { name } }"),
    ("KnownDirectivesRule", "query @skip(if: true) { named { name } }"),
    ("KnownDirectivesRule", "query ($u: String @skip(if: true)) { sized { size(unit: $u) } }"),
    ("KnownDirectivesRule", "{ named { ...F } } fragment F on Named @skip(if: true) { name }"),
    ("UniqueDirectivesPerLocationRule", "{ named @skip(if: true) @skip(if: false) { name } }"),
    ("DeferStreamDirectiveOnRootField", "mutation { ... @defer { feed(key: {id: 1}) { __typename } } }"),
    ("DeferStreamDirectiveOnValidOperationsRule", "subscription { heard { ... @defer { name } } }"),
    ("DeferStreamDirectiveLabel", "query ($v: String) { named { ... @defer(label: $v) { name } } }"),
    ("StreamDirectiveOnListField", "{ named @stream { name } }"),
    ("KnownArgumentNamesRule", "{ sized { size(in: 1) } }"),
    ("KnownArgumentNamesRule", "{ named @skip(if: true, unless: false) { name } }"),
    ("UniqueArgumentNamesRule", '{ sized { size(unit: "m", unit: "cm") } }'),
    ("ValuesOfCorrectTypeRule", "{ sized { size(unit: 5) } }"),
    ("ValuesOfCorrectTypeRule", "query ($first: Int! = 2.5) { animals(first: $first) { __typename } }"),
    ("ProvidedRequiredArgumentsRule", "{ animals { __typename } }"),
    ("ProvidedRequiredArgumentsRule", "{ named @skip { name } }"),
    ("VariablesInAllowedPositionRule", "query ($v: Int) { animals(first: $v) { __typename } }"),
    ("VariablesInAllowedPositionRule", "query ($v: Int = null) { animals(first: $v) { __typename } }"),
    ("VariablesInAllowedPositionRule", "query ($id: ID) { animal(key: {id: $id}) { __typename } }"),
    ("OverlappingFieldsCanBeMergedRule", "{ named { a: name a: __typename } }"),
    ("OverlappingFieldsCanBeMergedRule", '{ sized { size(unit: "m") size(unit: "cm") } }'),
    ("OverlappingFieldsCanBeMergedRule", "{ animal { ... on Cat { lives } ... on Dog { lives } } }"),
    ("OverlappingFieldsCanBeMergedRule", "{ stone { on { a: on { b: weight } } on { a: on { b: __typename } } } }"),
    ("OverlappingFieldsCanBeMergedRule", "{ named { name name: __typename } }"),
    ("UniqueInputFieldNamesRule", '{ thing(box: {size: LARGE, name: "a", name: "b"}) { __typename } }'),
    ("MaxIntrospectionDepthRule", "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
]
"""For each rule of graphql-core documents of the other schema that break it, and so have to be left to graphql-core."""


class Sample(NamedTuple):
    schema: GraphQLSchema
    text: str
    document: DocumentNode


def breaking(rule: str, text: str) -> Sample:
    return Sample(QUERIES_ONLY if rule == "KnownOperationTypesRule" else OTHER_SCHEMA, text, parsed(text))


def samples(name: str, seed: int, amount: int) -> Iterator[Sample]:
    corpus = CORPORA[name]
    for text, document in islice(documents(corpus, Random(seed)), amount):
        yield Sample(corpus.schema, text, document)


@cache
def few_with_errors(name: str) -> list[tuple[Sample, list[GraphQLError]]]:
    return [(sample, errors_of(sample)) for sample in samples(name, 1, FEW)]


def hostile_sample(name: str) -> Sample:
    return Sample(GRAPHQL_SCHEMA, HOSTILE[name], parsed(HOSTILE[name]))


def errors_of(sample: Sample) -> list[GraphQLError]:
    return validate(sample.schema, sample.document, RULES, max_errors=5)


def is_accepted(sample: Sample, decide: Decide = is_valid_beyond_doubt) -> bool:
    return decide(sample.schema, sample.document, introspection=True)


def is_dear(decide: Decide, sample: Sample) -> bool:
    """Whether it takes more than graphql-core."""
    return calls(partial(decide, introspection=True), sample.schema, sample.document) > calls(
        validate, sample.schema, sample.document
    )


def calls(function: Callable[..., object], *arguments: object) -> int:
    """How many calls of Python functions it takes: a measure of costs that is the same on every machine."""
    events: Counter[str] = Counter()
    sys.setprofile(lambda _frame, event, _argument: events.update([event]))
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return events["call"]


def test_each_rule_of_graphql_core_is_known_here() -> None:
    assert {rule for rule, _ in BREAKS} == {rule.__name__ for rule in specified_rules}


@pytest.mark.parametrize(("rule", "text"), BREAKS)
def test_what_breaks_a_rule_is_left_to_it(rule: str, text: str) -> None:
    sample = breaking(rule, text)
    assert validate(sample.schema, sample.document, [known for known in specified_rules if known.__name__ == rule])
    assert not is_accepted(sample)


@pytest.mark.parametrize("name", OF_REPOSITORY)
def test_documents_as_clients_send_them_are_accepted(name: str) -> None:
    assert is_valid_beyond_doubt(GRAPHQL_SCHEMA, parsed(OF_REPOSITORY[name]))


@pytest.mark.parametrize(
    "text",
    [
        "query A { ...F } query B { ...F } fragment F on Query { named { name } }",
        "query A($u: String!) { ...F } query B($u: String) { ...F } fragment F on Query { sized { size(unit: $u) } }",
        '{ sized { size(unit: "m") ... { size(unit: "m") } } }',
        "query ($first: Int = 3) { animals(first: $first) { __typename } }",
        "query ($box: Box!) { thing(box: {size: LARGE, boxes: [$box, {size: SMALL, inside: $box}]}) { __typename } }",
        "{ thing { ... on Cat { name } ... on Stone { weight } } }",
        "subscription S { fed { ... on Dog { friends { ... on Named { name } } } } }",
    ],
)
def test_so_are_merged_fields_defaults_subscriptions_and_several_operations(text: str) -> None:
    assert is_valid_beyond_doubt(OTHER_SCHEMA, parsed(text))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_decided_as_by_graphql_core_and_cost_less(name: str) -> None:
    sample = hostile_sample(name)
    assert not (is_accepted(sample) and errors_of(sample))
    assert not is_dear(is_valid_beyond_doubt, sample)


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { queryType { name } } }",
        '{ viewer { scopes } ...F } fragment F on Query { a: __type(name: "User") { name } }',
        "query A { viewer { scopes } } query B { ... { __schema { queryType { name } } } }",
    ],
)
def test_without_introspection_no_document_asks_for_the_schema(text: str) -> None:
    assert is_valid_beyond_doubt(GRAPHQL_SCHEMA, parsed(text), introspection=True)
    assert not is_valid_beyond_doubt(GRAPHQL_SCHEMA, parsed(text), introspection=False)
    Documents(introspection=True).find(text)
    with pytest.raises(InvalidDocument, match="introspection has been disabled"):
        Documents(introspection=False).find(text)


@pytest.mark.parametrize("name", CORPORA)
def test_nothing_invalid_is_accepted_and_most_of_what_is_valid(name: str) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    kinds: set[str] = set()
    for sample, errors in few_with_errors(name):
        accepted = is_accepted(sample)
        assert not (accepted and errors), sample.text
        counts["invalid" if errors else "valid", "accepted" if accepted else "doubted"] += 1
        kinds.update(QUOTED.sub("_", error.message) for error in errors)
    assert counts["valid", "accepted"] > ACCEPTED[name] * (counts["valid", "accepted"] + counts["valid", "doubted"])
    assert counts["invalid", "doubted"] > FEW / 2
    assert len(kinds) > KINDS


@pytest.mark.long
@pytest.mark.parametrize("name", CORPORA)
def test_among_very_many_documents_nothing_invalid_is_accepted(name: str) -> None:
    seed = SystemRandom().randrange(2**32)
    for sample in filter(is_accepted, samples(name, seed, MANY)):
        assert errors_of(sample) == [], f"seed {seed}: {sample.text}"


@cache
def invalid() -> list[Sample]:
    """Those that break each rule, and hostile ones. Made-up ones would depend on what the schema happens to have."""
    hostile = (sample for sample in map(hostile_sample, HOSTILE) if errors_of(sample))
    return [*starmap(breaking, BREAKS), *hostile]


@pytest.mark.parametrize("check", FAULTY)
def test_a_check_that_is_left_out_is_found(check: str) -> None:
    assert is_found(FAULTY[check].is_valid_beyond_doubt)


def is_found(decide: Decide) -> bool:
    """Whether it accepts what is invalid, breaks down, or costs too much."""
    try:
        return any(is_accepted(sample, decide) for sample in invalid()) or any(
            is_dear(decide, hostile_sample(name)) for name in HOSTILE
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return True
