"""GraphiQL for browsers: static files that `src/graphiql/build.py` puts into `page/`."""

from pathlib import Path, PurePath

from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from registrations.http.request_headers import read_headers
from registrations.http.responses import quality

PAGE = Path(__file__).with_name("page")

# Monaco, the editor of the page, styles what it draws with style attributes; nothing here runs inline.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

# Python's `mimetypes` depend on the machine.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".ttf": "font/ttf",
}

NOT_BUILT = PlainTextResponse("GraphiQL is not built: run scripts/serve, or set REGISTRATIONS_GRAPHIQL=false.", 501)


class Compressed(StaticFiles):
    """Static files; a client that accepts gzip gets `x.gz` in place of `x`."""

    def __init__(self, directory: Path, headers: dict[str, str]) -> None:
        super().__init__(directory=directory, check_dir=False)
        self._headers = headers

    async def check_config(self) -> None:
        """Without a built page there is no folder, and each file is a 404."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        zipped = quality(read_headers(scope["headers"]).get(b"accept-encoding", b""), "gzip") > 0
        response = await super().get_response(f"{path}.gz" if zipped else path, scope)
        response.headers.update(self._headers)
        response.headers["content-type"] = MEDIA_TYPES.get(PurePath(path).suffix, "application/octet-stream")
        if zipped:
            response.headers["content-encoding"] = "gzip"
        return response


def assets() -> Compressed:
    """What the page loads. Each file name has a hash of the content, so browsers may keep the file for ever."""
    for_ever = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    # A worker is bound by the policy that comes with its own script.
    return Compressed(PAGE / "assets", {**for_ever, "content-security-policy": CONTENT_SECURITY_POLICY})


class Page:
    """The page as an ASGI application."""

    def __init__(self) -> None:
        headers = {"cache-control": "no-cache", "vary": "accept, accept-encoding"}
        self._files = Compressed(PAGE, {**headers, "content-security-policy": CONTENT_SECURITY_POLICY})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._files.get_response("index.html", scope) if PAGE.exists() else NOT_BUILT
        await response(scope, receive, send)
