"""Documents: parsed and validated once, and what was found out about them since."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_operation_ast,
    get_variable_values,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.execution.values import VariableValues
from graphql.validation.rules import overlapping_fields_can_be_merged

from registrations.graphql.bindings import CHANGES, ROOTS
from registrations.graphql.compiled.cache import SecondSight
from registrations.graphql.compiled.changing import ChangePlan, compile_mutation
from registrations.graphql.compiled.plan import switches_of
from registrations.graphql.compiled.reading import Plan, compile_query
from registrations.graphql.compiled.variables import Variables
from registrations.graphql.errors import PARSE_FAILED, VALIDATION_FAILED, formatted
from registrations.graphql.limits import SIZES, Demand, measure, values_in
from registrations.graphql.schema import GRAPHQL_SCHEMA, python_arguments

DOCUMENTS_KEPT = 500  # of those used once, and as many of those used again
CHARACTERS_KEPT = 1_000_000  # likewise; a document takes some thirty times as many bytes
FINDINGS_KEPT = 50  # of a document, for as many settings of its variables

MAXIMUM_LENGTH = 15_000  # characters
MAXIMUM_TOKENS = 1_000
MAXIMUM_COMMENTS = 50
MAXIMUM_ERRORS = 5
# Of comparing fields of one name with each other, the only part of validation that grows faster than the document.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 50_000

Operation = OperationDefinitionNode


class InvalidDocument(Exception):
    """A document that can't be run; `errors` as an answer shows them."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


class Document:
    """A valid document."""

    def __init__(self, ast: DocumentNode) -> None:
        self.ast = ast
        self._operations: dict[str | None, Operation | None] = {}
        self._sizes = _variables_of_sizes(ast)
        self._switches = switches_of(ast)
        self._demands: dict[Any, Demand] = {}
        self._plans: dict[Any, Plan | ChangePlan | None] = {}
        self._variables: dict[int, Variables] = {}

    def operation(self, name: str | None) -> Operation | None:
        """The operation of that name, or the only one; None where there is none, or a choice."""
        if name not in self._operations:
            _keep(self._operations, name, get_operation_ast(self.ast, name))
        return self._operations[name]

    def demand(self, operation: Operation, variables: Mapping[str, Any]) -> Demand:
        """What the operation asks for with these variables, of which only sizes count."""
        containers = [(name, values_in(value)) for name, value in variables.items() if isinstance(value, dict | list)]
        key = (id(operation), *[_size(variables.get(name, ...)) for name in self._sizes], *containers)
        if (demand := self._demands.get(key)) is None:
            demand = measure(GRAPHQL_SCHEMA, self.ast, operation, variables)
            _keep(self._demands, key, demand)
        return demand

    def variables(self, operation: Operation, inputs: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """The values of the operation's variables; or what is wrong with them."""
        if (variables := self._variables.get(id(operation))) is None:
            variables = self._variables[id(operation)] = Variables(GRAPHQL_SCHEMA, operation)
        coerced = variables.coerce(inputs)
        if coerced is not None:
            return coerced
        return get_variable_values(GRAPHQL_SCHEMA, operation.variable_definitions or (), dict(inputs), max_errors=1)

    def plan(self, operation: Operation, variables: VariableValues) -> Plan | ChangePlan | None:
        """How the operation is run without graphql-core; None where it has to be run by it."""
        key = (id(operation), *[_switch(variables.coerced.get(name)) for name in self._switches])
        if key not in self._plans:
            _keep(self._plans, key, self._compile(operation, variables.coerced))
        return self._plans[key]

    def _compile(self, operation: Operation, variables: Mapping[str, Any]) -> Plan | ChangePlan | None:
        if operation.operation is OperationType.MUTATION:
            return compile_mutation(GRAPHQL_SCHEMA, CHANGES, python_arguments, self.ast, operation, variables)
        return compile_query(GRAPHQL_SCHEMA, ROOTS, python_arguments, self.ast, operation, variables)


class Documents:
    """Those that clients send. Without introspection the schema is not told, nor hinted at in errors."""

    def __init__(self, *, introspection: bool) -> None:
        self._hide_suggestions = not introspection
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._known: SecondSight[Document | InvalidDocument] = SecondSight(DOCUMENTS_KEPT, CHARACTERS_KEPT)

    def find(self, text: str) -> tuple[Document, bool]:
        """The document, and whether it was seen before. Raises `InvalidDocument`."""
        known = self._known.get(text)
        document = known or self._read(text)
        if known is None:
            self._known.put(text, document)
        if isinstance(document, InvalidDocument):
            raise InvalidDocument(document.errors)  # a new one: each raise adds to the traceback, and all that it holds
        return document, known is not None

    def _read(self, text: str) -> Document | InvalidDocument:
        try:
            ast = parse(
                text,
                max_source_length=MAXIMUM_LENGTH,
                max_lexical_tokens=MAXIMUM_TOKENS,
                max_comments=MAXIMUM_COMMENTS,
            )
        except GraphQLError as error:
            return InvalidDocument(formatted([error], PARSE_FAILED))
        errors = validate(GRAPHQL_SCHEMA, ast, self._rules, MAXIMUM_ERRORS, hide_suggestions=self._hide_suggestions)
        return InvalidDocument(formatted(errors, VALIDATION_FAILED)) if errors else Document(ast)


def _variables_of_sizes(ast: DocumentNode) -> tuple[str, ...]:
    """The variables that say how much is asked for."""
    names: dict[str, None] = {}

    class Sizes(Visitor):
        def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
            if node.name.value in SIZES and isinstance(node.value, VariableNode):
                names[node.value.name.value] = None

    visit(ast, Sizes())
    return tuple(names)


def _size(value: Any) -> Any:
    if isinstance(value, list):
        return ("list", len(value))
    return value if isinstance(value, int | float | None) or value is ... else type(value)


def _switch(value: Any) -> bool | None:
    # In another operation of the document, a variable of that name may be anything.
    return value if isinstance(value, bool) else None


def _keep(findings: dict[Any, Any], key: Any, finding: Any) -> None:
    if len(findings) >= FINDINGS_KEPT:
        findings.clear()
    findings[key] = finding
