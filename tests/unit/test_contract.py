"""What the contract says in a second place, compared with the first one."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pkgutil import iter_modules
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLUnionType,
    get_named_type,
)

from registrations.domain import problems, records
from registrations.graphql.contract import mutations
from registrations.graphql.contract.lists.inputs import Conditions
from registrations.graphql.contract.mutations.mutation import MutationField
from registrations.graphql.contract.schema import GRAPHQL_SCHEMA, MUTATIONS
from registrations.graphql.contract.sources import DEFINITION, NoSource, bind_sources, field_from
from registrations.graphql.contract.types.node import Node
from registrations.graphql.plans.fields import SOURCE, ColumnField, RecordById
from registrations.service.reads import KINDS
from tests.support.samples import CONNECTIONS


def possible_types(name: str) -> set[str]:
    abstract = GRAPHQL_SCHEMA.type_map[name]
    assert isinstance(abstract, GraphQLInterfaceType | GraphQLUnionType)
    return {type_.name for type_ in GRAPHQL_SCHEMA.get_possible_types(abstract)}


def members(mutation: MutationField) -> Iterator[str]:
    """The types of the field errors that the mutation may be refused with."""
    failure: Any = GRAPHQL_SCHEMA.type_map[mutation.failure.__name__]
    return (type_.name for type_ in get_named_type(failure.fields["fieldErrors"].type).types)


def test_every_problem_of_the_domain_has_a_type_of_its_name() -> None:
    assert possible_types("FieldError") == {problem.__name__ for problem in problems.Problem.__subclasses__()}


def test_clients_read_of_each_name_that_the_field_at_fault_may_have() -> None:
    error: Any = GRAPHQL_SCHEMA.type_map["FieldError"]
    named = re.findall(r"`(\w+)`", error.fields["field"].description.partition(":")[2])
    assert sorted(named) == sorted({problem.field for problem in problems.Problem.__subclasses__()})


def test_every_kind_of_record_is_a_node() -> None:
    assert possible_types("Node") == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_each_column_of_a_record_is_shown_or_leads_to_a_record(kind: str) -> None:
    type_: Any = GRAPHQL_SCHEMA.type_map[kind]
    sources = [field.extensions[SOURCE] for field in type_.fields.values()]
    shown = {source.column for source in sources if isinstance(source, ColumnField) and source.of is None}
    columns = {column.name for column in fields(KINDS[kind])}
    assert {name for name in columns - shown if not name.endswith("_id")} == set(), f"declare them in the type {kind}"


def inputs_among(type_: Any) -> set[str]:
    """The input types that a value of the type may have in it, itself among them."""
    if not isinstance(named := get_named_type(type_), GraphQLInputObjectType):
        return set()
    return {named.name}.union(*(inputs_among(field.type) for field in named.fields.values()))


FILTERS: dict[str, type[Conditions]] = {
    name: GRAPHQL_SCHEMA.type_map[name].extensions[DEFINITION].origin
    for field in CONNECTIONS.values()
    for name in sorted(inputs_among(field.args["filter"].type))
}
"""The inputs of conditions."""


@pytest.mark.parametrize("name", FILTERS)
def test_an_input_has_the_fields_of_the_domains_type(name: str) -> None:
    input_type: Any = FILTERS[name]
    assert [field.name for field in fields(input_type)] == [field.name for field in fields(input_type.asks)]


@pytest.mark.parametrize(
    "enum",
    [
        records.Status,
        *(fields for fields in records.ORDER_FIELDS.values() if fields.__name__ in GRAPHQL_SCHEMA.type_map),
    ],
)
def test_each_value_of_an_enum_of_the_domain_is_described(enum: Any) -> None:
    shown = GRAPHQL_SCHEMA.type_map[enum.__strawberry_definition__.name]
    assert isinstance(shown, GraphQLEnumType)
    assert [name for name, value in shown.values.items() if not value.description] == []
    assert list(shown.values) == [value.name for value in enum]


def test_every_module_of_mutations_ends_in_one_that_the_schema_has() -> None:
    modules = {module.name for module in iter_modules(mutations.__path__)} - {"mutation"}
    assert modules == {mutation.change.__module__.rpartition(".")[2] for mutation in MUTATIONS}, "add it to MUTATIONS"


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: str(mutation.name))
def test_the_outcome_of_a_mutation_is_its_success_or_its_failure(mutation: MutationField) -> None:
    field = GRAPHQL_SCHEMA.mutation_type and GRAPHQL_SCHEMA.mutation_type.fields[mutation.name]
    assert field
    assert possible_types(get_named_type(field.type).name) == {mutation.success.__name__, mutation.failure.__name__}
    assert set(members(mutation)) <= possible_types("FieldError")


def test_a_field_error_belongs_to_some_mutation() -> None:
    assert {name for mutation in MUTATIONS for name in members(mutation)} == possible_types("FieldError")


def test_a_field_without_a_source_is_named() -> None:
    @strawberry.type
    class Course(Node):
        length: int

    @strawberry.type
    class Query:
        course: Course = field_from(RecordById(records.Course), "A course.")

    with pytest.raises(NoSource, match=r"Course\.length has no source"):
        bind_sources(strawberry.Schema(Query))
