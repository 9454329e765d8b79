"""What resolvers have at hand while one operation runs."""

from dataclasses import dataclass, field

import strawberry

from registrations.domain.problems import ErrorCode
from registrations.graphql.loaders import Loaders
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is asking: the id of their user record, where they have one, and what their token allows."""

    user_id: str | None
    scopes: frozenset[str]


@dataclass
class Context:
    """`viewer` is None when nobody is signed in. `field_errors` are the codes that the client is told."""

    service: RegistrationService
    reads: Reads
    viewer: SignedIn | None = None
    loaders: Loaders = field(init=False)
    field_errors: list[ErrorCode] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Drops what this operation has read so far: something is about to change."""
        self.loaders = Loaders(self.reads)


Info = strawberry.Info[Context, None]
