"""What an operation selects below a field: fragments, aliases, merged fields, `@skip` and `@include` seen through.

A fragment's type condition is not looked at: what it guards may be read in vain, and is never missing.
"""

from collections.abc import Iterable, Iterator

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
)

from registrations.domain.listing import Related
from registrations.graphql.context import Context


class Selection:
    """The fields selected below some field nodes, by their names in the schema."""

    def __init__(self, info: GraphQLResolveInfo[Context], nodes: Iterable[FieldNode] | None = None) -> None:
        self._info = info
        self._fields: dict[str, list[FieldNode]] = {}
        self._seen_fragments: set[str] = set()  # once is enough; a document can spread them exponentially often
        for node in info.field_nodes if nodes is None else nodes:
            for field in self._fields_of(node.selection_set):
                self._fields.setdefault(field.name.value, []).append(field)

    def has_any(self, *names: str) -> bool:
        return any(name in self._fields for name in names)

    def below(self, name: str) -> "Selection":
        return Selection(self._info, self._fields.get(name, ()))

    def _fields_of(self, selection_set: SelectionSetNode | None) -> Iterator[FieldNode]:
        for node in selection_set.selections if selection_set else ():
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._fields_of(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in self._seen_fragments:
                self._seen_fragments.add(node.name.value)
                yield from self._fields_of(self._info.fragments[node.name.value].selection_set)

    def _is_included(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self._info.variable_values)
        include = get_directive_values(GraphQLIncludeDirective, node, self._info.variable_values)
        return not (skip and skip["if"]) and not (include and not include["if"])


def related_to_registration(*selections: Selection) -> frozenset[Related]:
    """What has to be read along with registrations of which these fields are selected."""
    return frozenset(related for selection in selections for related in _related(selection))


def _related(selection: Selection) -> Iterator[Related]:
    if selection.has_any("user"):
        yield Related.USER
    if selection.has_any("grader"):
        yield Related.GRADER
    if selection.has_any("title", "offering"):
        yield Related.OFFERING
    if selection.below("offering").has_any("course"):
        yield Related.COURSE
