"""What an operation has at hand while it runs."""

from dataclasses import dataclass, field

from registrations.domain.access import Viewer
from registrations.domain.problems import ErrorCode
from registrations.graphql.errors import unauthenticated
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService


@dataclass
class Context:
    """`viewer` is None when nobody is signed in; whatever else is asked for then raises a client error.

    `field_errors` are the codes of the field errors in the answer.
    """

    service: RegistrationService
    reads: Reads
    viewer: Viewer | None
    field_errors: list[ErrorCode] = field(default_factory=list, init=False)

    @property
    def signed_in(self) -> Viewer:
        if self.viewer is None:
            raise unauthenticated()
        return self.viewer
