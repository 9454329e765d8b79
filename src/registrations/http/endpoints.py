"""Endpoints for operators: health, readiness and metrics."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

READY_SECONDS = 1.0


async def healthz(_request: Request) -> Response:
    """The process is alive. The database is not asked: when it is down, restarting the gateway helps nobody."""
    return PlainTextResponse("ok")


async def metrics(request: Request) -> Response:
    """Metrics for Prometheus."""
    return Response(request.state.metrics.exposition(), media_type="text/plain; version=0.0.4")


async def readyz(request: Request) -> Response:
    """The database answers, and the process is not about to stop."""
    if request.state.draining.is_set():
        return PlainTextResponse("draining", 503)
    # Not `asyncio.timeout`: it waits until the ping is cancelled, and that may hang too.
    ping = asyncio.create_task(request.state.database.ping())
    answered, _ = await asyncio.wait({ping}, timeout=READY_SECONDS)
    if answered and ping.exception() is None:
        return PlainTextResponse("ok")
    ping.cancel()
    return PlainTextResponse("the database does not answer", 503)
