"""What the contract says in a second place, compared with the first one."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
import strawberry
from graphql import GraphQLInterfaceType, GraphQLUnionType, get_named_type

from registrations.domain import problems, records
from registrations.graphql.contract.filters import FILTERS, RegistrationOrderField
from registrations.graphql.contract.mutations.mutation import MutationField
from registrations.graphql.contract.schema import GRAPHQL_SCHEMA, MUTATIONS
from registrations.graphql.contract.sources import NoSource, bind_sources, field_from
from registrations.graphql.contract.types.node import Node
from registrations.graphql.contract.types.status import RegistrationStatus
from registrations.graphql.plans.fields import RecordById
from registrations.service.reads import KINDS


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


def test_every_kind_of_record_is_a_node() -> None:
    assert possible_types("Node") == KINDS.keys()


@pytest.mark.parametrize("input_type", FILTERS, ids=lambda input_type: str(input_type.__name__))
def test_an_input_has_the_fields_of_the_domains_type(input_type: type[Any]) -> None:
    assert [field.name for field in fields(input_type)] == [field.name for field in fields(FILTERS[input_type])]


@pytest.mark.parametrize(
    ("shown", "meant"),
    [(RegistrationOrderField, records.RegistrationOrderField), (RegistrationStatus, records.Status)],
)
def test_an_enum_has_the_values_of_the_domains_type(shown: Any, meant: Any) -> None:
    assert [value.name for value in shown] == [value.name for value in meant]


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
