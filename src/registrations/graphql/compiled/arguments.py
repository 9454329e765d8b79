"""Arguments of a field: those that no variable is in are worked out once."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLScalarType,
    Undefined,
    ValueNode,
    VariableNode,
    Visitor,
    get_argument_values,
    get_nullable_type,
    is_non_null_type,
    visit,
)
from graphql.execution.values import VariableValues

from registrations.graphql.compiled.plan import NotCompiled

Convert = Callable[[GraphQLField, dict[str, Any]], dict[str, Any]]
"""From coerced arguments to those that a field's resolver would be called with."""

NO_VARIABLES = VariableValues({}, {})


class Taken(NamedTuple):
    """An argument that is a variable, whose value is taken as it is."""

    name: str
    variable: str
    may_be_null: bool


class Arguments:
    def __init__(self, field: GraphQLField, node: FieldNode, convert: Convert) -> None:
        """Raises `NotCompiled` where graphql-core has something to say about them."""
        written = {argument.name.value: argument.value for argument in node.arguments or ()}
        varying = {name: value for name, value in written.items() if _has_variable(value)}
        taken = {name: _taken(field, name, value, convert) for name, value in varying.items()}
        self._node = node
        self._convert = convert
        self._taken = [argument for argument in taken.values() if argument]
        self._varying = _with_arguments(field, varying.keys())
        self._others = _with_arguments(field, {name for name, argument in taken.items() if not argument})
        fixed = _with_arguments(field, field.args.keys() - varying.keys())
        try:
            self._fixed = self._given(fixed, NO_VARIABLES)
        except GraphQLError as error:
            raise NotCompiled from error

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Raises what graphql-core does."""
        values = self._fixed.copy()
        for name, variable, may_be_null in self._taken:
            value = variables.coerced.get(variable, Undefined)
            if value is Undefined or (value is None and not may_be_null):
                return {**self._fixed, **self._given(self._varying, variables)}
            values[name] = value
        if self._others.args:
            values |= self._given(self._others, variables)
        return values

    def _given(self, field: GraphQLField, variables: VariableValues) -> dict[str, Any]:
        return self._convert(field, get_argument_values(field, self._node, variables))


def _taken(field: GraphQLField, name: str, value: ValueNode, convert: Convert) -> Taken | None:
    type_ = field.args[name].type
    if not isinstance(value, VariableNode) or not isinstance(get_nullable_type(type_), GraphQLScalarType):
        return None
    anything = object()
    [(python_name, converted)] = convert(_with_arguments(field, {name}), {name: anything}).items()
    return Taken(python_name, value.name.value, not is_non_null_type(type_)) if converted is anything else None


def _with_arguments(field: GraphQLField, names: Collection[str]) -> GraphQLField:
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
