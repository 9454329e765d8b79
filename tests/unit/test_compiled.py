"""Which documents are kept, which operations have plans, and what those read."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_variable_values, parse

from registrations.domain.listing import Related
from registrations.graphql.bindings import ROOTS, read_viewer
from registrations.graphql.compiled.bindings import One, Root
from registrations.graphql.compiled.cache import SegmentedLRU
from registrations.graphql.compiled.changing import ChangePlan
from registrations.graphql.compiled.plan import Room
from registrations.graphql.compiled.reading import Plan, compile_query
from registrations.graphql.compiled.roots import ConnectionField, RecordField
from registrations.graphql.documents import DOCUMENTS_KEPT, OPERATIONS_KEPT, Document, Documents, InvalidDocument
from registrations.graphql.operations import PLANS_KEPT, Operation
from registrations.graphql.schema import GRAPHQL_SCHEMA, python_arguments
from registrations.service.reads import Column

EJECT = 'ejectRegistration(input: {registrationId: "x"})'


def plan(operation: Operation, **given: Any) -> Plan | None:
    variables = operation.variables(given)
    assert not isinstance(variables, list)
    found = operation.plan(variables)
    assert not isinstance(found, ChangePlan)
    return found


def operation_of(text: str, name: str | None = None) -> Operation:
    operation = Document(parse(text)).operation(name)
    assert operation
    return operation


def plan_of(text: str, **given: Any) -> Plan | None:
    return plan(operation_of(text), **given)


def columns(found: Plan | None) -> list[Column]:
    """The columns that the only root field reads."""
    assert found
    [field] = found.fields.values()
    assert isinstance(field, RecordField | ConnectionField)
    return list(field.columns)


def test_what_is_used_once_pushes_out_only_what_was_used_once() -> None:
    values = SegmentedLRU[int](2, 1_000)
    for number in range(10):
        values.put(f"used {number}", number)
        assert values.get(f"used {number}") == number
    for number in range(10):
        values.put(f"once {number}", number)
    kept = [key for key in (f"{kind} {number}" for kind in ("used", "once") for number in range(10)) if values.get(key)]
    assert kept == ["used 8", "used 9", "once 8", "once 9"]


def test_of_what_is_used_again_what_was_not_for_longest_goes() -> None:
    values = SegmentedLRU[int](2, 1_000)
    for key in ("a", "b", "a", "c"):
        if values.get(key) is None:
            values.put(key, 1)
            values.get(key)
    assert [values.get(key) for key in ("a", "b", "c")] == [1, None, 1]


def test_documents_are_known_when_they_come_again_however_many_others_came_once() -> None:
    documents = Documents(introspection=True)
    assert [documents.find("{ __typename }")[1] for _ in range(2)] == [False, True]
    for number in range(2 * DOCUMENTS_KEPT):
        documents.find(f"{{ a{number}: __typename }}")
    assert documents.find("{ __typename }")[1]


def test_a_refusal_that_is_kept_holds_nothing_of_those_who_were_refused() -> None:
    documents = Documents(introspection=True)
    refusals = []
    for _ in range(3):
        with pytest.raises(InvalidDocument) as refused:
            documents.find("{ nothing }")
        refusals.append(refused.value)
    assert len({id(refusal) for refusal in refusals}) == 3
    assert refusals[0].errors == refusals[2].errors


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { queryType { name } } }",
        "{ offerings { nodes { id } } __schema { queryType { name } } }",
        '{ nodes(ids: ["x"]) { id } viewer { scopes } }',  # if one is null, all is
        "{ viewer { user { id } again: user { email } } }",  # that loaders read once
        "{ registrations { nodes { user { registrations { totalCount } } grader { registrations { totalCount } } } } }",
        f"mutation {{ {EJECT} {{ ... on EjectRegistrationSuccess {{ query {{ __typename }} }} }} }}",
        f"mutation {{ {EJECT} {{ ... on EjectRegistrationSuccess {{ registration {{ title }} }} }} }}",
        f"mutation {{ a: {EJECT} {{ __typename }} b: {EJECT} {{ __typename }} }}",
        "query @skip(if: true) { offerings { totalCount } }",
        "{ offerings @unknown { totalCount } }",
        "{ offerings @skip(if: true) { totalCount } }",  # nothing is left
    ],
)
def test_there_is_no_plan_for(text: str) -> None:
    assert plan_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "{ __typename }",
        "{ __typename offerings { totalCount } viewer { scopes user { id } } }",
        '{ user(id: "x") { registrations { nodes { offering { registrations { totalCount } } } } } }',
        '{ offering(id: "x") { few: registrations(first: 1) { totalCount } registrations { totalCount } } }',
        "{ registrations { edges { node { user { registrations { totalCount } } } } } }",
        "{ offerings { nodes { registrations { totalCount } first: registrations(first: 1) { nodes { id } } } } }",
        "query ($x: RegistrationFilterInput) { viewer { user { registrations(filter: $x) { totalCount } } } }",
        '{ node(id: "x") { id ... on User { registrations { totalCount } } ... on Course { title } } }',
        '{ __typename nodes(ids: ["x"]) { ... on Node { id } ... on Registration { user { id } } } }',
    ],
)
def test_there_is_a_plan_for(text: str) -> None:
    assert plan_of(text)


@pytest.mark.parametrize("bound", [{}, {"viewer": One({}, read_viewer)}])
def test_there_is_no_plan_for_a_field_without_a_binding(bound: dict[str, Root]) -> None:
    document = parse("{ viewer { scopes } }")
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert compile_query(GRAPHQL_SCHEMA, bound, python_arguments, document, operation, {}, Room(10)) is None
    assert compile_query(GRAPHQL_SCHEMA, ROOTS, python_arguments, document, operation, {}, Room(10))


def test_there_is_no_plan_for_a_switch_that_is_null() -> None:
    text = "query ($x: Boolean = true) { offerings { totalCount nodes @include(if: $x) { id } } }"
    assert plan_of(text, x=None) is None
    assert plan_of(text) is not None


@pytest.mark.parametrize(
    ("selection", "read"),
    [
        ("totalCount pageInfo { hasNextPage endCursor }", []),
        ("nodes { __typename }", []),
        ("nodes { id id again: id } edges { cursor node { id } }", []),  # every row has its id
        ("nodes { ...A ...A ... on Node { id } } } } fragment A on Registration { title: status", [Column("status")]),
        ("nodes { title }", [Column("title", Related.OFFERING)]),
        ("nodes { viewerCanEject viewerCanAssignGrade }", [Column("status")]),
        ("nodes { user { email } }", [Column("email", Related.USER)]),
        ("nodes { grader { email } }", [Column("grader_id"), Column("email", Related.GRADER)]),
        ("nodes { offering { course { id title } } }", [Column("id", Related.COURSE), Column("title", Related.COURSE)]),
        ("nodes { user { registrations { nodes { title } } } }", [Column("id", Related.USER)]),
        ("nodes { id email: status @skip(if: true) ... @include(if: false) { user { id } } }", []),
    ],
)  # fmt: skip
def test_only_what_is_selected_is_read(selection: str, read: list[Column]) -> None:
    opening, _, rest = selection.partition(" } } fragment")
    fragments = f" fragment{rest} }}" if rest else ""
    assert columns(plan_of(f"{{ registrations {{ {opening} }} }}{fragments}")) == read


def test_each_setting_of_the_switches_has_a_plan_of_its_own() -> None:
    operation = operation_of(
        "query ($x: Boolean!, $y: Int) { offerings(first: $y) { nodes { id title @skip(if: $x) } } }"
    )
    with_title, without = plan(operation, x=False), plan(operation, x=True)
    assert [len(columns(found)) for found in (with_title, without)] == [1, 0]
    assert plan(operation, x=False, y=7) is with_title


def test_what_has_no_room_among_the_plans_of_its_document_is_executed_and_what_had_stays() -> None:
    switches = [f"x{number}" for number in range(10)]
    fields = " ".join(f"a{name}: totalCount @skip(if: ${name})" for name in switches)
    defined = ", ".join(f"${name}: Boolean!" for name in switches)
    operation = operation_of(f"query ({defined}) {{ offerings {{ __typename {fields} }} }}")
    settings = [
        {name: bool(setting >> bit & 1) for bit, name in enumerate(switches)} for setting in range(2 * PLANS_KEPT)
    ]
    planned = [plan(operation, **setting) for setting in settings]
    assert None not in planned[:15]
    assert set(planned[40:]) == {None}
    assert [plan(operation, **setting) for setting in settings] == planned
    assert len(operation._plans) == PLANS_KEPT


def test_fields_have_room_and_those_with_arguments_need_more_of_it() -> None:
    def planned(text: str, fields: int) -> bool:
        document = parse(text)
        [operation] = document.definitions
        assert isinstance(operation, OperationDefinitionNode)
        return bool(compile_query(GRAPHQL_SCHEMA, ROOTS, python_arguments, document, operation, {}, Room(fields)))

    for text, fields in (
        ("{ viewer { scopes user { id } } }", 4),
        ("{ offerings { nodes { id title } } }", 13),
        ("{ offerings { nodes { registrations { totalCount } } } }", 22),
        ('{ node(id: "x") { id ... on Offering { title } } }', 15),  # one of each type, and a title
    ):
        assert [planned(text, room) for room in (fields - 1, fields)] == [False, True], text


def test_the_operations_of_a_document_share_its_room() -> None:
    fields = " ".join(f"a{number}: id" for number in range(30))
    names = [f"Q{number}" for number in range(OPERATIONS_KEPT)]
    nodes = "{ registrations { nodes { ...F } edges { node { ...F } } } }"
    fragment = f"fragment F on Registration {{ {fields} user {{ {fields} }} }}"
    document = Document(parse(" ".join(f"query {name} {nodes}" for name in names) + fragment))
    operations = [document.operation(name) for name in names]
    assert [operation and plan(operation) is not None for operation in operations] == [True, True, False, False]


def test_a_document_keeps_a_bounded_number_of_operations() -> None:
    names = [f"Q{number}" for number in range(2 * OPERATIONS_KEPT)]
    document = Document(parse(" ".join(f"query {name} {{ viewer {{ scopes }} }}" for name in names)))
    for name in names:
        assert document.operation(name) is document.operation(name)
        assert len(document._operations) <= OPERATIONS_KEPT
    assert document.operation(None) is None
    assert document.operation("Other") is None


@pytest.mark.parametrize("value", [["x"], {"title": "x"}, 1, "x", None])
def test_a_variable_of_another_operation_is_no_switch_whatever_it_is(value: Any) -> None:
    operation = operation_of(
        "query Q($x: OfferingFilterInput) { offerings(filter: $x) { totalCount } }"
        "query Other($x: Boolean!) { offerings @skip(if: $x) { totalCount } }",
        "Q",
    )
    variables = get_variable_values(GRAPHQL_SCHEMA, (), {})
    assert not isinstance(variables, list)
    variables.coerced["x"] = value
    assert operation.plan(variables)


def test_documents_are_kept_up_to_so_many_characters() -> None:
    values = SegmentedLRU[int](100, 10)
    for key in ("aaaa", "bbbb", "cccc", "d" * 20):
        values.put(key, 1)
        assert values.get(key) == 1
    assert [values.get(key) for key in ("aaaa", "bbbb", "cccc", "d" * 20)] == [None, None, None, 1]
