"""Text of clients, which PostgreSQL has to be able to store."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLArgument, GraphQLInputField, GraphQLInputObjectType, GraphQLString, get_named_type

from tests.support.oracle.client_errors import not_storable


def check_texts(
    given: Mapping[str, Any], types: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField]
) -> None:
    """Raises a client error for the first text among arguments that can't be stored; ids are only looked up."""
    for name, value in given.items():
        _check(name, value, get_named_type(types[name].type))


def _check(name: str, value: Any, type_: object) -> None:
    if isinstance(value, list):
        for item in value:
            _check(name, item, type_)
    elif isinstance(value, dict) and isinstance(type_, GraphQLInputObjectType):
        check_texts(value, type_.fields)
    elif type_ is GraphQLString and value is not None and "\0" in value:
        raise not_storable(name)
