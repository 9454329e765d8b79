"""Objects of the domain and the service as answers: outcomes of changes, problems, and the records in them.

All objects of one type are completed at once, field by field, so that what is read for their records is one statement.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol, Self

from graphql import GraphQLSchema, get_named_type, get_nullable_type, is_leaf_type, is_list_type

from registrations.graphql.plans.failures import Failure
from registrations.graphql.plans.fields import Attribute, ComputedAttribute, ObjectItself, WholeQuery
from registrations.graphql.plans.nested import Records, Run
from registrations.graphql.plans.queries import QueryPlan
from registrations.graphql.plans.selection import Selected, SelectionSet
from registrations.service.reads import HEADER, KINDS, Column, Record, Row

Values = Sequence[Any]
"""What a field is answered, for each of the objects."""


class ObjectField(Protocol):
    async def values(self, objects: Sequence[Any], run: Run) -> Values: ...


@dataclass(frozen=True)
class Constant:
    value: Any

    async def values(self, objects: Sequence[Any], _run: Run) -> Values:
        return [self.value] * len(objects)


@dataclass(frozen=True)
class Leaf:
    """A value that is answered as it is."""

    of: Callable[[Any], Any]

    async def values(self, objects: Sequence[Any], _run: Run) -> Values:
        return [self.of(object_) for object_ in objects]


@dataclass(frozen=True)
class RecordOfObject:
    """A record that the object holds: its own columns are at hand, those of joined records are read by its id.

    Nobody is kept from what they read so: it belongs to what the viewer has just changed, or was refused to change.
    """

    of: Callable[[Any], Record]
    selected: Selected
    records: Records
    joined: tuple[Column, ...]

    @classmethod
    def planned(cls, of: Callable[[Any], Record], selected: Selected) -> Self:
        records = Records.planned(selected.only_set)
        return cls(of, selected, records, tuple(column for column in records.columns if column.of))

    async def values(self, objects: Sequence[Any], run: Run) -> Values:
        held = [self.of(object_) for object_ in objects]
        try:
            return await self.records.completed(await self._rows(held, run), run)
        except Exception as error:  # whatever a resolver might raise, as graphql-core treats it
            return [run.fail(Failure.of(error, self.selected.nodes, self.selected.null_steps))] * len(held)

    async def _rows(self, held: Sequence[Record], run: Run) -> list[Row]:
        joined: Mapping[str, Row] = {}
        if self.joined:
            rows = await run.context.reads.changed_rows([record.id for record in held], self.joined)
            joined = {row[0]: row for row in rows}
        return [self._row(record, joined.get(record.id, ())) for record in held]

    def _row(self, record: Record, joined: Row) -> Row:
        read = iter(joined[HEADER:])
        return (
            record.id,
            *(next(read) if column.of else getattr(record, column.name) for column in self.records.columns),
        )


@dataclass(frozen=True)
class ObjectsOfObject:
    """An object that the object holds, or a list of them."""

    of: Callable[[Any], Any]
    types: "ObjectTypes"
    is_list: bool

    async def values(self, objects: Sequence[Any], run: Run) -> Values:
        held = [self.of(object_) for object_ in objects]
        if not self.is_list:
            return await self.types.answers(held, run)
        answers = iter(await self.types.answers([item for items in held for item in items], run))
        return [[next(answers) for _ in items] for items in held]


@dataclass(frozen=True)
class QueryOfObject:
    """The query's root, the same for all objects: one instant after the change."""

    plan: QueryPlan

    async def values(self, objects: Sequence[Any], run: Run) -> Values:
        return [await self.plan.answer(run)] * len(objects)


@dataclass(frozen=True)
class ObjectType:
    """What is selected of objects of one type."""

    fields: Mapping[str, ObjectField]
    failure: Failure | None

    @classmethod
    def planned(cls, selected: SelectionSet, schema: GraphQLSchema) -> Self:
        fields = {key: _field(field, selected.type_name, schema) for key, field in selected.fields.items()}
        return cls(fields, selected.failure)

    async def answers(self, objects: Sequence[Any], run: Run) -> Values:
        if self.failure:
            return [self.failure] * len(objects)
        answers: list[dict[str, Any]] = [{} for _ in objects]
        for key, field in self.fields.items():
            for answer, value in zip(answers, await field.values(objects, run), strict=True):
                answer[key] = value
        return answers


@dataclass(frozen=True)
class ObjectTypes:
    """What is selected of objects that may be of several types, each named as its Python class is."""

    types: Mapping[str, ObjectType]

    @classmethod
    def planned(cls, selected: Selected, schema: GraphQLSchema) -> Self:
        return cls({name: ObjectType.planned(of_type, schema) for name, of_type in selected.sets.items()})

    async def answers(self, objects: Sequence[Any], run: Run) -> list[Any]:
        """In the order of the objects."""
        indices: dict[str, list[int]] = {}
        for index, object_ in enumerate(objects):
            indices.setdefault(type(object_).__name__, []).append(index)
        answers: list[Any] = [None] * len(objects)
        for name, of_type in indices.items():
            completed = await self.types[name].answers([objects[index] for index in of_type], run)
            for index, answer in zip(of_type, completed, strict=True):
                answers[index] = answer
        return answers


def _field(selected: Selected, type_name: str, schema: GraphQLSchema) -> ObjectField:
    if selected.name == "__typename":
        return Constant(type_name)
    match selected.source:
        case Attribute(name):
            return _attribute(selected, attrgetter(name), schema)
        case ComputedAttribute(function):
            return Leaf(function)
        case ObjectItself():
            return RecordOfObject.planned(lambda record: record, selected)
        case WholeQuery():
            return QueryOfObject(QueryPlan.planned(selected.only_set, schema))
    raise TypeError(f"{selected.name} is no field of an object.")


def _attribute(selected: Selected, of: Callable[[Any], Any], schema: GraphQLSchema) -> ObjectField:
    named = get_named_type(selected.definition.type)
    if is_leaf_type(named):
        return Leaf(of)
    if named.name in KINDS:
        return RecordOfObject.planned(of, selected)
    is_list = is_list_type(get_nullable_type(selected.definition.type))
    return ObjectsOfObject(of, ObjectTypes.planned(selected, schema), is_list)
