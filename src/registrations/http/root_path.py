"""The gateway as a part of another application, or below the prefix that a server was told (ASGI's `root_path`)."""

from starlette.types import ASGIApp, Receive, Scope, Send


class WithoutRootPath:
    """ASGI middleware that takes the prefix off the path, so that the application sees its own paths only.

    The prefix is then what Starlette calls `app_root_path`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        prefix = scope.get("root_path")
        if prefix and scope["path"].startswith(f"{prefix}/"):
            path = scope["path"].removeprefix(prefix)
            scope = {**scope, "path": path, "root_path": "", "app_root_path": prefix}
        await self._app(scope, receive, send)
