"""From an `Authorization` header to the viewer (RFC 6750)."""

import re

from starlette.exceptions import HTTPException

from registrations.auth.tokens import Authenticator, InvalidToken
from registrations.domain.access import Viewer
from registrations.domain.outage import Unavailable
from registrations.graphql.errors import NOT_AVAILABLE, SIGN_IN
from registrations.http.request_headers import Headers

MAXIMUM_HEADER = 8 * 1024  # bytes
CHALLENGE = "Bearer"
PREFIX = b"Bearer "  # as most clients write it
BEARER = re.compile(rb"bearer +([\w.~+/-]+=*) *", re.IGNORECASE)


async def read_viewer(authenticator: Authenticator, headers: Headers) -> Viewer | None:
    """The viewer whom the token stands for; None without one. Raises `HTTPException` for a token that is refused."""
    if (header := headers.get(b"authorization")) is None:
        return None
    if header.startswith(PREFIX) and (viewer := authenticator.known(header[len(PREFIX) :].decode("latin-1"))):
        return viewer
    if len(header) > MAXIMUM_HEADER:
        raise _refused(f"The header `Authorization` has at most {MAXIMUM_HEADER // 1024} KiB.")
    if (bearer := BEARER.fullmatch(header)) is None:
        raise _refused("Send one header `Authorization: Bearer <token>`.")
    try:
        return await authenticator.viewer(bearer[1].decode())
    except InvalidToken as error:
        raise _refused(str(error)) from error
    except Unavailable as error:
        raise HTTPException(503, NOT_AVAILABLE) from error


def sign_in() -> HTTPException:
    """Asks for a token, without reading what is left of the request."""
    return HTTPException(401, SIGN_IN, {"www-authenticate": CHALLENGE, "connection": "close"})


def _refused(reason: str) -> HTTPException:
    challenge = f'{CHALLENGE} error="invalid_token", error_description="{reason}"'
    return HTTPException(401, reason, {"www-authenticate": challenge})
