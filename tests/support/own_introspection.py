"""graphql-core's introspection without what Strawberry does to it."""

from graphql import assert_object_type, introspection_types
from graphql.type.introspection import TypeFields


def use_own_introspection() -> None:
    """Takes back what each schema that Strawberry makes does: a resolver that raises for types that wrap others."""
    assert_object_type(introspection_types["__Type"]).fields["isOneOf"].resolve = TypeFields.is_one_of
