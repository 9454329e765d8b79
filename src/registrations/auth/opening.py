"""From settings to what judges tokens."""

import httpx

from registrations.auth.jwks import IssuersKeys, reader_of
from registrations.auth.keys import NoKeys, SecretKey, read_jwks
from registrations.auth.tokens import Authenticator
from registrations.settings import Settings


def open_authenticator(settings: Settings) -> Authenticator | None:
    """None where the settings ask nobody to sign in."""
    if (ways := settings.authentication) is None:
        return None
    keys = SecretKey(ways.secret) if ways.secret else IssuersKeys(reader_of(ways.jwks or ""))
    return Authenticator(keys, ways.issuer, ways.audience)


class KeysUnreadable(Exception):
    """REGISTRATIONS_AUTH_JWKS leads to no keys; the text says why, in a line."""


async def check_keys(settings: Settings) -> None:
    """Raises `KeysUnreadable` where the issuer's keys can't be had now."""
    if settings.auth_jwks:
        try:
            read_jwks(await reader_of(settings.auth_jwks)())
        except (NoKeys, OSError, httpx.HTTPError) as error:
            raise KeysUnreadable(f"REGISTRATIONS_AUTH_JWKS leads to no keys: {error}") from error
