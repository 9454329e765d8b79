"""What a mutation consists of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from registrations.graphql.plans.fields import SOURCE, Change


@dataclass(frozen=True)
class MutationField:
    """A field of the mutations' root.

    `change` takes the context and the input. What it returns is the object of the type `success`; the `Rejected` that
    it raises is that of the type `failure`. `result` is the union of both.
    """

    name: str
    description: str
    change: Callable[..., Awaitable[Any]]
    input: type[Any]
    success: type[Any]
    failure: type[Any]
    result: Any

    @property
    def field(self) -> StrawberryField:
        source = Change(self.change, self.success.__name__, self.failure.__name__)
        field: StrawberryField = strawberry.mutation(
            name=self.name, description=self.description, graphql_type=self.result | None, metadata={SOURCE: source}
        )
        field.arguments = [StrawberryArgument("input", None, StrawberryAnnotation(self.input))]
        return field
