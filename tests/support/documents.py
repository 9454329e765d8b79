"""Documents to validate: of this repository, written after the dice, changed in a token or two, and hostile ones."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from random import Random

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Source,
    TokenKind,
    build_schema,
    get_introspection_query,
    parse,
)
from graphql.language.lexer import Lexer

from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.operations.documents import MAXIMUM_COMMENTS, MAXIMUM_LENGTH, MAXIMUM_TOKENS
from tests.benchmarks import scenarios
from tests.support.queries import written

KINDS_OF_CHANGES = ("rename", "rename as another", "leave out", "repeat", "put in", "put in", "put in")
VERSIONS = 4  # of a document, each changed in another way
ROOT = Path(__file__).parents[2]
TEXTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md")))

OF_REPOSITORY: Mapping[str, str] = {
    **{path.name: path.read_text() for path in sorted((ROOT / "src/graphiql/tabs").glob("*.graphql"))},
    **{
        f"{path.name} {number}": text
        for path in TEXTS
        for number, text in enumerate(re.findall(r"```graphql\n(.*?)```", path.read_text(), re.DOTALL), 1)
    },
    "benchmark list": scenarios.LIST,
    "benchmark filtered": scenarios.FILTERED,
    "benchmark one": scenarios.ONE,
    "benchmark assignGrade": scenarios.ASSIGN_GRADE,
}

GATEWAY = (
    *OF_REPOSITORY.values(),
    get_introspection_query(),
    "query ($name: String!) { viewer { scopes } __type(name: $name) { fields(includeDeprecated: true) { name } } }",
    "{ __schema { directives { args { type { ...T } } } } } fragment T on __Type { kind name ofType { name } }",
    """
    query A($id: ID!, $on: Boolean!, $first: Int) {
      registration(id: $id) { ...F user { id @include(if: $on) } ... on Registration { id } ... on Node { id } }
      registrations(first: $first) { nodes { ...F } }
    }
    fragment F on Registration { id user { id email } offering { ...G } }
    fragment G on Offering { id title course { id } }
    """,
    """
    query B(
      $ids: [ID!]!, $statuses: [RegistrationStatus!] = [ACTIVE], $filter: RegistrationFilterInput,
      $status: RegistrationStatus!, $first: Int = 3, $on: Boolean = true
    ) {
      nodes(ids: $ids) {
        __typename id
        ... on User { id email registrations(first: $first, filter: {status: [$status, PASSED]}) { totalCount } }
        ... on Registration { id status @skip(if: $on) }
      }
      registrations(filter: $filter) { nodes { id } }
      registrations(filter: $filter) { totalCount }
      b: registrations(filter: {status: $statuses}) { totalCount }
    }
    query C { ...H } query D { ... @include(if: true) { ...H } } fragment H on Query { viewer { scopes } }
    """,
    """
    mutation M($input: RegisterUserInput!, $grade: Float!) {
      a: registerUser(input: $input) {
        __typename
        ... on RegisterUserSuccess { registration { id } }
        ... on RegisterUserFailure {
          fieldErrors { ... on FieldError { code message } ... on AlreadyRegistered { registration { id } } }
        }
      }
      assignGrade(input: {registrationId: "x", gradePercentage: $grade}) {
        ... on AssignGradeFailure { fieldErrors { __typename } }
      }
    }
    """,
)

OTHER_SCHEMA = build_schema(
    """
    directive @tag(name: String) repeatable on FIELD | QUERY | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
    directive @stream(initialCount: Int = 0, if: Boolean = true, label: String) on FIELD
    scalar JSON
    enum Size { SMALL LARGE }
    input Box { size: Size! = SMALL, inside: Box, boxes: [Box!], json: JSON, name: String }
    input Key @oneOf { id: ID, name: String }
    interface Named { name: String! }
    interface Sized implements Named { name: String!, size(unit: String = "cm"): Int }
    type Cat implements Named & Sized { name: String!, size(unit: String = "cm"): Int, friend: Animal, lives: Int! }
    type Dog implements Named { name: String!, size: String, friends: [Animal!]!, lives: Int }
    type Stone { weight: Float, on: Stone }
    union Animal = Cat | Dog
    union Thing = Cat | Stone
    type Query {
      animal(key: Key): Animal
      animals(first: Int!, in: [[Box!]!], json: JSON, on: Boolean! = true): [[Animal!]]!
      thing(box: Box! = {name: "x"}): Thing
      named: Named
      sized: [Sized!]
      stone: Stone
    }
    type Mutation { feed(key: Key!, box: Box): [Animal!]! }
    type Subscription { fed(key: Key, box: Box): Animal, heard: Dog, sized(size: Size = LARGE): Sized }
    """
)
"""What the gateway's schema does not have, or not yet: subscriptions, `@oneOf`, unions in lists, lists in lists."""

