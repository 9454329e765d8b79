"""What answers at the addresses of operators."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

READY_SECONDS = 1.0


async def healthz(_request: Request) -> Response:
    """The process lives. Asks nobody else: a database that is down is no reason to restart this."""
    return PlainTextResponse("ok")


async def metrics(request: Request) -> Response:
    """Figures for Prometheus."""
    return Response(request.state.metrics.exposition(), media_type="text/plain; version=0.0.4")


async def readyz(request: Request) -> Response:
    """The process can answer queries now, and is not about to stop."""
    if request.state.draining.is_set():
        return PlainTextResponse("draining", 503)
    # Not `asyncio.timeout`: a ping that hangs would have to be cancelled first, and that may hang too.
    ping = asyncio.create_task(request.state.database.ping())
    answered, _ = await asyncio.wait({ping}, timeout=READY_SECONDS)
    if answered and ping.exception() is None:
        return PlainTextResponse("ok")
    ping.cancel()
    return PlainTextResponse("the database does not answer", 503)
