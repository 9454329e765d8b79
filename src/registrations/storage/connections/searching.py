"""How long searches may take, which are statements that may have to look at any number of rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import asyncpg

from registrations.domain.outage import TookTooLong


class SearchTime:
    """What the searches of one operation may take of PostgreSQL: `seconds` in all, and half of them each."""

    def __init__(self, seconds: float) -> None:
        self.each = seconds / 2
        self._left = seconds

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Around a search. Raises `TookTooLong` where no time is left for it, or where PostgreSQL gave it up."""
        if self._left < self.each:
            raise TookTooLong
        started = monotonic()
        try:
            yield
        except asyncpg.QueryCanceledError:
            raise TookTooLong from None
        finally:
            self._left -= monotonic() - started
