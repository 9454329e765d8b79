"""What failed, as it stands in an answer until that is complete: only then is it known at how many places."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from graphql import FieldNode, GraphQLError, located_error


@dataclass(frozen=True)
class Failure:
    """Stands for the values of fields, by their keys in the answer."""

    error: Exception
    fields: Mapping[str, list[FieldNode]]

    @classmethod
    def of(cls, error: Exception, nodes: list[FieldNode]) -> Self:
        return cls(error, {(nodes[0].alias or nodes[0].name).value: nodes})


def without_failures(answer: Mapping[str, Any]) -> tuple[dict[str, Any], list[GraphQLError]]:
    """The answer with null for what failed, and an error for each place."""
    errors: list[GraphQLError] = []
    return {key: _told(value, [key], errors) for key, value in answer.items()}, errors


def _told(value: Any, path: list[str | int], errors: list[GraphQLError]) -> Any:
    # A new one: the same object may stand at several places, of which each has its own errors.
    match value:
        case Failure(error, fields):
            errors.append(located_error(error, fields[str(path[-1])], path))
            return None
        case dict():
            return {key: _told(below, [*path, key], errors) for key, below in value.items()}
        case list():
            return [_told(below, [*path, index], errors) for index, below in enumerate(value)]
    return value
