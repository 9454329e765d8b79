from typing import Any

from strawberry.types.field import StrawberryField

from registrations.domain.problems import Rejected
from registrations.graphql.context import Info
from registrations.graphql.types.field_errors import field_error


class FailureOfRejection:
    """Turns what the domain refuses into the failure of a mutation's outcome: a Strawberry exception handler."""

    exception_type = Rejected

    def __init__(self, failure: type[Any]) -> None:
        self.error_type = failure

    def handle(self, exception: Rejected, *, field: StrawberryField, info: Info) -> Any:
        info.context.field_errors += [problem.code for problem in exception.problems]
        return self.error_type(field_errors=[field_error(problem) for problem in exception.problems])
