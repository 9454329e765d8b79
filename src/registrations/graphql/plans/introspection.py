"""Introspection: `__schema` and `__type`, answered from what graphql-core's resolvers say of the schema, asked once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    introspection_types,
    is_leaf_type,
    is_list_type,
)
from graphql.type.introspection import TypeFields

from registrations.graphql.errors import TOO_EXPENSIVE
from registrations.graphql.plans.failures import Failure
from registrations.graphql.plans.nested import Run
from registrations.graphql.plans.selection import Selected, SelectionSet

MAXIMUM_VALUES = 15_000  # in an answer; tools ask for some 4,500

# Strawberry replaces this resolver by one that raises for types that are lists or not null.
RESOLVERS = {"isOneOf": TypeFields.is_one_of}

DEPRECATED = "includeDeprecated"
"""The argument of lists that leave out what is deprecated by default."""


Described: TypeAlias = dict[str, Any]
"""Something that the schema consists of: the values of its fields by their names, and its `__typename`.

Values are leaves, other such things, or lists of them; lists have what is deprecated, too.
"""


class DescribedSchema:
    """All that a schema consists of, as its introspection describes it."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema  # as the resolvers look for it
        self._types: dict[int, Described] = {}
        self._begun: list[tuple[Described, GraphQLObjectType, Any]] = []
        self.root = self._object(introspection_types["__Schema"], schema)
        for described, type_, value in self._begun:  # which grows meanwhile
            described.update({name: self._value(name, field, value) for name, field in type_.fields.items()})
        self._begun.clear()

    def type_named(self, name: str) -> Described | None:
        return self._types.get(id(self.schema.get_type(name)))

    def _value(self, name: str, field: GraphQLField, parent: Any) -> Any:
        resolve: Any = RESOLVERS.get(name, field.resolve)
        value = resolve(parent, self, **({DEPRECATED: True} if field.args else {}))
        type_: Any = get_nullable_type(field.type)
        if value is None:
            return None
        if is_list_type(type_):
            return [self._one(get_named_type(type_), item) for item in value]
        return self._one(type_, value)

    def _one(self, type_: Any, value: Any) -> Any:
        if is_leaf_type(type_):
            return type_.coerce_output_value(value)
        if type_ is not introspection_types["__Type"]:
            return self._object(type_, value)
        if (known := self._types.get(id(value))) is None:
            known = self._types[id(value)] = self._object(type_, value)
        return known

    def _object(self, type_: Any, value: Any) -> Described:
        described = {"__typename": type_.name}
        self._begun.append((described, type_, value))
        return described


described_schema = cache(DescribedSchema)


@dataclass(frozen=True)
class ObjectPlan:
    """What is selected of an object: of each key in the answer the field, and its plan where it is no leaf."""

    fields: Sequence[tuple[str, str, "FieldPlan | None"]]
    failure: Failure | None

    @classmethod
    def planned(cls, selected: SelectionSet) -> Self:
        fields = [(key, field.name, FieldPlan.planned(field)) for key, field in selected.fields.items()]
        return cls(fields, selected.failure)


@dataclass(frozen=True)
class FieldPlan:
    """A field that holds an object, or a list of them."""

    selected: Selected
    object: ObjectPlan

    @classmethod
    def planned(cls, selected: Selected) -> Self | None:
        if is_leaf_type(get_named_type(selected.definition.type)):
            return None
        return cls(selected, ObjectPlan.planned(selected.only_set))


@dataclass(frozen=True)
class Introspection:
    """`__schema` or `__type`."""

    selected: Selected
    object: ObjectPlan
    schema: DescribedSchema

    @classmethod
    def planned(cls, selected: Selected, schema: GraphQLSchema) -> Self:
        return cls(selected, ObjectPlan.planned(selected.only_set), described_schema(schema))

    async def answer(self, run: Run) -> Any:
        arguments = get_argument_values(self.selected.definition, self.selected.nodes[0], run.variables)
        described = self.schema.type_named(arguments["name"]) if arguments else self.schema.root
        return described and _Answer(run).object(self.object, described)


class _Answer:
    """What one field is answered: of each object once for each selection of it, however often it is referred to."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._values_left = MAXIMUM_VALUES
        self._answers: dict[tuple[int, int], tuple[Any, int]] = {}
        self._wants_deprecated: dict[int, bool] = {}

    def object(self, plan: ObjectPlan, described: Described) -> Any:
        key = id(plan), id(described)  # both live longer than this
        if key in self._answers:
            answer, size = self._answers[key]
            self._spend(size)
        else:
            before = self._values_left
            answer = self._completed(plan, described)
            self._answers[key] = answer, before - self._values_left
        return answer

    def _completed(self, plan: ObjectPlan, described: Described) -> Any:
        self._spend(1 + len(plan.fields))
        if plan.failure:
            return plan.failure
        return {
            key: described[name] if below is None else self._field(below, described) for key, name, below in plan.fields
        }

    def _field(self, plan: FieldPlan, parent: Described) -> Any:
        selected, value = plan.selected, parent[plan.selected.name]
        try:
            leaves_out = bool(selected.definition.args) and not self._with_deprecated(selected)
        except GraphQLError as error:
            return self._run.fail(Failure.of(error, selected.nodes, selected.null_steps))
        if value is None or isinstance(value, dict):
            return value and self.object(plan.object, value)
        items = [item for item in value if not item["isDeprecated"]] if leaves_out else value
        return [self.object(plan.object, item) for item in items]

    def _with_deprecated(self, selected: Selected) -> bool:
        """Raises `GraphQLError`."""
        key = id(selected)
        if key not in self._wants_deprecated:
            arguments = get_argument_values(selected.definition, selected.nodes[0], self._run.variables)
            self._wants_deprecated[key] = arguments[DEPRECATED]
        return self._wants_deprecated[key]

    def _spend(self, values: int) -> None:
        self._values_left -= values
        if self._values_left < 0:
            raise GraphQLError(
                f"The answer would have more than {MAXIMUM_VALUES} values of the schema: ask for fewer fields.",
                extensions={"code": TOO_EXPENSIVE},
            )
