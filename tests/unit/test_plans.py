"""What a plan reads, and which plans are kept."""

from typing import Any

import pytest
from graphql import get_variable_values, parse

from registrations.domain.listing import Related
from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.operations.documents import OPERATIONS_KEPT, Document
from registrations.graphql.operations.operation import PLANS_KEPT, Operation, PlanBudget
from registrations.graphql.plans.planning import Plan
from registrations.graphql.plans.queries import QueryPlan
from registrations.graphql.plans.root_fields import RootConnection, RootRecord
from registrations.service.reads import Column


def operation_of(text: str, name: str | None = None) -> Operation:
    operation = Document(parse(text)).operation(name)
    assert operation
    return operation


def plan(operation: Operation, **given: Any) -> Plan:
    variables = operation.variables(given, hide_suggestions=False)
    assert not isinstance(variables, list)
    return operation.plan(variables)


def columns(found: Plan) -> list[Column]:
    """The columns that the only root field reads."""
    assert isinstance(found.root, QueryPlan)
    [(_, field)] = found.root.fields.values()
    if isinstance(field, RootRecord):
        return list(field.records.columns)
    assert isinstance(field, RootConnection)
    return list(field.plan.columns)


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
    assert columns(plan(operation_of(f"{{ registrations {{ {opening} }} }}{fragments}"))) == read


def test_each_setting_of_the_switches_has_a_plan_of_its_own() -> None:
    operation = operation_of(
        "query ($x: Boolean!, $y: Int) { offerings(first: $y) { nodes { id title @skip(if: $x) } } }"
    )
    with_title, without = plan(operation, x=False), plan(operation, x=True)
    assert [len(columns(found)) for found in (with_title, without)] == [1, 0]
    assert plan(operation, x=False, y=7) is with_title


def test_what_has_no_room_among_the_plans_of_its_document_is_planned_anew_and_what_had_stays() -> None:
    switches = [f"x{number}" for number in range(10)]
    fields = " ".join(f"a{name}: totalCount @skip(if: ${name})" for name in switches)
    defined = ", ".join(f"${name}: Boolean!" for name in switches)
    operation = operation_of(f"query ({defined}) {{ offerings {{ __typename {fields} }} }}")
    settings = [
        {name: bool(setting >> bit & 1) for bit, name in enumerate(switches)} for setting in range(2 * PLANS_KEPT)
    ]
    first = [plan(operation, **setting) for setting in settings]
    again = [plan(operation, **setting) for setting in settings]
    kept = [found is same for found, same in zip(first, again, strict=True)]
    assert kept[:15] == [True] * 15
    assert kept[-15:] == [False] * 15
    assert len(operation._plans) == sum(kept) <= PLANS_KEPT


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("{ viewer { scopes user { id } } }", 4),
        ("{ offerings { nodes { id title } } }", 13),
        ("{ offerings { nodes { registrations { totalCount } } } }", 22),
        ('{ node(id: "x") { id ... on Offering { title } } }', 15),  # one of each type, and a title
    ],
)
def test_a_plan_weighs_as_many_fields_as_it_has_and_more_for_those_with_arguments(text: str, weight: int) -> None:
    found = plan(operation_of(text))
    assert found.weight == weight
    assert [PlanBudget(fields).takes(found) for fields in (weight - 1, weight)] == [False, True]


def test_the_operations_of_a_document_share_its_budget() -> None:
    fields = " ".join(f"a{number}: id" for number in range(30))
    names = [f"Q{number}" for number in range(OPERATIONS_KEPT)]
    nodes = "{ registrations { nodes { ...F } edges { node { ...F } } } }"
    fragment = f"fragment F on Registration {{ {fields} user {{ {fields} }} }}"
    document = Document(parse(" ".join(f"query {name} {nodes}" for name in names) + fragment))
    operations = [document.operation(name) for name in names]
    kept = [operation and plan(operation) is plan(operation) for operation in operations]
    assert kept == [True, True, False, False]


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
    assert columns(operation.plan(variables)) == []
