"""What answers at each address."""

import asyncio
from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from registrations.graphql.context import Context
from registrations.graphql.execution import OnlyQueriesAllowed
from registrations.http.authentication import read_viewer
from registrations.http.graphiql import Endpoint
from registrations.http.requests import read_operation
from registrations.http.responses import respond, respond_with_error
from registrations.http.seen import seen

READY_SECONDS = 1.0


class Direct:
    """The endpoint as an ASGI application: what Starlette wraps functions in costs a tenth of a small query."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._endpoint(Request(scope, receive))
        await response(scope, receive, send)


async def graphql(request: Request) -> Response:
    """Answers a GraphQL request: any operation by POST, a query by GET."""
    state = request.scope["state"]
    try:
        viewer = await read_viewer(request)
        operation = await read_operation(request, state["body_seconds"])
        context = Context(state["service"], state["reads"], viewer)
        started = perf_counter()
        answer = await state["run"](operation, context, only_queries=request.method != "POST")
        state["seen"] = seen(answer, context, perf_counter() - started)
        return respond(request, answer)
    except OnlyQueriesAllowed:
        only_post = {"allow": "POST"}
        return respond_with_error(request, HTTPException(405, "GET is for queries: send mutations by POST.", only_post))
    except HTTPException as error:
        return respond_with_error(request, error)


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
