"""Arguments of a field: those that no variable is in are worked out once."""

from collections.abc import Callable
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLField, ValueNode, Visitor, get_argument_values, visit
from graphql.execution.values import VariableValues

from registrations.graphql.compiled.plan import NotCompiled

Convert = Callable[[GraphQLField, dict[str, Any]], dict[str, Any]]
"""From coerced arguments to those that a field's resolver would be called with."""

NO_VARIABLES = VariableValues({}, {})


class Arguments:
    def __init__(self, field: GraphQLField, node: FieldNode, convert: Convert) -> None:
        """Raises `NotCompiled` where graphql-core has something to say about them."""
        varying = {argument.name.value for argument in node.arguments or () if _has_variable(argument.value)}
        self._node = node
        self._convert = convert
        self._varying = _with_arguments(field, {name for name in field.args if name in varying})
        fixed = _with_arguments(field, {name for name in field.args if name not in varying})
        try:
            self._fixed = convert(fixed, get_argument_values(fixed, node, NO_VARIABLES))
        except GraphQLError as error:
            raise NotCompiled from error

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Raises what graphql-core does."""
        if not self._varying.args:
            return self._fixed
        varying = self._convert(self._varying, get_argument_values(self._varying, self._node, variables))
        return {**self._fixed, **varying}


def _with_arguments(field: GraphQLField, names: set[str]) -> GraphQLField:
    arguments = {name: argument for name, argument in field.args.items() if name in names}
    return GraphQLField(field.type, arguments, extensions=field.extensions)


def _has_variable(value: ValueNode) -> bool:
    found = False

    class Variables(Visitor):
        def enter_variable(self, *_: Any) -> None:
            nonlocal found
            found = True

    visit(value, Variables())
    return found
