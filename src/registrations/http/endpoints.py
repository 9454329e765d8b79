"""What answers at each address."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from registrations.graphql.context import Context
from registrations.graphql.execution import OnlyQueriesAllowed, run
from registrations.http.authentication import read_viewer
from registrations.http.requests import read_operation
from registrations.http.responses import respond, respond_with_error

READY_SECONDS = 1.0


async def graphql(request: Request) -> Response:
    """Answers a GraphQL request: any operation by POST, a query by GET."""
    try:
        viewer = await read_viewer(request)
        operation = await read_operation(request)
        context = Context(request.state.service, request.state.reads, viewer)
        return respond(request, await run(operation, context, only_queries=request.method != "POST"))
    except OnlyQueriesAllowed:
        only_post = {"allow": "POST"}
        return respond_with_error(request, HTTPException(405, "GET is for queries: send mutations by POST.", only_post))
    except HTTPException as error:
        return respond_with_error(request, error)


async def healthz(_request: Request) -> Response:
    """The process lives. Asks nobody else: a database that is down is no reason to restart this."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """The process can answer queries now."""
    # Not `asyncio.timeout`: a ping that hangs would have to be cancelled first, and that may hang too.
    ping = asyncio.create_task(request.state.database.ping())
    answered, _ = await asyncio.wait({ping}, timeout=READY_SECONDS)
    if answered and ping.exception() is None:
        return PlainTextResponse("ok")
    ping.cancel()
    return PlainTextResponse("the database does not answer", 503)
