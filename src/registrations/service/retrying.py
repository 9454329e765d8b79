"""Changes in whose way others were."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from registrations.domain.outage import Conflict

ATTEMPTS = 3

P = ParamSpec("P")
R = TypeVar("R")


def retried(change: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Makes a change, which is one transaction, again where others were in its way. Raises `Conflict` at last."""

    @wraps(change)
    async def with_retries(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS - 1):
            with suppress(Conflict):
                return await change(*args, **kwargs)
        return await change(*args, **kwargs)

    return with_retries
