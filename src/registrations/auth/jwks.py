"""The public keys of an issuer, read from a JWKS file or URL, and read again when they are old or one is missing."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from jwt import PyJWK

from registrations.auth.keys import MAXIMUM_DOCUMENT, NoKeys, read_jwks
from registrations.domain.outage import Unavailable

READ_SECONDS = 3.0
MAXIMUM_AGE_SECONDS = (
    600.0  # a key that the issuer withdrew is trusted no longer than this, unless the issuer does not answer
)
FLOOR_SECONDS = 10.0  # tokens with made-up key ids must not cause a request to the issuer each

logger = logging.getLogger(__name__)

Read = Callable[[], Awaitable[bytes]]


class IssuersKeys:
    """The keys of the JWKS document that `read` returns. They are read again when a token names an unknown one,
    and when they are old; if `read` raises `NoKeys`, the old ones stay.
    """

    def __init__(self, read: Read, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._keys: dict[str | None, PyJWK] = {}
        self._best_before = self._may_be_read_from = clock()
        self._reading = asyncio.Lock()

    async def find(self, key_id: str | None, /) -> PyJWK | None:
        if key_id not in self._keys or self._are_due():
            await self._refresh()
        if not self._keys:
            raise Unavailable("the keys of the tokens' issuer can't be had")
        return self._keys.get(key_id)

    def current(self, key_id: str | None, /) -> PyJWK | None:
        return None if self._are_due() else self._keys.get(key_id)

    def _are_due(self) -> bool:
        """Whether a request that needs a known key has to read the keys again."""
        # While one request reads, others go on with the keys at hand: an issuer that hangs holds up one, not all. So
        # they do for `FLOOR_SECONDS` after the issuer did not answer.
        now = self._clock()
        return now >= self._best_before and now >= self._may_be_read_from and not self._reading.locked()

    async def _refresh(self) -> None:
        async with self._reading:  # requests that waited find what the first of them read
            if self._clock() < self._may_be_read_from:
                return
            try:
                self._keys = read_jwks(await self._read())
                self._best_before = self._clock() + MAXIMUM_AGE_SECONDS
            except NoKeys as error:
                # The old keys stay: an issuer that does not answer for a while must not lock everybody out.
                logger.warning("The keys of the tokens' issuer can't be had: %s", error)
            finally:
                self._may_be_read_from = self._clock() + FLOOR_SECONDS


async def read_document(place: str, seconds: float = READ_SECONDS) -> bytes:
    """The content of the file or URL at `place`. Raises `NoKeys`."""
    try:
        async with asyncio.timeout(seconds):  # httpx's own time-outs are for each part that arrives
            return await (_download(place) if "://" in place else asyncio.to_thread(Path(place).read_bytes))
    except (TimeoutError, httpx.TimeoutException) as error:
        raise NoKeys(f"it did not arrive within {seconds:g} seconds") from error
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoKeys(f"it can't be read: {error}") from error


async def _download(url: str) -> bytes:
    document = bytearray()
    async with httpx.AsyncClient(timeout=READ_SECONDS) as client, client.stream("GET", url) as response:
        if response.status_code != 200:
            raise NoKeys(f"HTTP status {response.status_code}")
        async for chunk in response.aiter_bytes():
            document += chunk
            if len(document) > MAXIMUM_DOCUMENT:  # it may have no end
                break
    return bytes(document)
