"""Who asks, in tests that are about something else."""

from registrations.domain.access import Scope, Viewer


def staff(subject: str = "staff") -> Viewer:
    """Somebody who may do everything. The subject is the id of their user record, where they have one."""
    return Viewer(subject, frozenset(Scope))
