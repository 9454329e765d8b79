"""The public keys of an issuer, read from a JWKS file or URL and read again when that is needed."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from jwt import PyJWK

from registrations.auth.keys import NoKeys, read_jwks
from registrations.domain.outage import Unavailable

READ_SECONDS = 3.0
MAXIMUM_AGE_SECONDS = 600.0  # a key that the issuer withdrew is trusted no longer than this
FLOOR_SECONDS = 10.0  # whoever makes up ids of keys must not make us ask the issuer each time

logger = logging.getLogger(__name__)

Read = Callable[[], Awaitable[bytes]]


class IssuersKeys:
    """The keys that `read` brings; read again when a token names an unknown one, and when they are old."""

    def __init__(self, read: Read, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._keys: dict[str | None, PyJWK] = {}
        self._best_before = self._may_be_read_from = clock()
        self._reading = asyncio.Lock()

    async def find(self, key_id: str | None, /) -> PyJWK | None:
        if key_id not in self._keys or self._clock() >= self._best_before:
            await self._refresh()
        if not self._keys:
            raise Unavailable("the keys of the tokens' issuer can't be had")
        return self._keys.get(key_id)

    async def _refresh(self) -> None:
        async with self._reading:  # those who wait find what the first of them read
            if self._clock() < self._may_be_read_from:
                return
            try:
                self._keys = read_jwks(await self._read())
                self._best_before = self._clock() + MAXIMUM_AGE_SECONDS
            except (NoKeys, OSError, httpx.HTTPError) as error:
                # An issuer that is away for a while is no reason to turn everybody away: the old keys stay.
                logger.warning("The keys of the tokens' issuer can't be read: %s", error)
            self._may_be_read_from = self._clock() + FLOOR_SECONDS


def reader_of(place: str) -> Read:
    """Reads the file or, where `place` is one, the URL."""
    return _of_url(place) if "://" in place else _of_file(Path(place))


def _of_file(path: Path) -> Read:
    async def read() -> bytes:
        return await asyncio.to_thread(path.read_bytes)

    return read


def _of_url(url: str) -> Read:
    async def read() -> bytes:
        async with httpx.AsyncClient(timeout=READ_SECONDS) as client:
            response = await client.get(url)
            response.raise_for_status()
            return response.content

    return read
