"""Who may do what. Whatever is decided about it is decided here; everybody else asks."""

from dataclasses import dataclass, replace
from enum import StrEnum

from registrations.domain.listing import OfferingFilter, RegistrationFilter
from registrations.domain.records import Registration, User

NOBODY = ""
"""The id of no user."""


class Scope(StrEnum):
    """What a token can allow beyond what every signed-in user may."""

    READ = "registrations:read"
    REGISTER = "registrations:register"
    GRADE = "registrations:grade"
    EJECT = "registrations:eject"


class Forbidden(Exception):
    """The viewer may see what is to be changed, and not change it."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"This needs a token with the scope {scope}.")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking, signed in: the id of a user, where the token is a user's, and what the token allows.

    A viewer without scopes is a learner. The user and the registrations that are theirs exist for them, all offerings
    and courses, and nothing else; what does not exist for a viewer is answered as if it did not exist at all.
    """

    user_id: str | None
    scopes: frozenset[Scope] = frozenset()

    def limit(self, scope: Scope = Scope.READ) -> str | None:
        """The id of the only user whose records exist for this viewer when it comes to `scope`; None: all do."""
        return None if self.scopes & {Scope.READ, scope} else self.user_id or NOBODY

    def sees_user(self, user_id: str) -> bool:
        return self.limit() in (None, user_id)

    def registrations_seen(self, filter_: RegistrationFilter) -> RegistrationFilter:
        """The filter, narrowed to what exists for the viewer."""
        if (limit := self.limit()) is None:
            return filter_
        asked = (limit,) if filter_.user_id is None else filter_.user_id
        return replace(filter_, user_id=tuple(user_id for user_id in asked if user_id == limit))

    def offerings_seen(self, filter_: OfferingFilter) -> OfferingFilter:
        """The filter; to a user who does not exist for the viewer no offering is available."""
        asked = filter_.available_to_user_id
        return filter_ if asked is None or self.sees_user(asked) else replace(filter_, available_to_user_id=NOBODY)

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes

    def check_may_register(self, user: User | None) -> None:
        """Raises `Forbidden` where the user exists for the viewer, who may not register them."""
        if user is not None and user.id != self.user_id and not self.may(Scope.REGISTER):
            raise Forbidden(Scope.REGISTER)

    def check_may_change(self, registration: Registration | None, scope: Scope) -> None:
        """Raises `Forbidden` where the registration exists for the viewer, who may not change it so."""
        if registration is not None and not self.may(scope):
            raise Forbidden(scope)
