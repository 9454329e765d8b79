"""Documents that are valid beyond doubt, found in one walk. Of all others graphql-core's `validate` decides.

graphql-core asks some thirty rules at each node of a document, which takes longer than to parse it and to plan and run
what it asks for. Nearly all that clients send is of one kind: operations with variables, fragments, fields with
arguments, `@skip` and `@include`. For this kind each check below implies a rule of the specification, chapter 5, whose
name stands beside it. What is of another kind, or breaks a rule, is left to graphql-core, so that errors are its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLType,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    do_types_overlap,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_equal_type,
    is_input_object_type,
    is_input_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_type_sub_type_of,
    type_from_ast,
    validate_input_literal,
)

# Of one document. Fragments count once for each spread, whatever they hold.
STEPS = 500  # selections, arguments and values
REPEATS = 50  # spreads, and fields of a name that the answer has already: graphql-core compares each with each
DEPTH = 30  # of selections; fragments that spread themselves are endlessly deep
LISTS = 2  # of introspection, within each other

INTROSPECTION = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
INTROSPECTION_LISTS = frozenset({"fields", "interfaces", "possibleTypes", "inputFields"})

CONDITIONS = (GraphQLSkipDirective, GraphQLIncludeDirective)

Fragment: TypeAlias = FragmentDefinitionNode | InlineFragmentNode
Answer: TypeAlias = dict[str, tuple[FieldNode, GraphQLField, "Answer"]]
"""Of an object in the answer: for each name the field that was selected first, and the object or objects below it."""


class _Doubt(Exception):
    """Only graphql-core can tell whether the document is valid."""


def is_valid_beyond_doubt(schema: GraphQLSchema, document: DocumentNode, *, introspection: bool = False) -> bool:
    """Whether the document, parsed with locations and without experimental syntax, is certainly valid.

    It accepts `__schema` and `__type` only with `introspection`.
    """
    try:
        _Walk(schema, document, introspection=introspection).check()
    except _Doubt:
        return False
    return True


class _Walk:
    """Through the operations of a document, and through fragments wherever they are spread."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, *, introspection: bool) -> None:
        self._schema = schema
        self._introspection = INTROSPECTION if introspection else {}
        self._definitions = document.definitions
        self._operations = [node for node in self._definitions if isinstance(node, OperationDefinitionNode)]
        self._fragments = {
            node.name.value: node for node in self._definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._unspread = set(self._fragments)
        self._variables: dict[str, GraphQLType] = {}
        self._unused: set[str] = set()
        self._steps_left = STEPS
        self._repeats_left = REPEATS
        self._lists_left = LISTS

    def check(self) -> None:
        # Executable Definitions. Fragment Name Uniqueness.
        if len(self._operations) + len(self._fragments) < len(self._definitions):
            raise _Doubt
        # Operation Name Uniqueness. Lone Anonymous Operation.
        names = {node.name.value for node in self._operations if node.name}
        if len(names) < len(self._operations) > 1:
            raise _Doubt
        for node in self._operations:
            self._operation(node)
        # Fragments Must Be Used.
        if self._unspread:
            raise _Doubt

    def _operation(self, node: OperationDefinitionNode) -> None:
        root = self._schema.get_root_type(node.operation)
        # Operation Type Existence. Directives Are in Valid Locations: those known here, at selections only.
        if root is None or node.directives:
            raise _Doubt
        if node.operation is OperationType.SUBSCRIPTION:
            self._single_root_field(node.selection_set)
        self._variables = {}
        for definition in node.variable_definitions or ():
            self._variable_definition(definition)
        self._unused = set(self._variables)
        self._selections(node.selection_set, root, {}, DEPTH)
        # All Variables Used.
        if self._unused:
            raise _Doubt

    def _single_root_field(self, node: SelectionSetNode) -> None:
        # Single Root Field: which is not `__typename`, and on which nothing depends.
        if len(node.selections) != 1:
            raise _Doubt
        (field,) = node.selections
        if not isinstance(field, FieldNode) or field.directives or field.name.value.startswith("__"):
            raise _Doubt

    def _variable_definition(self, node: VariableDefinitionNode) -> None:
        name, type_ = node.variable.name.value, type_from_ast(self._schema, node.type)
        # Variable Uniqueness. Variables Are Input Types. Directives Are in Valid Locations.
        if name in self._variables or not is_input_type(type_) or node.directives:
            raise _Doubt
        default = node.default_value
        if default:
            self._value(default, type_)
        # All Variable Usages Are Allowed: with a default it may stand where null may not.
        is_never_null = default and not isinstance(default, NullValueNode)
        self._variables[name] = GraphQLNonNull(get_nullable_type(type_)) if is_never_null else type_

    def _selections(self, node: SelectionSetNode, parent: GraphQLCompositeType, answer: Answer, depth: int) -> None:
        self._step(len(node.selections))
        # Fragment Spreads Must Not Form Cycles.
        if depth < 0:
            raise _Doubt
        for selection in node.selections:
            if selection.directives:
                self._directives(selection.directives)
            if isinstance(selection, FieldNode):
                self._field(selection, parent, answer, depth)
            elif isinstance(selection, FragmentSpreadNode):
                self._spread(selection, parent, answer, depth)
            elif isinstance(selection, InlineFragmentNode):
                self._fragment(selection, parent, answer, depth)

    def _field(self, node: FieldNode, parent: Any, answer: Answer, depth: int) -> None:
        name, below = node.name.value, node.selection_set
        field = self._definition(name, parent)
        # Field Selections.
        if field is None:
            raise _Doubt
        type_: Any = get_named_type(field.type)
        # Leaf Field Selections.
        if is_leaf_type(type_) is not (below is None):
            raise _Doubt
        if field.args or node.arguments:
            self._arguments(node.arguments or (), field.args)
        key = node.alias.value if node.alias else name
        if key in answer:
            self._merge(node, field, answer[key])
        else:
            answer[key] = node, field, {}
        if below:
            self._lists_left -= name in INTROSPECTION_LISTS
            # graphql-core's own limit to introspection.
            if self._lists_left < 0:
                raise _Doubt
            self._selections(below, type_, answer[key][2], depth - 1)
            self._lists_left += name in INTROSPECTION_LISTS

    def _definition(self, name: str, parent: Any) -> GraphQLField | None:
        if name == "__typename":
            return TypeNameMetaFieldDef
        if name in self._introspection and parent is self._schema.query_type:
            return self._introspection[name]
        found: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        return found

    def _merge(self, node: FieldNode, field: GraphQLField, first: tuple[FieldNode, GraphQLField, Answer]) -> None:
        self._repeat()
        first_node, first_field, _ = first
        # Field Selection Merging: even of objects of which an answer can have but one.
        if (
            node.name.value != first_node.name.value
            or _written(node.arguments or ()) != _written(first_node.arguments or ())
            or not is_equal_type(field.type, first_field.type)
        ):
            raise _Doubt

    def _spread(self, node: FragmentSpreadNode, parent: GraphQLCompositeType, answer: Answer, depth: int) -> None:
        self._repeat()
        fragment = self._fragments.get(node.name.value)
        # Fragment Spread Target Defined. Directives Are in Valid Locations.
        if fragment is None or fragment.directives:
            raise _Doubt
        self._unspread.discard(node.name.value)
        self._fragment(fragment, parent, answer, depth)

    def _fragment(self, node: Fragment, parent: GraphQLCompositeType, answer: Answer, depth: int) -> None:
        type_ = self._schema.get_type(node.type_condition.name.value) if node.type_condition else parent
        # Fragment Spread Type Existence. Fragments on Object, Interface or Union Types. Fragment Spread Is Possible.
        if not is_composite_type(type_) or not do_types_overlap(self._schema, type_, parent):
            raise _Doubt
        self._selections(node.selection_set, type_, answer, depth - 1)

    def _directives(self, nodes: Sequence[DirectiveNode]) -> None:
        # Directives Are Unique per Location.
        if len({node.name.value for node in nodes}) < len(nodes):
            raise _Doubt
        for node in nodes:
            directive = self._schema.get_directive(node.name.value)
            # Directives Are Defined. Directives Are in Valid Locations: `@skip` and `@include` at any selection.
            if directive not in CONDITIONS:
                raise _Doubt
            self._arguments(node.arguments or (), directive.args)

    def _arguments(self, nodes: Sequence[ArgumentNode], expected: Mapping[str, GraphQLArgument]) -> None:
        self._step(len(nodes))
        given = {node.name.value: node.value for node in nodes}
        # Argument Uniqueness. Argument Names.
        if len(given) < len(nodes) or not given.keys() <= expected.keys():
            raise _Doubt
        for name, argument in expected.items():
            if name in given:
                self._value(given[name], argument.type)
            # Required Arguments.
            elif is_required_argument(argument):
                raise _Doubt

    def _value(self, node: ValueNode, type_: GraphQLInputType) -> None:
        if not isinstance(node, VariableNode):
            # Values of Correct Type. Input Object Field Names. Input Object Required Fields.
            validate_input_literal(node, type_, _doubt)
        self._variables_in(node, type_)

    def _variables_in(self, node: ValueNode, type_: GraphQLInputType) -> None:
        if isinstance(node, VariableNode):
            self._variable(node, type_)
        elif isinstance(node, ListValueNode):
            self._list(node, type_)
        elif isinstance(node, ObjectValueNode):
            self._object(node, type_)

    def _variable(self, node: VariableNode, type_: GraphQLInputType) -> None:
        name = node.name.value
        # All Variable Uses Defined. All Variable Usages Are Allowed.
        if name not in self._variables or not is_type_sub_type_of(self._schema, self._variables[name], type_):
            raise _Doubt
        self._unused.discard(name)

    def _list(self, node: ListValueNode, type_: GraphQLInputType) -> None:
        self._step(len(node.values))
        nullable: Any = get_nullable_type(type_)
        for value in node.values:
            self._variables_in(value, nullable.of_type if is_list_type(nullable) else nullable)

    def _object(self, node: ObjectValueNode, type_: GraphQLInputType) -> None:
        self._step(len(node.fields))
        named = get_named_type(type_)
        # Scalars may be written as objects; and rules of its own hold for `@oneOf`.
        if not is_input_object_type(named) or named.is_one_of:
            raise _Doubt
        # Input Object Field Uniqueness.
        if len({field.name.value for field in node.fields}) < len(node.fields):
            raise _Doubt
        for field in node.fields:
            self._variables_in(field.value, named.fields[field.name.value].type)

    def _step(self, amount: int) -> None:
        self._steps_left -= amount
        if self._steps_left < 0:
            raise _Doubt

    def _repeat(self) -> None:
        self._repeats_left -= 1
        if self._repeats_left < 0:
            raise _Doubt


def _written(nodes: Sequence[ArgumentNode]) -> str:
    """The arguments as they are written in the document."""
    if not nodes:
        return ""
    first, last = nodes[0].loc, nodes[-1].loc
    assert first
    assert last
    return first.source.body[first.start : last.end]


def _doubt(*_: object) -> NoReturn:
    raise _Doubt