OTHER = (
    """
    query A($first: Int = 3, $box: Box, $json: JSON, $on: Boolean = false) {
      animals(first: $first, in: [[{size: LARGE, inside: {name: "a"}}], [{boxes: [$box2, {json: 1}]}]], json: $json) {
        ... on Named { name } ... on Cat { lives friend { __typename ...F } } ... on Dog { name }
      }
      thing(box: {inside: $box}) { ... on Cat { size size } ... on Stone { on { on { weight @include(if: $on) } } } }
    }
    fragment F on Animal { ... on Dog { friends { ...G } } ...G } fragment G on Named { name }
    """.replace("$box2, ", ""),
    """
    query B($size: Size!, $box: Box!) { thing(box: {size: $size, boxes: [$box]}) { __typename ... on Sized { name } } }
    query C { stone { weight w: weight } named { name ... on Cat { lives } } sized { size(unit: "m") name } }
    """,
    "subscription S($box: Box) { fed(box: $box) { ... on Cat { name } ... on Dog { name } } }",
    "subscription { ...S } fragment S on Subscription { heard { name } }",
    "subscription { __typename }",
    "{ named { a: name b: __typename c: name } }",
    "query ($id: ID) { animal(key: {id: $id}) { __typename } }",
    'query ($box: Box) { thing(box: {size: SMALL, name: "x", inside: {name: "y"}, boxes: []}) { __typename } }',
    '{ animal { ... on Cat { a: lives b: size(unit: "m") size } ... on Dog { c: lives d: size } } }',
    "query Q($on: Boolean! @tag) @tag { named { name ...F @skip(if: $on) } } fragment F on Named @tag { name }",
    "subscription { heard { name friends { ... on Dog { friends { __typename } } } } }",
    "subscription T($size: Size = SMALL) { a: sized(size: $size) { size name } }",
    'query ($id: ID!) { animal(key: {id: $id}) { __typename } b: animal(key: {name: "b"}) { ... on Dog { lives } } }',
    "mutation M { feed(key: {id: 1}) { ... on Named { name } } }",
    'query ($a: Int) { animals(first: 1, json: {a: [$a, "b"]}) { __typename } }',
    "{ animals(first: 1) @stream(initialCount: 1) { ... on Cat { name @tag @tag } } named @skip(if: true) { name } }",
)

PARTS = (
    *("[", "]", "{", "}", "(", ")", "!", "$", "1", "-1", "2.5", '"x"', "null", "true", "[1, null]", "{a: 1}", "[{}]"),
    *(
        "__typename",
        "a: __typename",
        "{ __typename }",
        "{ a: id b: id }",
        "{ id }",
        "id",
        "a: id",
        "...F",
        "...Missing",
    ),
    *(
        "query A { __typename }",
        "query { a: __typename }",
        "mutation",
        "subscription",
        "scalar X",
        "extend type Query @x",
    ),
    *("fragment F on Query { __typename }", "fragment X on Query { __typename ...X }", "... on Query { __typename }"),
    *("__schema { types { name } }", '__type(name: "Query") { fields { type { fields { name } } } }'),
    *("@skip(if: true)", "@include(if: true) @include(if: false)", "@skip(if: $on)", "@defer", "@deprecated"),
    *("(if: true)", "(first: 1)", "(first: $first)", "first: 1", 'name: "x"', "$id", "$first", "$on: Boolean!"),
    *("$id: ID", "$first: Int = 1", "$v: Boolean = null", ": Int!", ": [ID!]!", "= 5", "= null"),
)


@dataclass(frozen=True)
class Corpus:
    """A schema, documents for it, and parts that are put into them."""

    schema: GraphQLSchema
    texts: Sequence[str]
    parts: Sequence[str]


CORPORA: Mapping[str, Corpus] = {
    "gateway": Corpus(
        GRAPHQL_SCHEMA,
        GATEWAY,
        (
            *PARTS,
            *("... on Registration { id }", "... on Node { id }", "fragment X on User { id }", "viewer { scopes }"),
            *(
                "filter: {status: [ACTIVE]}",
                "user { a: id }",
                "user { id: email }",
                "registrations(first: 2) { nodes { id } }",
            ),
        ),
    ),
    "other": Corpus(
        OTHER_SCHEMA,
        OTHER,
        (
            *PARTS,
            *(
                "@tag",
                "@tag @tag",
                "@stream",
                "... on Cat { name }",
                "stone { weight }",
                "size: LARGE",
                "json: {a: $first}",
            ),
            *(
                '(unit: "m")',
                "subscription S { heard { name } }",
                "heard { name }",
                "on { weight }",
                'name: "x", name: "y"',
            ),
        ),
    ),
}


def documents(corpus: Corpus, dice: Random) -> Iterator[tuple[str, DocumentNode]]:
    """Without end: documents as text and parsed, most of them of the corpus with something changed at random."""
    names = sorted(set(_names(corpus.schema)))
    while True:
        is_new = corpus.schema is GRAPHQL_SCHEMA and dice.random() < 0.4
        tokens = _tokens(written(dice).document if is_new else dice.choice(corpus.texts))
        for _ in range(VERSIONS):
            text = " ".join(_changed(tokens, names, corpus.parts, dice) if dice.random() < 0.9 else tokens)
            with suppress(GraphQLError):
                yield text, parsed(text)


