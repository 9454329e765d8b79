"""Who may do what: all decisions on authorization."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from registrations.domain.ids import is_id
from registrations.domain.records import OfferingFilter, Registration, RegistrationFilter, User

NOBODY = ""
"""The id of no user."""

Filter = TypeVar("Filter", RegistrationFilter, OfferingFilter)


class Scope(StrEnum):
    """What a token can allow beyond what every signed-in user may do."""

    READ = "registrations:read"
    REGISTER = "registrations:register"
    GRADE = "registrations:grade"
    EJECT = "registrations:eject"


class Forbidden(Exception):
    """The record exists for the viewer, who may not change it."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"This needs a token with the scope {scope}.")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in client: the subject of its token, which is a user's id where the token is a user's, and its scopes.

    A viewer without scopes is a learner. For a learner exist their own user and registrations, all offerings and all
    courses. A request for a record that does not exist for the viewer gets the same answer as for one that is unknown.
    """

    subject: str
    scopes: frozenset[Scope] = frozenset()

    @property
    def user_id(self) -> str | None:
        """The subject, where it may be the id of a user."""
        return self.subject if is_id(self.subject) else None

    def only_user_id(self, scope: Scope = Scope.READ) -> str | None:
        """The id of the only user who, with their registrations, exists for this viewer; None where all users do.

        A viewer may find what one of their scopes allows them to change: `scope` is the one of the change.
        """
        return None if self.scopes & {Scope.READ, scope} else self.user_id or NOBODY

    def may_see_user(self, user_id: str) -> bool:
        return self.only_user_id() in (None, user_id)

    def visible(self, filter_: Filter) -> Filter:
        """The filter, narrowed to records that exist for the viewer; the same object where it already is."""
        if isinstance(filter_, RegistrationFilter):
            return self._of_visible_users(filter_)
        return self._available_to_visible_users(filter_)

    def _of_visible_users(self, filter_: RegistrationFilter) -> RegistrationFilter:
        if (only_user_id := self.only_user_id()) is None:
            return filter_
        asked = (only_user_id,) if filter_.user_id is None else filter_.user_id
        return replace(filter_, user_id=tuple(user_id for user_id in asked if user_id == only_user_id))

    def _available_to_visible_users(self, filter_: OfferingFilter) -> OfferingFilter:
        """The filter; no offering is available to a user who does not exist for the viewer."""
        asked = filter_.available_to_user_id
        return filter_ if asked is None or self.may_see_user(asked) else replace(filter_, available_to_user_id=NOBODY)

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes

    def check_may_register(self, user: User | None) -> None:
        """Raises `Forbidden` where the user exists for the viewer, who may not register them."""
        if user is not None and user.id != self.user_id and not self.may(Scope.REGISTER):
            raise Forbidden(Scope.REGISTER)

    def check_may_change(self, registration: Registration | None, scope: Scope) -> None:
        """Raises `Forbidden` where the registration exists for the viewer, who lacks the scope of the change."""
        if registration is not None and not self.may(scope):
            raise Forbidden(scope)
