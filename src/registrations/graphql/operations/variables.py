"""Values of variables, coerced by types that are looked up once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_nullable_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities import coerce_input_value


class Variable(NamedTuple):
    """`scalar` is its type where that is a scalar, null or not. Without a value, it may take more to find one."""

    signature: GraphQLVariableSignature
    scalar: GraphQLScalarType | None
    needs_value: bool

    def coerce(self, value: Any) -> Any:
        if self.scalar is None or value is None:
            return coerce_input_value(value, self.signature.type)
        try:
            return self.scalar.coerce_input_value(value)
        except Exception:  # as there
            return Undefined


class Variables:
    """The variables of an operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._variables: dict[str, Variable | None] = {}
        for definition in operation.variable_definitions or ():
            name = definition.variable.name.value
            self._variables[name] = _variable(schema, definition)

    def coerce(self, inputs: Mapping[str, Any]) -> VariableValues | None:
        """What graphql-core would make of the values; None where it has more to say of them."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for name, variable in self._variables.items():
            if variable is None:
                return None
            value = inputs.get(name, Undefined)
            sources[name] = VariableValueSource(variable.signature, value)
            if value is not Undefined:
                coerced[name] = known = variable.coerce(value)
                if known is Undefined:
                    return None
            elif variable.needs_value:
                return None
        return VariableValues(sources, coerced)


def _variable(schema: GraphQLSchema, definition: VariableDefinitionNode) -> Variable | None:
    signature = get_variable_signature(schema, definition)
    if isinstance(signature, GraphQLError):
        return None
    type_ = get_nullable_type(signature.type)
    scalar = type_ if isinstance(type_, GraphQLScalarType) else None
    return Variable(signature, scalar, definition.default_value is not None or is_non_null_type(signature.type))
