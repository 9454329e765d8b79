"""Values of variables, coerced by types that are looked up once."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, Undefined, is_non_null_type
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities import coerce_input_value


class Variables:
    """The variables of an operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._signatures = [
            (get_variable_signature(schema, definition), definition.default_value is not None)
            for definition in operation.variable_definitions or ()
        ]

    def coerce(self, inputs: Mapping[str, Any]) -> VariableValues | None:
        """What graphql-core would make of the values; None where it has more to say of them."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, has_default in self._signatures:
            if isinstance(signature, GraphQLError):
                return None
            value = inputs.get(signature.name, Undefined)
            sources[signature.name] = VariableValueSource(signature, value)
            if value is not Undefined:
                coerced[signature.name] = known = coerce_input_value(value, signature.type)
                if known is Undefined:
                    return None
            elif has_default or is_non_null_type(signature.type):
                return None
        return VariableValues(sources, coerced)