def parsed(text: str) -> DocumentNode:
    """The document as the gateway parses it. Raises `GraphQLError`."""
    return parse(
        text, max_source_length=MAXIMUM_LENGTH, max_lexical_tokens=MAXIMUM_TOKENS, max_comments=MAXIMUM_COMMENTS
    )


def _one_name(amount: int) -> str:
    return "{ viewer {" + " scopes" * amount + "} }"


def _one_name_with_arguments(amount: int) -> str:
    return "{" + " registrations(first: 1) { totalCount }" * (amount // 2) + "}"


def _spreads_of_one_fragment(amount: int) -> str:
    return "{ viewer {" + " ...F" * amount + " } } fragment F on Viewer { scopes }"


def _spreads_of_a_long_fragment(amount: int) -> str:
    ids = ", ".join(['"x"'] * amount)
    return "{" + " ...F" * 40 + f" }} fragment F on Query {{ nodes(ids: [{ids}]) {{ id }} }}"


def _spreads_of_many_fragments(amount: int) -> str:
    fragments = [f"fragment F{number} on Viewer {{ a{number}: scopes }}" for number in range(amount // 2)]
    return "{ viewer {" + " ".join(f"...F{number}" for number in range(amount // 2)) + " } }" + "\n".join(fragments)


def _exponential_spreads(amount: int) -> str:
    fragments = [f"fragment F{n} on Query {{ ...F{m} ...F{m} }}" for n, m in pairwise(range(min(amount, 80)))]
    return "\n".join(["{ ...F0 }", *fragments, f"fragment F{len(fragments)} on Query {{ viewer {{ scopes }} }}"])


def _circle(amount: int) -> str:
    names = [f"F{number}" for number in range(min(amount, 80))]
    fragments = (f"fragment {name} on Query {{ ...{following} }}" for name, following in pairwise([*names, "F0"]))
    return "\n".join(["{ ...F0 }", *fragments])


def _deep(amount: int) -> str:
    return "{ viewer" + " { ... on Viewer" * (amount // 2) + " { scopes" + " }" * (amount // 2) + " } }"


def _deep_by_fragments(amount: int) -> str:
    inside, ends, count = "... { " * 13, " }" * 13, amount // 5
    fragments = [f"fragment F{n} on Query {{ {inside}...F{m}{ends} }}" for n, m in pairwise(range(count))]
    return "\n".join(["{ ...F0 }", *fragments, f"fragment F{count - 1} on Query {{ viewer {{ scopes }} }}"])


def _names(schema: GraphQLSchema) -> Iterator[str]:
    yield from (
        "skip",
        "include",
        "if",
        "on",
        "true",
        "false",
        "null",
        "query",
        "mutation",
        "subscription",
        "fragment",
        "x",
    )
    for type_ in schema.type_map.values():
        yield type_.name
        yield from getattr(type_, "values", ())
        for name, field in getattr(type_, "fields", {}).items():
            yield name
            yield from getattr(field, "args", ())


def _changed(tokens: Sequence[str], names: Sequence[str], parts: Sequence[str], dice: Random) -> list[str]:
    changed = list(tokens)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        _change(changed, names, parts, dice)
    return changed


def _change(tokens: list[str], names: Sequence[str], parts: Sequence[str], dice: Random) -> None:
    place, other = dice.randrange(len(tokens)), dice.randrange(len(tokens))
    named = [index for index, token in enumerate(tokens) if token[0].isalpha()]
    match dice.choice(KINDS_OF_CHANGES):
        case "rename" if named:
            tokens[dice.choice(named)] = dice.choice(names)
        case "rename as another" if named:
            tokens[dice.choice(named)] = tokens[dice.choice(named)]
        case "leave out" if len(tokens) > 3:
            del tokens[place : place + dice.choice((1, 1, 1, 2, 3))]
        case "repeat":
            tokens[other:other] = tokens[place : place + dice.randint(1, 8)]
        case _:
            tokens[place:place] = _tokens(dice.choice(parts))


@lru_cache(1_000)
def _tokens(text: str) -> tuple[str, ...]:
    lexer, tokens = Lexer(Source(text)), list[str]()
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        tokens.append(text[token.start : token.end])
    return tuple(tokens)


def _hostile() -> Iterator[tuple[str, str]]:
    kinds = (
        _one_name, _one_name_with_arguments, _spreads_of_one_fragment, _spreads_of_a_long_fragment,
        _spreads_of_many_fragments, _exponential_spreads, _circle, _deep, _deep_by_fragments,
    )  # fmt: skip
    for kind in kinds:
        for amount in (20, 49, 51, 98, 300):
            text = kind(amount)
            if len(_tokens(text)) <= MAXIMUM_TOKENS:
                yield f"{amount}{kind.__name__}", text


HOSTILE: Mapping[str, str] = dict(_hostile())
"""Documents of the gateway's schema that are made to be dear, or deep."""
