"""Without authentication, the gateway answers programs of its own machine only."""

import re
from ipaddress import ip_address

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from registrations.http.request_headers import read_headers

REFUSAL = (
    "Without authentication the gateway answers this machine only, at localhost or 127.0.0.1: "
    "set REGISTRATIONS_AUTH_SECRET or REGISTRATIONS_AUTH_JWKS to be asked from elsewhere."
)


class LoopbackOnly:
    """Answers 403 to clients on other machines, and to requests whose `Host` is not a name of this machine.

    `Host` matters because of DNS rebinding: a web page can have its own domain resolve to 127.0.0.1, and the browser
    would then take the gateway for the page's own server.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and not _is_from_here(scope):
            await PlainTextResponse(REFUSAL, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_from_here(scope: Scope) -> bool:
    host = read_headers(scope["headers"]).get(b"host", b"").decode("latin-1")
    name = re.sub(r":\d*$", "", host).strip("[]")
    client = scope.get("client")  # none on a socket of this machine
    return is_loopback(name) and (client is None or is_loopback(client[0]))


def is_loopback(name: str) -> bool:
    """Whether the name or address is one of this machine's own."""
    try:
        address = ip_address(name)
    except ValueError:
        return name.lower() == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)  # how a socket for both families names who came by IPv4
    return (mapped or address).is_loopback
