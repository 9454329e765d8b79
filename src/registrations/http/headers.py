"""Security headers: what browsers must not do with a response."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

RawHeaders = tuple[tuple[bytes, bytes], ...]

ALWAYS: RawHeaders = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
HTTPS: RawHeaders = (*ALWAYS, (b"strict-transport-security", b"max-age=31536000"))
UNLESS_GIVEN: RawHeaders = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class SecurityHeaders:
    """ASGI middleware that adds the security headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        always = HTTPS if scope["scheme"] == "https" else ALWAYS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                names = dict(given)
                missing = [header for header in UNLESS_GIVEN if header[0] not in names]
                message = {**message, "headers": [*given, *always, *missing]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
