"""What an operation selects, field by field: fragments, aliases, merged fields, `@skip` and `@include` are resolved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLDirective,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    VariableNode,
    get_directive_values,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.values import VariableValues

from registrations.graphql.plans.failures import Failure
from registrations.graphql.plans.fields import SOURCE

META_FIELDS: Mapping[str, GraphQLField] = {
    "__typename": TypeNameMetaFieldDef,
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
}
INTROSPECTION = frozenset({"__schema", "__type"})

CONDITIONS: tuple[tuple[GraphQLDirective, bool], ...] = ((GraphQLSkipDirective, False), (GraphQLIncludeDirective, True))
"""The directives that may leave a selection out, in the order in which graphql-core asks them, and what keeps it in."""

WEIGHT_OF_ARGUMENTS = 9  # fields

Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class SelectionSet:
    """What is selected of an object of one type: its fields by their keys in the answer.

    With a failure, no such object can be answered: a variable of `@skip` or `@include` is null.
    """

    type_name: str
    fields: Mapping[str, "Selected"]
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """A field under its key in the answer, and what is selected of each type of object that it may hold.

    `null_steps` is how many steps up the answer is null where this field fails: 0 where it may be null itself.
    """

    name: str
    nodes: list[FieldNode]
    definition: GraphQLField
    null_steps: int
    sets: Mapping[str, SelectionSet]

    @property
    def only_set(self) -> SelectionSet:
        """What is selected of the one type that the field has."""
        [only] = self.sets.values()
        return only

    @property
    def source(self) -> Any:
        return self.definition.extensions[SOURCE]


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}


def selections_of(document: DocumentNode) -> Iterator[SelectionNode]:
    """All selections anywhere in the document, each once."""
    executable = (part for part in document.definitions if isinstance(part, ExecutableDefinitionNode))
    sets = [part.selection_set for part in executable]
    for selection_set in sets:  # which grows meanwhile
        for node in selection_set.selections:
            yield node
            if below := getattr(node, "selection_set", None):
                sets.append(below)


def root_fields_of(document: DocumentNode, operation: OperationDefinitionNode) -> set[str]:
    """The names of the fields that a valid operation may select of its root."""
    fragments, names = fragments_of(document), set[str]()
    sets = [operation.selection_set]
    for selection_set in sets:  # which grows meanwhile
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                names.add(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                sets.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and (fragment := fragments.pop(node.name.value, None)):
                sets.append(fragment.selection_set)
    return names


def variables_among(arguments: Iterable[ArgumentNode]) -> tuple[str, ...]:
    """The variables that are values of the arguments, each once."""
    return tuple({node.value.name.value: None for node in arguments if isinstance(node.value, VariableNode)})


def switches_of(document: DocumentNode) -> tuple[str, ...]:
    """The variables on which `@skip` and `@include` depend somewhere in the document."""
    directives = (directive for node in selections_of(document) for directive in node.directives or ())
    return variables_among(argument for directive in directives for argument in directive.arguments or ())


class Selector:
    """Reads the selection of one operation for one setting of its switches.

    `weight` is how many fields have been read so far; those with arguments count tenfold, as their plans do in memory.
    `has_failures` says that objects of one of the selection sets can't be answered.
    """

    def __init__(self, schema: GraphQLSchema, fragments: Fragments, variables: VariableValues) -> None:
        self.weight = 0
        self.has_failures = False
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def select(self, operation: OperationDefinitionNode) -> SelectionSet:
        root = self._schema.get_root_type(operation.operation)
        assert root is not None
        return self._set([operation.selection_set], root, [], 0)

    def _set(
        self, sets: Iterable[SelectionSetNode], type_: GraphQLObjectType, parents: list[FieldNode], null_steps: int
    ) -> SelectionSet:
        """`null_steps` are those of the object; `parents` the nodes of the field that holds it."""
        nodes: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()  # once is enough; a document can spread fragments exponentially often
        try:
            for selection_set in sets:
                self._collect(selection_set, type_, nodes, spread)
        except GraphQLError as error:
            self.has_failures = True
            return SelectionSet(type_.name, {}, Failure.of(error, parents, null_steps))
        fields = {key: self._field(same_key, type_, null_steps) for key, same_key in nodes.items()}
        return SelectionSet(type_.name, fields)

    def _field(self, nodes: list[FieldNode], parent: GraphQLObjectType, parents_null_steps: int) -> Selected:
        name = nodes[0].name.value
        definition = META_FIELDS[name] if name.startswith("__") else parent.fields[name]
        self.weight += 1 + (WEIGHT_OF_ARGUMENTS if definition.args else 0)
        null_steps = 1 + parents_null_steps if is_non_null_type(definition.type) else 0
        sets = [node.selection_set for node in nodes if node.selection_set]
        if not sets:
            return Selected(name, nodes, definition, null_steps, {})
        of_object = _null_steps_of_object(definition, null_steps)
        types = self._object_types(get_named_type(definition.type))
        return Selected(
            name,
            nodes,
            definition,
            null_steps,
            {type_.name: self._set(sets, type_, nodes, of_object) for type_ in types},
        )

    def _object_types(self, type_: Any) -> Iterable[GraphQLObjectType]:
        return self._schema.get_possible_types(type_) if is_abstract_type(type_) else (type_,)

    def _collect(
        self,
        selection_set: SelectionSetNode,
        type_: GraphQLObjectType,
        nodes: dict[str, list[FieldNode]],
        spread: set[str],
    ) -> None:
        for node in selection_set.selections:
            if node.directives and not self._is_included(node):
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
        """Raises `GraphQLError` where a variable on which that depends is null."""
        for directive, kept in CONDITIONS:
            values = get_directive_values(directive, node, self._variables)
            if values and values["if"] is not kept:
                return False
        return True


def _null_steps_of_object(definition: GraphQLField, null_steps: int) -> int:
    """Those of an object that the field holds, which an item of a list is."""
    type_ = get_nullable_type(definition.type)
    if not is_list_type(type_):
        return null_steps
    return 1 + null_steps if is_non_null_type(type_.of_type) else 0
