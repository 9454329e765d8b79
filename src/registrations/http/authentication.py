"""From an `Authorization` header to the viewer (RFC 6750)."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request

from registrations.auth.tokens import Authenticator, InvalidToken
from registrations.domain.access import Scope, Viewer
from registrations.domain.outage import Unavailable
from registrations.graphql.errors import NOT_AVAILABLE

MAXIMUM_HEADER = 8 * 1024  # bytes
WHOEVER_ASKS = Viewer(None, frozenset(Scope))
CHALLENGE = "Bearer"
BEARER = re.compile(r"bearer +([\w.~+/-]+=*) *", re.ASCII | re.IGNORECASE)


async def read_viewer(request: Request) -> Viewer | None:
    """Who is asking; None where nobody signed in. Raises `HTTPException` for a token that is not taken."""
    authenticator: Authenticator | None = request.scope["state"]["authenticator"]
    if authenticator is None:  # then only this machine is answered
        return WHOEVER_ASKS
    headers = [value.decode("latin-1") for name, value in request.scope["headers"] if name == b"authorization"]
    if not headers:
        return None
    if len(headers[0]) > MAXIMUM_HEADER:
        raise _refused(f"The header `Authorization` has at most {MAXIMUM_HEADER // 1024} KiB.")
    bearer = BEARER.fullmatch(headers[0])
    if len(headers) > 1 or bearer is None:
        raise _refused("Send one header `Authorization: Bearer <token>`.")
    try:
        return await authenticator.viewer(bearer[1])
    except InvalidToken as error:
        raise _refused(str(error)) from error
    except Unavailable as error:
        raise HTTPException(503, NOT_AVAILABLE) from error


def _refused(reason: str) -> HTTPException:
    challenge = f'{CHALLENGE} error="invalid_token", error_description="{reason}"'
    return HTTPException(401, reason, {"www-authenticate": challenge})
