"""From a token to its viewer; and, for development, tokens of our own."""

import logging
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt

from registrations.auth.keys import Keys
from registrations.domain.access import Scope, Viewer
from registrations.settings import SCOPE_CLAIM

REQUIRED_CLAIMS = ["exp", "iat", "aud", "iss", "sub"]
DATES = ("exp", "iat", "nbf")
TYPES = (None, "at+jwt", "application/at+jwt", "jwt")  # many issuers write the last one
LEEWAY_SECONDS = 5  # clocks differ
TOKENS_KEPT = 1_000

logger = logging.getLogger(__name__)

REASONS: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "The token has expired.",
    jwt.ImmatureSignatureError: "The token is not valid yet.",
    jwt.InvalidAudienceError: "The token is for another audience.",
    jwt.InvalidIssuerError: "The token is from another issuer.",
    jwt.InvalidSignatureError: "The token's signature is wrong.",
    jwt.InvalidAlgorithmError: "The token is signed with an algorithm that its key is not for.",
}


class InvalidToken(Exception):
    """A token that is refused; the text tells the client why."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that was found valid, until it expires or its key is withdrawn."""

    key_id: str | None
    key: jwt.PyJWK
    expires: int
    viewer: Viewer


class Authenticator:
    """Verifies tokens of one issuer for one audience, which have their scopes in one claim."""

    def __init__(self, keys: Keys, issuer: str, audience: str, scope_claim: str = SCOPE_CLAIM) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._scope_claim = scope_claim
        self._has_logged_missing_scopes = False
        # Least recently used first. Only valid tokens are kept, so forged ones can't push others out.
        self._verified: OrderedDict[str, Verified] = OrderedDict()

    def known(self, token: str) -> Viewer | None:
        """Whom the token stands for, if it was verified before, has not expired, and its key is still the issuer's."""
        verified = self._verified.get(token)
        if verified is None or time.time() >= verified.expires:
            return None
        if self._keys.current(verified.key_id) is not verified.key:
            return None
        self._verified.move_to_end(token)
        return verified.viewer

    async def viewer(self, token: str) -> Viewer:
        """Whom the token stands for. Raises `InvalidToken`, or `Unavailable` where no key can be had."""
        if viewer := self.known(token):
            return viewer
        verified = self._verified[token] = await self._verify(token)
        self._verified.move_to_end(token)
        if len(self._verified) > TOKENS_KEPT:
            self._verified.popitem(last=False)
        return verified.viewer

    async def _verify(self, token: str) -> Verified:
        try:
            header = jwt.get_unverified_header(token)
            key_id, key = await self._find_key(header)
            claims = jwt.decode(
                token,
                key,
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_SECONDS,
                options={"require": REQUIRED_CLAIMS},
            )
        except jwt.MissingRequiredClaimError as error:
            raise InvalidToken(f"The token has no `{error.claim}`.") from error
        except (jwt.PyJWTError, UnicodeError) as error:
            raise InvalidToken(REASONS.get(type(error), "The token is not a valid JWT.")) from error
        return Verified(key_id, key, _expiry(claims), self._viewer(claims))

    async def _find_key(self, header: dict[str, Any]) -> tuple[str | None, jwt.PyJWK]:
        # Of the header's claims about the key only `kid` counts, and it only finds a key of the issuer's.
        type_ = header.get("typ")
        if (type_.lower() if isinstance(type_, str) else type_) not in TYPES or "crit" in header:
            raise InvalidToken("The token is of a kind that is not taken here: an access token is needed.")
        key_id = header.get("kid")
        if (key := await self._keys.find(key_id)) is None:
            raise InvalidToken("The token is signed with a key that is not known here.")
        return key_id, key

    def _viewer(self, claims: dict[str, Any]) -> Viewer:
        viewer = Viewer(_subject(claims), _scopes(claims, self._scope_claim))
        if not viewer.scopes and not self._has_logged_missing_scopes:
            # Once and no warning: users without scopes are learners. Yet it is all there is to see of a wrong claim.
            self._has_logged_missing_scopes = True
            logger.info(
                "A token brought no scope that is known here. REGISTRATIONS_AUTH_SCOPE_CLAIM names the claim %s; "
                "the token's claims are %s.",
                self._scope_claim,
                ", ".join(sorted(claims)),
            )
        return viewer


def _expiry(claims: dict[str, Any]) -> int:
    for name in DATES:
        if type(claims.get(name, 0)) not in (int, float):  # PyJWT takes "1" and true for numbers as well
            raise InvalidToken(f"The token's `{name}` has to be a number of seconds.")
    return int(claims["exp"])


def _subject(claims: dict[str, Any]) -> str:
    subject: str = claims["sub"]
    if not subject:
        raise InvalidToken("The token has no `sub`.")
    try:
        subject.encode()
    except UnicodeEncodeError:  # no answer could hold it
        raise InvalidToken("The token's `sub` has half a surrogate pair.") from None
    return subject


def _scopes(claims: dict[str, Any], name: str) -> frozenset[Scope]:
    """The known scopes of a claim, which most issuers write as a string, and others as a list."""
    granted = claims.get(name, [])
    if isinstance(granted, str):
        granted = granted.split(" ")
    if not isinstance(granted, list) or not all(isinstance(scope, str) for scope in granted):
        raise InvalidToken(f"The token's `{name}` has to be a string with spaces between scopes, or a list of strings.")
    return frozenset(known for known in Scope if known in granted)


def mint(
    secret: str,
    issuer: str,
    audience: str,
    subject: str,
    scopes: Iterable[Scope],
    lifetime: int,
    scope_claim: str = SCOPE_CLAIM,
) -> str:
    """A token of our own, valid for `lifetime` seconds from now."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": subject,
        "iat": now,
        "exp": now + lifetime,
        "jti": uuid4().hex,
        "client_id": "registrations",
        scope_claim: " ".join(scopes),
    }
    return jwt.encode(claims, secret, algorithm="HS256", headers={"typ": "at+jwt"})
