"""Failures stand in an answer until it is complete: only then is it known at which paths."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from graphql import FieldNode, GraphQLError, located_error

PathPart = str | int


@dataclass(frozen=True, slots=True)
class Failure:
    """Stands for the values of fields, by their keys in the answer, or for the items of the only one.

    `null_steps` is how many steps above each of them the answer becomes null.
    """

    error: Exception
    fields: Mapping[str, list[FieldNode]]
    null_steps: int

    @classmethod
    def of(cls, error: Exception, nodes: list[FieldNode], null_steps: int) -> Self:
        return cls(error, {(node.alias or node.name).value: nodes for node in nodes[:1]}, null_steps)

    def located(self, path: list[PathPart]) -> GraphQLError:
        nodes = self.fields.get(str(path[-1])) if path else None
        return located_error(self.error, nodes or next(iter(self.fields.values()), None), path or None)


class _BecomesNull(Exception):
    """The value at the path of this length becomes null."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length


def without_failures(answer: Any) -> tuple[Any, list[GraphQLError]]:
    """The answer with null for each failure, and an error for each path.

    Errors come in the order of the answer's fields. Once an object becomes null, what comes after in it is not looked
    at: the specification asks for one error only then (6.4.4), and graphql-core stops there as well.
    """
    errors: list[GraphQLError] = []
    return _completed(answer, [], errors), errors


def _completed(value: Any, path: list[PathPart], errors: list[GraphQLError]) -> Any:
    try:
        return _replaced(value, path, errors)
    except _BecomesNull as null:
        if null.length != len(path):
            raise
        return None


def _replaced(value: Any, path: list[PathPart], errors: list[GraphQLError]) -> Any:
    # Copied, not changed: the same object may stand at several paths, each with its own errors.
    match value:
        case Failure():
            errors.append(value.located(path))
            raise _BecomesNull(len(path) - value.null_steps)
        case dict():
            return {key: _completed(below, [*path, key], errors) for key, below in value.items()}
        case list():
            return [_completed(below, [*path, index], errors) for index, below in enumerate(value)]
    return value
