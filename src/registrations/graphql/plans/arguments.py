"""Arguments of a field: what no variable is in is converted once for a plan, the rest once for a run."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from graphql import (
    GraphQLField,
    GraphQLScalarType,
    GraphQLString,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_argument_values,
    get_nullable_type,
    is_non_null_type,
)
from graphql.execution.values import VariableValues

from registrations.graphql.plans.selection import Selected
from registrations.graphql.text import check_storable

CONVERT = "convert"
"""The key, among the extensions of a field's definition, of what converts coerced arguments to a function's."""

NO_VARIABLES = VariableValues({}, {})


class ScalarVariable(NamedTuple):
    """An argument whose value is that of a variable, without any conversion."""

    name: str
    variable: str
    may_be_null: bool
    is_text: bool


class Arguments:
    """The arguments that a field is given in an operation."""

    def __init__(self, selected: Selected) -> None:
        self._field, self._node = selected.definition, selected.nodes[0]
        self._convert: Callable[[dict[str, Any]], dict[str, Any]] = self._field.extensions[CONVERT]
        written = {argument.name.value: argument.value for argument in self._node.arguments or ()}
        varying = {name: value for name, value in written.items() if _has_variable(value)}
        scalars = {name: self._scalar_variable(name, value) for name, value in varying.items()}
        self._scalars = [scalar for scalar in scalars.values() if scalar]
        self._varying = self._only(varying)
        self._others = self._only({name for name, scalar in scalars.items() if not scalar})
        self._fixed: dict[str, Any] | None = None

    @property
    def vary(self) -> bool:
        return bool(self._varying.args)

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Those that the field's function is called with. Raises `GraphQLError`."""
        if self._fixed is None:
            self._fixed = self._given(self._only(self._field.args.keys() - self._varying.args), NO_VARIABLES)
        values = self._fixed.copy()
        for name, variable, may_be_null, is_text in self._scalars:
            value = variables.coerced.get(variable, Undefined)
            if value is Undefined or (value is None and not may_be_null):
                return {**self._fixed, **self._given(self._varying, variables)}
            if is_text and value is not None:
                check_storable(value, name)
            values[name] = value
        if self._others.args:
            values |= self._given(self._others, variables)
        return values

    def _given(self, field: GraphQLField, variables: VariableValues) -> dict[str, Any]:
        return self._convert(get_argument_values(field, self._node, variables))

    def _only(self, names: Collection[str]) -> GraphQLField:
        return GraphQLField(self._field.type, {name: of for name, of in self._field.args.items() if name in names})

    def _scalar_variable(self, name: str, value: ValueNode) -> ScalarVariable | None:
        type_ = self._field.args[name].type
        scalar = get_nullable_type(type_)
        if not isinstance(value, VariableNode) or not isinstance(scalar, GraphQLScalarType):
            return None
        anything = object()
        [(python_name, converted)] = self._convert({name: anything}).items()
        if converted is not anything:
            return None
        return ScalarVariable(python_name, value.name.value, not is_non_null_type(type_), scalar is GraphQLString)


class Asked:
    """What the source of a field makes of its arguments, such as the query of a list."""

    def __init__(self, selected: Selected) -> None:
        self._arguments = Arguments(selected)
        self._function: Callable[..., Any] = selected.source.arguments
        self._known: tuple[Any] | None = None

    def __call__(self, variables: VariableValues) -> Any:
        """Raises a client error for arguments that ask for nothing that there could be."""
        if self._known is None:
            asked = self._function(**self._arguments.values(variables))
            if self._arguments.vary:
                return asked
            self._known = (asked,)
        return self._known[0]


def _has_variable(value: ValueNode) -> bool:
    if isinstance(value, ListValueNode):
        return any(map(_has_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(_has_variable(field.value) for field in value.fields)
    return isinstance(value, VariableNode)
