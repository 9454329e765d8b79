"""The contract as a schema that graphql-core can execute."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

from registrations.graphql.contract.scalars import parse_instant, write_instant
from tests.support.oracle.resolvers import RESOLVERS, Info, Resolver, attribute, type_name
from tests.support.oracle.texts import check_texts

CONTRACT = Path(__file__).parents[3] / "schema.graphql"


def executable(contract: str) -> GraphQLSchema:
    """The schema that the text describes, with a resolver for each field."""
    schema = build_schema(contract)
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            type_.resolve_type = type_name
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            resolvers = _resolvers(type_)
            for name, field in type_.fields.items():
                field.resolve = _with_texts_checked(field, resolvers.get(name, attribute))
    instant = schema.type_map["DateTime"]
    assert isinstance(instant, GraphQLScalarType)
    instant.coerce_input_value, instant.coerce_output_value = parse_instant, write_instant
    return schema


def _with_texts_checked(field: GraphQLField, resolver: Resolver) -> Resolver:
    if not field.args or resolver is attribute:  # which takes no arguments
        return resolver

    def resolve(source: Any, info: Info, **arguments: Any) -> Any:
        check_texts(arguments, field.args)
        return resolver(source, info, **arguments)

    return resolve


def _resolvers(type_: GraphQLObjectType) -> Mapping[str, Resolver]:
    """Those of the type, and those of the interfaces that it implements."""
    resolvers = [RESOLVERS.get(named.name, {}) for named in (*type_.interfaces, type_)]
    return {name: resolver for of_type in resolvers for name, resolver in of_type.items()}


SCHEMA = executable(CONTRACT.read_text())
