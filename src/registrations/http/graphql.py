"""What answers at `/graphql`."""

from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from registrations.graphql.context import Context
from registrations.graphql.errors import INTERNAL_SERVER_ERROR
from registrations.graphql.execution import OnlyQueriesAllowed
from registrations.http.authentication import read_viewer
from registrations.http.requests import Headers, read_headers, read_operation
from registrations.http.responses import code_of, prefers_html, respond, respond_with_error, respond_with_failure
from registrations.http.seen import seen
from registrations.telemetry.seen import OperationSeen, Outcome

PATH = "/graphql"
METHODS = ("POST", "GET", "HEAD")


class GraphQL:
    """Middleware that answers at `/graphql` any operation by POST, a query by GET; browsers get the page.

    It stands before Starlette, whose ways to a route and to what answers failures cost as much as a small query.
    """

    def __init__(self, app: ASGIApp, page: ASGIApp | None) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        headers = read_headers(scope["headers"])
        if self._page and scope["method"] in ("GET", "HEAD") and prefers_html(headers):
            await self._page(scope, receive, send)
            return
        try:
            await _answer(scope, headers, receive, send)
        except HTTPException as error:
            scope["state"]["seen"] = OperationSeen(Outcome.REFUSED, errors=(code_of(error),))
            await respond_with_error(send, headers, error)
        except Exception as error:
            scope["state"]["seen"] = OperationSeen(Outcome.ERRORS, errors=(INTERNAL_SERVER_ERROR,))
            await respond_with_failure(send, headers, error)


async def _answer(scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
    """Raises `HTTPException` where the request asks for no operation, or for none that it may."""
    state, method = scope["state"], scope["method"]
    if method not in METHODS:
        raise HTTPException(405, "Send operations by POST, or queries by GET.", {"allow": ", ".join(METHODS)})
    context = Context(state["service"], state["reads"], await read_viewer(state["authenticator"], headers))
    operation = await read_operation(scope, headers, receive)
    started = perf_counter()
    try:
        answer = await state["run"](operation, context, only_queries=method != "POST")
    except OnlyQueriesAllowed as error:
        raise HTTPException(405, "GET is for queries: send mutations by POST.", {"allow": "POST"}) from error
    state["seen"] = seen(answer, context, perf_counter() - started)
    await respond(send, headers, answer)
