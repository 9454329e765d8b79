"""What an operation asks for, found out before any of it runs, and how much of it is allowed.

The cost of a field estimates the records and objects of its answer::

    scalar             0; 1 under an alias
    object             1 + cost of what is selected in it
    list               1 + k * (1 + cost of what is selected in an item)
    page of a list     1 + cost of what is selected in it, at least 1 + k: `pageInfo` alone reads the page, too
    mutation           10 more
    introspection      1,000; as much again for each alias in it

where k is how many a page may hold (`first` or `last`, or the page size where neither is given), or how many ids are
asked for. Each fragment is looked at once for each such k, however often it is spread: a document of a few hundred
characters can spread fragments billions of times.

The size of an operation estimates what it takes to plan it and to read its arguments, whatever its lists hold::

    field              1, for each type of object that it may be selected of
    with arguments     39 more: most have a statement, whose SQL may have to be written first
    arguments          1 for each 4 values in them
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
)

from registrations.domain.listing import DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE
from registrations.graphql.errors import TOO_EXPENSIVE
from registrations.graphql.plans.selection import fragments_of, selections_of, variables_among

MAXIMUM_COST = 5_000
MAXIMUM_COST_UNSIGNED = 1_100  # without a token: the schema once
MAXIMUM_DEPTH = 10
INTROSPECTION_DEPTH = 10  # more levels, for introspection: tools unwrap types by nine
MAXIMUM_ALIASES = 15
MAXIMUM_DIRECTIVES = 20
MAXIMUM_SIZE = 1_000
MAXIMUM_ROOT_FIELDS = 20
MAXIMUM_MUTATIONS = 4
MUTATION_COST = 10
INTROSPECTION_COST = 1_000
SIZE_WITH_ARGUMENTS = 40
VALUES_FOR_ONE = 4
SIZES = ("first", "last", "ids")
"""The arguments that say how much is asked for."""
PAGING = {"first", "last"}
"""The arguments that every field with a page of a list has."""
INTROSPECTION = {"__schema": "__Schema", "__type": "__Type"}
"""The fields that describe the schema, and their types."""


class Demand(NamedTuple):
    """What a selection asks for."""

    cost: int = 0
    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0
    size: int = 0


def values_in(value: Any) -> int:
    """How many values there are in a list or an object, those within each other too."""
    found = [value]
    for part in found:  # which grows meanwhile
        if isinstance(part, dict | list):
            found.extend(part.values() if isinstance(part, dict) else part)
    return len(found) - 1


def measure(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Demand:
    """What the operation asks for with these variables. The document is a valid one; its `fields` are the root's."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    return _Meter(schema, document, operation, variables).selection(operation.selection_set, root, None)


def sizes_of(document: DocumentNode) -> tuple[str, ...]:
    """The variables that say how much is asked for."""
    fields = (node for node in selections_of(document) if isinstance(node, FieldNode))
    arguments = (argument for node in fields for argument in node.arguments or ())
    return variables_among(argument for argument in arguments if argument.name.value in SIZES)


def excesses(operation: OperationDefinitionNode, demand: Demand) -> list[GraphQLError]:
    """An error for each limit that the operation goes beyond."""
    is_mutation = operation.operation is OperationType.MUTATION
    allowed = (
        ("cost", demand.cost, MAXIMUM_COST, "ask for fewer records or fields"),
        ("size", demand.size, MAXIMUM_SIZE, "select fewer fields and lists, or send several operations"),
        ("depth", demand.depth, MAXIMUM_DEPTH, "nest less deeply"),
        ("number of aliases", demand.aliases, MAXIMUM_ALIASES, "send several operations"),
        ("number of directives", demand.directives, MAXIMUM_DIRECTIVES, "use fewer"),
        (
            "number of root fields",
            demand.fields,
            MAXIMUM_MUTATIONS if is_mutation else MAXIMUM_ROOT_FIELDS,
            "send several operations",
        ),
    )
    return [
        GraphQLError(
            f"The {what} of the operation is {asked if asked < 10**9 else 'over a billion'}, "
            f"at most {most} is allowed: {remedy}.",
            extensions={"code": TOO_EXPENSIVE},
        )
        for what, asked, most, remedy in allowed
        if asked > most
    ]


