"""Requests for each root field of the schema, with a value for each of its arguments, by name or else by type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLObjectType,
    OperationType,
    get_named_type,
    get_nullable_type,
)

from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.plans.fields import SOURCE, Connection

BY_TYPE: Mapping[str, Any] = {
    "Boolean": False,
    "DateTime": "2026-05-01T12:00:00.5+02:00",
    "Float": 50,
    "Int": 1,
    "String": "a",
}
NOT_BOTH = {"last", "after", "before"}
"""What `first` does not go with, or what only a page could give: null stands for it, so that there is an answer."""

CONNECTIONS: Mapping[str, GraphQLField] = {
    f"{type_.name}.{name}": field
    for type_ in GRAPHQL_SCHEMA.type_map.values()
    if isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items()
    if isinstance(field.extensions.get(SOURCE), Connection)
}
"""The fields of all types that are pages of lists."""

Ids = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class RootField:
    operation: OperationType
    name: str
    definition: GraphQLField


def root_fields() -> Iterator[RootField]:
    for operation in OperationType:
        if root := GRAPHQL_SCHEMA.get_root_type(operation):
            yield from (RootField(operation, name, definition) for name, definition in root.fields.items())


def request_for(field: RootField, selection: str, ids: Ids) -> tuple[str, dict[str, Any]]:
    """A document with a variable for each argument, and their values."""
    declared = ", ".join(f"${name}: {argument.type}" for name, argument in field.definition.args.items())
    passed = ", ".join(f"{name}: ${name}" for name in field.definition.args)
    call = f"{field.name}({passed})" if passed else field.name
    head = f"{field.operation.value} ({declared})" if declared else field.operation.value
    values = {name: sample(argument.type, name, field, ids) for name, argument in field.definition.args.items()}
    return f"{head} {{ {call} {selection} }}", values


def sample(type_: Any, name: str, field: RootField, ids: Ids) -> Any:
    """A value for an argument or a field of an input. `ids` are by the names of arguments, or of types of records."""
    if name in NOT_BOTH:
        return None
    nullable = get_nullable_type(type_)
    if isinstance(ids.get(name), list):
        return ids[name]
    if isinstance(nullable, GraphQLList):
        return [sample(nullable.of_type, name, field, ids)]
    if isinstance(nullable, GraphQLInputObjectType):
        return {key: sample(inner.type, key, field, ids) for key, inner in nullable.fields.items()}
    if isinstance(nullable, GraphQLEnumType):
        return list(nullable.values)[-1]
    if nullable.name == "ID":
        return ids.get(name) or ids[get_named_type(field.definition.type).name.removesuffix("Connection")]
    return BY_TYPE[nullable.name]


def is_list(field: RootField) -> bool:
    named: Any = get_named_type(field.definition.type)
    return "pageInfo" in getattr(named, "fields", {})
