"""Who asks, in tests that are about something else."""

from registrations.domain.access import Scope, Viewer


def staff(user_id: str | None = None) -> Viewer:
    """Somebody who may do everything; of that id, where they have a user record."""
    return Viewer(user_id, frozenset(Scope))
