"""What the domain answers to what it forbids."""

from collections.abc import Awaitable, Callable

import pytest

from registrations.domain.problems import Problem, Rejected
from registrations.domain.records import Registration

Outcome = Registration | tuple[Problem, ...]


def problems(act: Callable[[], object]) -> tuple[Problem, ...]:
    """The problems for which `act` is rejected, in the order in which they are reported."""
    with pytest.raises(Rejected) as rejected:
        act()
    return rejected.value.problems


async def problems_of(act: Awaitable[object]) -> tuple[Problem, ...]:
    """The same for a use case."""
    with pytest.raises(Rejected) as rejected:
        await act
    return rejected.value.problems


async def outcome(act: Awaitable[Registration]) -> Outcome:
    """What comes of a use case."""
    try:
        return await act
    except Rejected as rejected:
        return rejected.problems