class _Meter:
    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._is_mutation = operation.operation is OperationType.MUTATION
        self._operation = operation
        self._fragments = fragments_of(document)
        defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        self._variables: dict[str, Any] = {**defaults, **variables}
        self._measured: dict[tuple[str, int | None], Demand] = {}

    def selection(self, selection_set: SelectionSetNode, parent: Any, items: int | None) -> Demand:
        """`items` is how many the lists of the parent hold, where the parent is a page."""
        cost = depth = aliases = directives = fields = size = 0
        for node in selection_set.selections:
            asked = self._selected(node, parent, items)
            cost += asked.cost
            depth = max(depth, asked.depth)
            aliases += asked.aliases
            directives += asked.directives + len(node.directives or ())
            fields += asked.fields
            size += asked.size
        return Demand(cost, depth, aliases, directives, fields, size)

    def _selected(self, node: SelectionNode, parent: Any, items: int | None) -> Demand:
        if isinstance(node, FieldNode):
            return self._field(node, parent, items)
        if isinstance(node, InlineFragmentNode):
            return self.selection(node.selection_set, self._type(node, parent), items)
        assert isinstance(node, FragmentSpreadNode)
        return self._fragment(node.name.value, items)

    def _fragment(self, name: str, items: int | None) -> Demand:
        if (name, items) not in self._measured:
            fragment = self._fragments[name]
            self._measured[name, items] = self.selection(fragment.selection_set, self._type(fragment, None), items)
        return self._measured[name, items]

    def _type(self, node: InlineFragmentNode | FragmentDefinitionNode, parent: Any) -> Any:
        condition = node.type_condition
        return parent if condition is None else self._schema.type_map[condition.name.value]

    def _field(self, node: FieldNode, parent: Any, items: int | None) -> Demand:
        is_alias, types = int(node.alias is not None), self._types(parent)
        if node.selection_set is None:
            return Demand(cost=is_alias, depth=1, aliases=is_alias, fields=1, size=types)
        if node.name.value in INTROSPECTION:
            return self._introspection(node.selection_set, INTROSPECTION[node.name.value], is_alias)
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        field = parent.fields[node.name.value]
        asked = self._items_asked(node) if field.args else None
        below = self.selection(node.selection_set, get_named_type(field.type), asked)
        if is_list_type(get_nullable_type(field.type)):
            length = next((known for known in (asked, items) if known is not None), DEFAULT_PAGE_SIZE)
            cost = 1 + length * (1 + below.cost)
        else:
            cost = 1 + (max(below.cost, asked or 0) if field.args.keys() >= PAGING else below.cost)
        if self._is_mutation and parent is self._schema.mutation_type:
            cost += MUTATION_COST
        size = SIZE_WITH_ARGUMENTS + self._values_given(node) // VALUES_FOR_ONE if field.args else 1
        return Demand(cost, 1 + below.depth, is_alias + below.aliases, below.directives, 1, types * (size + below.size))

    def _introspection(self, selection_set: SelectionSetNode, type_name: str, is_alias: int) -> Demand:
        below = self.selection(selection_set, self._schema.type_map[type_name], None)
        cost = INTROSPECTION_COST * (1 + below.aliases)
        depth = 1 + max(0, below.depth - INTROSPECTION_DEPTH)
        return Demand(cost, depth, is_alias + below.aliases, below.directives, 1, 1 + below.size)

    def _types(self, parent: Any) -> int:
        return len(self._schema.get_possible_types(parent)) if is_abstract_type(parent) else 1

    def _items_asked(self, node: FieldNode) -> int | None:
        """How many records the arguments of a field ask for."""
        given = {
            argument.name.value: self._value(argument.value)
            for argument in node.arguments or ()
            if argument.name.value in SIZES
        }
        if isinstance(ids := given.get("ids"), list):
            return len(ids)
        # As a variable's value 100.0 is an Int, too.
        sizes = [size for size in (given.get("first"), given.get("last")) if isinstance(size, int | float)]
        # What is below zero is refused later, or skipped: it must not pay for the rest.
        return max(0, min(int(max(sizes)), MAXIMUM_PAGE_SIZE)) if sizes else DEFAULT_PAGE_SIZE

    def _values_given(self, node: FieldNode) -> int:
        """How many values the arguments of a field have, but for ids, each of which counts as a record."""
        return sum(
            self._values_written(argument.value)
            for argument in node.arguments or ()
            if argument.name.value not in SIZES
        )

    def _values_written(self, node: ValueNode) -> int:
        if isinstance(node, VariableNode):
            value = self._variables.get(node.name.value)
            return self._values_written(value) if isinstance(value, ValueNode) else 1 + values_in(value)
        if isinstance(node, ListValueNode):
            return 1 + sum(self._values_written(value) for value in node.values)
        if isinstance(node, ObjectValueNode):
            return 1 + sum(self._values_written(field.value) for field in node.fields)
        return 1

    def _value(self, node: ValueNode | None) -> Any:
        if isinstance(node, VariableNode):
            value = self._variables.get(node.name.value)
            return self._value(value) if isinstance(value, ValueNode) else value
        if isinstance(node, IntValueNode):
            return int(node.value)
        return list(node.values) if isinstance(node, ListValueNode) else None
