"""Keys that tokens are signed with. Each is for one algorithm, whatever a token says of itself."""

import base64
import json
from typing import Protocol

from jwt import PyJWK, PyJWKSet, PyJWTError

ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


class Keys(Protocol):
    async def find(self, key_id: str | None, /) -> PyJWK | None:
        """The key for tokens whose header names this `kid`, or none. Raises `Unavailable` where no key can be had."""


class SecretKey:
    """The one key that issuer and gateway share."""

    def __init__(self, secret: str) -> None:
        encoded = base64.urlsafe_b64encode(secret.encode()).decode()
        self._key = PyJWK({"kty": "oct", "k": encoded}, "HS256")

    async def find(self, _key_id: str | None, /) -> PyJWK | None:
        return self._key


class NoKeys(ValueError):
    """A document that holds no keys for tokens; the text says why."""


def read_jwks(document: bytes) -> dict[str | None, PyJWK]:
    """The keys of a JWKS document (RFC 7517) by `kid`: public ones that are long enough and meant for signatures."""
    try:
        found = PyJWKSet.from_dict(json.loads(document)).keys
    except (ValueError, RecursionError, AttributeError, PyJWTError) as error:
        raise NoKeys(f"it is no JWKS document: {error}") from error
    keys = {key.key_id: key for key in found if _is_usable(key)}
    if not keys:
        raise NoKeys("it holds no public key for signatures")
    return keys


def _is_usable(key: PyJWK) -> bool:
    is_for_signatures = key.algorithm_name in ASYMMETRIC and key.public_key_use in (None, "sig")
    return is_for_signatures and key.Algorithm.check_key_length(key.key) is None
