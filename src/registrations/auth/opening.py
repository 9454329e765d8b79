"""From settings to an authenticator."""

from functools import partial

from registrations.auth.jwks import IssuersKeys, read_document
from registrations.auth.keys import NoKeys, SecretKey, read_jwks
from registrations.auth.tokens import Authenticator
from registrations.domain.access import Scope, Viewer
from registrations.settings import Settings


def open_authenticator(settings: Settings) -> Authenticator | None:
    """The authenticator that the settings ask for; None without authentication."""
    if (auth := settings.authentication) is None:
        return None
    keys = SecretKey(auth.secret) if auth.secret else IssuersKeys(partial(read_document, auth.jwks or ""))
    return Authenticator(keys, auth.issuer, auth.audience, auth.scope_claim)


def unrestricted_viewer(settings: Settings) -> Viewer:
    """The viewer that everybody is without authentication, who may do everything; a user where the settings say who."""
    return Viewer(settings.viewer or "anybody", frozenset(Scope))


class KeysUnreadable(Exception):
    """REGISTRATIONS_AUTH_JWKS leads to no keys; the argument is the reason."""

    def __str__(self) -> str:
        return f"REGISTRATIONS_AUTH_JWKS leads to no keys: {self.args[0]}."


async def check_keys(settings: Settings) -> None:
    """Raises `KeysUnreadable` where the issuer's keys can't be had now."""
    if settings.auth_jwks:
        try:
            keys = read_jwks(await read_document(settings.auth_jwks))
        except NoKeys as error:
            raise KeysUnreadable(error) from error
        if not keys:
            raise KeysUnreadable("it holds no public key for signatures")
