"""What resolvers have at hand while one operation runs."""

from dataclasses import dataclass, field

import strawberry

from registrations.domain.access import Viewer
from registrations.graphql.errors import unauthenticated
from registrations.graphql.loaders import Loaders
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService


@dataclass
class Context:
    """`viewer` is None when nobody is signed in; whatever else is asked for then raises a client error."""

    service: RegistrationService
    reads: Reads
    viewer: Viewer | None
    _loaders: Loaders | None = field(default=None, init=False)

    @property
    def signed_in(self) -> Viewer:
        if self.viewer is None:
            raise unauthenticated()
        return self.viewer

    @property
    def loaders(self) -> Loaders:
        if self._loaders is None:
            self._loaders = Loaders(self.reads, self.signed_in)
        return self._loaders

    def forget(self) -> None:
        """Drops what this operation has read so far: something is about to change."""
        self._loaders = None


Info = strawberry.Info[Context, None]
