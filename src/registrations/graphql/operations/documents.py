"""Documents: parsed and validated once."""

from contextlib import suppress
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.rules.stream_directive_on_list_field import StreamDirectiveOnListField

from registrations.graphql.cache import Doorkeeper, SegmentedLRU
from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.errors import PARSE_FAILED, UNAUTHENTICATED, VALIDATION_FAILED, formatted, unauthenticated
from registrations.graphql.operations.operation import Operation, PlanBudget
from registrations.graphql.operations.source import DocumentSource
from registrations.graphql.operations.validity import is_valid_beyond_doubt
from registrations.graphql.plans.introspection import described_schema

DOCUMENTS_REMEMBERED = 5_000  # by their hashes, after they were run once
DOCUMENTS_KEPT = 500  # of those that were run twice, and as many of those used again
CHARACTERS_KEPT = 500_000  # likewise; a document takes some eighty times as many bytes, and its plans
OPERATIONS_KEPT = 4  # of a document
FIELDS_PLANNED = 400  # of a document: most operations have some 30, and two or four settings of their switches

MAXIMUM_LENGTH = 15_000  # characters
MAXIMUM_TOKENS = 1_000
MAXIMUM_COMMENTS = 50
MAXIMUM_ERRORS = 5
# Of a document that comes without a token: the introspection of tools has some 1,600 and 190.
MAXIMUM_LENGTH_UNSIGNED = 2_000  # characters
MAXIMUM_TOKENS_UNSIGNED = 250
# Of comparing fields of one name with each other, the only part of validation that grows faster than the document.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 20_000

# Without the rule that breaks down at `__typename @stream` in a union (graphql-core 3.3): the schema has no `@stream`,
# and another rule says so.
RULES = tuple(rule for rule in specified_rules if rule is not StreamDirectiveOnListField)


class InvalidDocument(Exception):
    """A document that can't be run; `errors` as an answer shows them."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


class Document:
    """A valid document."""

    def __init__(self, ast: DocumentNode) -> None:
        self.ast = ast
        self._operations: dict[str | None, Operation] = {}
        self._budget = PlanBudget(FIELDS_PLANNED)

    def operation(self, name: str | None) -> Operation | None:
        """The operation of that name, or the only one; None where there is none, or a choice."""
        if (operation := self._operations.get(name)) is None and (ast := get_operation_ast(self.ast, name)):
            if len(self._operations) >= OPERATIONS_KEPT:
                self._operations.clear()
                self._budget = PlanBudget(FIELDS_PLANNED)
            operation = self._operations[name] = Operation(self.ast, ast, self._budget)
        return operation


class Documents:
    """Documents that clients send. Without introspection neither answers nor suggestions in errors show the schema."""

    def __init__(self, *, introspection: bool) -> None:
        self._introspection = introspection
        if introspection:
            described_schema(GRAPHQL_SCHEMA)  # takes longer than a request may that comes without a token
        self._rules = RULES if introspection else (*RULES, NoSchemaIntrospectionCustomRule)
        self._doorkeeper = Doorkeeper(DOCUMENTS_REMEMBERED)
        self._kept: SegmentedLRU[Document] = SegmentedLRU(DOCUMENTS_KEPT, CHARACTERS_KEPT)

    def find(self, text: str) -> Document:
        """Raises `InvalidDocument`."""
        return self._kept.get(text) or self._read(text)

    def find_unsigned(self, text: str) -> Document:
        """The same for somebody who is not signed in, whose documents are read only if they are small and plain.

        Nothing of them is kept. Raises `InvalidDocument`.
        """
        if len(text) <= MAXIMUM_LENGTH_UNSIGNED:
            with suppress(GraphQLError):
                ast = _parse(text, MAXIMUM_TOKENS_UNSIGNED)
                if self._is_valid_beyond_doubt(ast):
                    return Document(ast)
        raise InvalidDocument(formatted([unauthenticated()], UNAUTHENTICATED))

    def keep(self, text: str, document: Document) -> None:
        """To be called when an operation of the document was executed for somebody who is signed in.

        So nobody else can push out what clients use.
        """
        if text not in self._kept and self._doorkeeper.admits(text):
            self._kept.put(text, document)

    def _read(self, text: str) -> Document:
        try:
            ast = _parse(text, MAXIMUM_TOKENS)
        except GraphQLError as error:
            raise InvalidDocument(formatted([error], PARSE_FAILED)) from None
        if not self._is_valid_beyond_doubt(ast):
            self._validate(ast)
        return Document(ast)

    def _validate(self, ast: DocumentNode) -> None:
        errors = validate(GRAPHQL_SCHEMA, ast, self._rules, MAXIMUM_ERRORS, hide_suggestions=not self._introspection)
        if errors:
            raise InvalidDocument(formatted(errors, VALIDATION_FAILED))

    def _is_valid_beyond_doubt(self, ast: DocumentNode) -> bool:
        return is_valid_beyond_doubt(GRAPHQL_SCHEMA, ast, introspection=self._introspection)


def _parse(text: str, maximum_tokens: int) -> DocumentNode:
    """Raises `GraphQLError`."""
    ast = parse(
        DocumentSource(text),
        max_source_length=MAXIMUM_LENGTH,
        max_lexical_tokens=maximum_tokens,
        max_comments=MAXIMUM_COMMENTS,
    )
    _take_apart_tokens(ast)
    return ast


def _take_apart_tokens(ast: DocumentNode) -> None:
    """Unlinks tokens from their neighbours, which nothing needs after parsing.

    By these cycles a document that is dropped would wait for the garbage collector with all its nodes.
    """
    token = ast.loc.start_token if ast.loc else None
    while token:
        following, token.prev, token.next = token.next, None, None
        token = following
