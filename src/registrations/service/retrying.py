"""A second and a third attempt at changes that conflict with concurrent ones."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from registrations.domain.outage import Conflict

ATTEMPTS = 3

P = ParamSpec("P")
R = TypeVar("R")


def retried(change: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Repeats a change, which is one transaction, after a `Conflict`; raises that of the last attempt."""

    @wraps(change)
    async def with_retries(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS - 1):
            with suppress(Conflict):
                return await change(*args, **kwargs)
        return await change(*args, **kwargs)

    return with_retries
