"""Keys that tokens are signed with. Each key is for one algorithm; the token's own `alg` does not choose it."""

import base64
import json
from typing import Any, Protocol

from jwt import PyJWK

ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
MAXIMUM_DOCUMENT = 1024 * 1024  # bytes


class Keys(Protocol):
    async def find(self, key_id: str | None, /) -> PyJWK | None:
        """The key for tokens whose header names this `kid`, or none. Raises `Unavailable` where no key can be had."""

    def current(self, key_id: str | None, /) -> PyJWK | None:
        """The same key, where it can be told without waiting for anybody; else None."""


class SecretKey:
    """The one secret key (HS256) that issuer and gateway share."""

    def __init__(self, secret: str) -> None:
        encoded = base64.urlsafe_b64encode(secret.encode()).decode()
        self._key = PyJWK({"kty": "oct", "k": encoded}, "HS256")

    async def find(self, _key_id: str | None, /) -> PyJWK | None:
        return self._key

    def current(self, _key_id: str | None, /) -> PyJWK | None:
        return self._key


class NoKeys(Exception):
    """No JWKS document could be read; the text says why, in a line."""


def read_jwks(document: bytes) -> dict[str | None, PyJWK]:
    """The keys of a JWKS document (RFC 7517) by `kid`: public ones that are long enough and meant for signatures.

    There may be none: an issuer can withdraw all. Raises `NoKeys` for anything but a JWKS document.
    """
    if len(document) > MAXIMUM_DOCUMENT:
        raise NoKeys(f"it has more than {MAXIMUM_DOCUMENT // 1024} KiB")
    try:
        parsed = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise NoKeys("it is no JSON") from error
    listed = parsed.get("keys") if isinstance(parsed, dict) else None
    if not isinstance(listed, list):
        raise NoKeys("it is no JWKS document")
    return {key.key_id: key for jwk in listed if (key := _usable(jwk))}


def _usable(jwk: Any) -> PyJWK | None:
    try:
        # A private key that was published is no secret any more.
        is_for_tokens = "d" not in jwk and jwk.get("use", "sig") == "sig" and "verify" in jwk.get("key_ops", ["verify"])
        if not is_for_tokens or not isinstance(jwk.get("kid"), str | None):
            return None
        key = PyJWK(jwk)
        key.Algorithm.prepare_key(key.key)  # refuses the curve of another algorithm
        is_long_enough = key.Algorithm.check_key_length(key.key) is None
    except Exception:  # a malformed key can raise anything, and must not keep the good ones from being read
        return None
    return key if is_long_enough and key.algorithm_name in ASYMMETRIC else None
