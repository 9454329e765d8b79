"""What an operation selects, field by field: fragments, aliases, merged fields, `@skip` and `@include` seen through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeNameMetaFieldDef,
    ValueNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_abstract_type,
    visit,
)

SWITCHES = ("skip", "include")
WEIGHT_OF_ARGUMENTS = 9  # fields


class NotCompiled(Exception):
    """Something that only graphql-core answers."""


@dataclass(frozen=True)
class Selected:
    """A field under its key in the answer, and what is selected in it; of an interface, that is told for each type."""

    name: str
    nodes: list[FieldNode]
    definition: GraphQLField
    type_name: str
    below: Mapping[str, "Selected"]
    of_types: Mapping[str, "Selected"] = field(default_factory=dict)


@dataclass
class Room:
    """How many more fields may be planned. A plan takes up to 1 KB for each; those with arguments count tenfold."""

    fields: int

    def take(self, definition: GraphQLField) -> None:
        """Raises `NotCompiled` where there is no more room: a small document can ask for a lot of many types."""
        self.fields -= 1 + (WEIGHT_OF_ARGUMENTS if definition.args else 0)
        if self.fields < 0:
            raise NotCompiled


def switches_of(document: DocumentNode) -> tuple[str, ...]:
    """The variables on which `@skip` and `@include` depend somewhere in the document."""
    names: dict[str, None] = {}

    class Switches(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    names[argument.value.name.value] = None

    visit(document, Switches())
    return tuple(names)


class Planner:
    """Plans the operations of one document for one setting of its switches."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, Any],
        room: Room,
        members: Mapping[str, str] | None = None,
    ) -> None:
        """`members` says of a root field which member of its union it will have."""
        self._schema = schema
        self._members = members or {}
        self._variables = variables
        self._room = room
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def plan(self, operation: OperationDefinitionNode) -> dict[str, Selected]:
        """The root fields by their keys. Raises `NotCompiled`."""
        root = self._schema.get_root_type(operation.operation)
        if root is None or operation.directives:
            raise NotCompiled
        return self._selected([operation.selection_set], root)

    def _selected(self, sets: Iterable[SelectionSetNode], type_: GraphQLObjectType) -> dict[str, Selected]:
        nodes: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()  # once is enough; a document can spread fragments exponentially often
        for selection_set in sets:
            self._collect(selection_set, type_, nodes, spread)
        return {key: self._field(same_key, type_) for key, same_key in nodes.items()}

    def _field(self, nodes: list[FieldNode], parent: GraphQLObjectType) -> Selected:
        name = nodes[0].name.value
        if name == "__typename":
            self._room.take(TypeNameMetaFieldDef)
            return Selected(name, nodes, TypeNameMetaFieldDef, "String", {})
        if name.startswith("__"):
            raise NotCompiled
        definition = parent.fields[name]
        self._room.take(definition)
        type_ = get_named_type(definition.type)
        if name in self._members and parent is self._schema.mutation_type:
            type_ = self._schema.type_map[self._members[name]]
        sets = [node.selection_set for node in nodes if node.selection_set]

        def of_type(type_: Any) -> Selected:
            return Selected(name, nodes, definition, type_.name, self._selected(sets, type_) if sets else {})

        if not is_abstract_type(type_):
            return of_type(type_)
        possible = self._schema.get_possible_types(type_)
        return Selected(name, nodes, definition, type_.name, {}, {member.name: of_type(member) for member in possible})

    def _collect(
        self,
        selection_set: SelectionSetNode,
        type_: GraphQLObjectType,
        nodes: dict[str, list[FieldNode]],
        spread: set[str],
    ) -> None:
        for node in selection_set.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                nodes.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._applies(node.type_condition.name.value, type_):
                    self._collect(node.selection_set, type_, nodes, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._applies(fragment.type_condition.name.value, type_):
                    self._collect(fragment.selection_set, type_, nodes, spread)

    def _applies(self, condition: str, type_: GraphQLObjectType) -> bool:
        named = self._schema.type_map[condition]
        return named is type_ or (is_abstract_type(named) and self._schema.is_sub_type(named, type_))

    def _is_included(self, node: SelectionNode) -> bool:
        is_included = True
        for directive in node.directives or ():
            if directive.name.value not in SWITCHES:
                raise NotCompiled
            is_on = self._value((directive.arguments or ())[0].value)
            if is_on is None:
                raise NotCompiled  # graphql-core may have an error for that, also where another directive leaves it out
            is_included = is_included and is_on is not (directive.name.value == "skip")
        return is_included

    def _value(self, node: ValueNode) -> Any:
        if isinstance(node, VariableNode):
            return self._variables.get(node.name.value)
        return node.value if isinstance(node, BooleanValueNode) else None
